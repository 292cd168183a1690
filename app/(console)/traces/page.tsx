import type { Metadata } from "next";
import { TraceSearchScreen } from "@/features/traces/ui/trace-search-screen";
import { requireForPage } from "@/server/auth/page-viewer";
import { otlpUrl } from "@/server/config/address";

export const metadata: Metadata = { title: "Traces" };
/** The address for spans comes from the environment of the process that serves, not of the one that builds. */
export const dynamic = "force-dynamic";

export default async function TracesPage() {
  await requireForPage("traces.read");
  return <TraceSearchScreen otlpUrl={otlpUrl()} />;
}
