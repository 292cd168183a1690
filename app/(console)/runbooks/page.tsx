import type { Metadata } from "next";
import { RunbooksScreen } from "@/features/runbooks/ui/runbooks-screen";

export const metadata: Metadata = { title: "Runbooks" };

export default function RunbooksPage() {
  return <RunbooksScreen />;
}
