import type { Metadata } from "next";
import { Suspense } from "react";
import { LoadingCard } from "@/components/states/loading-card";
import { CriticalPathScreen } from "@/features/traces/ui/critical-path-screen";
import { requireForPage } from "@/server/auth/page-viewer";

export const metadata: Metadata = { title: "Critical paths" };

export default async function CriticalPathPage() {
  await requireForPage("traces.read");
  return (
    <Suspense fallback={<LoadingCard rows={14} rowHeightPx={24} />}>
      <CriticalPathScreen />
    </Suspense>
  );
}
