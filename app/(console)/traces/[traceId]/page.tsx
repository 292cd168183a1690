import type { Metadata } from "next";
import { TraceScreen } from "@/features/traces/ui/trace-screen";

export const metadata: Metadata = { title: "Trace" };

export default async function TracePage({ params }: PageProps<"/traces/[traceId]">) {
  const { traceId } = await params;
  return <TraceScreen traceId={decodeURIComponent(traceId)} />;
}
