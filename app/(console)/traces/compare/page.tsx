import type { Metadata } from "next";
import { Suspense } from "react";
import { LoadingCard } from "@/components/states/loading-card";
import { CompareScreen } from "@/features/traces/ui/compare-screen";
import { requireForPage } from "@/server/auth/page-viewer";
import { env } from "@/server/config/env";

export const metadata: Metadata = { title: "Compare" };

export default async function ComparePage() {
  await requireForPage("traces.read");
  return (
    <Suspense fallback={<LoadingCard rows={12} rowHeightPx={24} />}>
      <CompareScreen repositoryUrl={env().GITHUB_REPOSITORY_URL ?? null} />
    </Suspense>
  );
}
