import type { Metadata } from "next";
import { RunsScreen } from "@/features/runbooks/ui/runs-screen";
import { requireForPage } from "@/server/auth/page-viewer";

export const metadata: Metadata = { title: "Runs" };

export default async function RunsPage() {
  await requireForPage("runbooks.read");
  return <RunsScreen />;
}
