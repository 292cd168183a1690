import type { Metadata } from "next";
import { ActivityScreen } from "@/features/console/ui/activity-screen";

export const metadata: Metadata = { title: "Activity" };

export default function ActivityPage() {
  return <ActivityScreen />;
}
