import type { Metadata } from "next";
import { readConnection } from "@/features/console/server";
import { OverviewScreen } from "@/features/console/ui/overview-screen";
import { requireForPage } from "@/server/auth/page-viewer";

export const metadata: Metadata = { title: "Overview" };

export default async function OverviewPage() {
  await requireForPage("console.read");
  return <OverviewScreen connection={readConnection()} />;
}
