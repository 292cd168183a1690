import type { Metadata } from "next";
import { RunbooksScreen } from "@/features/runbooks/ui/runbooks-screen";
import { requireForPage } from "@/server/auth/page-viewer";

export const metadata: Metadata = { title: "Runbooks" };

export default async function RunbooksPage() {
  await requireForPage("runbooks.read");
  return <RunbooksScreen />;
}
