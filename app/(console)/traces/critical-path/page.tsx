import type { Metadata } from "next";
import { Suspense } from "react";
import { LoadingCard } from "@/components/states/loading-card";
import { CriticalPathScreen } from "@/features/traces/ui/critical-path-screen";

export const metadata: Metadata = { title: "Critical paths" };

export default function CriticalPathPage() {
  return (
    <Suspense fallback={<LoadingCard rows={14} rowHeightPx={24} />}>
      <CriticalPathScreen />
    </Suspense>
  );
}
