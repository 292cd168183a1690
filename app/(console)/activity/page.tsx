import type { Metadata } from "next";
import { Suspense } from "react";
import { LoadingCard } from "@/components/states/loading-card";
import { ActivityScreen } from "@/features/console/ui/activity-screen";
import { requireForPage } from "@/server/auth/page-viewer";

export const metadata: Metadata = { title: "Activity" };

export default async function ActivityPage() {
  await requireForPage("console.read");
  return (
    <Suspense fallback={<LoadingCard rows={12} rowHeightPx={40} />}>
      <ActivityScreen />
    </Suspense>
  );
}
