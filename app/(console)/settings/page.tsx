import type { Metadata } from "next";
import { readSettings } from "@/features/console/server";
import { SettingsScreen } from "@/features/console/ui/settings-screen";
import { requireForPage } from "@/server/auth/page-viewer";

export const metadata: Metadata = { title: "Settings" };

export default async function SettingsPage() {
  await requireForPage("console.read");
  return <SettingsScreen groups={readSettings()} />;
}
