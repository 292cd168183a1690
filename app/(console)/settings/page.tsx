import type { Metadata } from "next";
import { readSettings } from "@/features/console/server";
import { SettingsScreen } from "@/features/console/ui/settings-screen";

export const metadata: Metadata = { title: "Settings" };

export default function SettingsPage() {
  return <SettingsScreen groups={readSettings()} />;
}
