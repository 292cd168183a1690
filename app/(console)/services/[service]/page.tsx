import type { Metadata } from "next";
import { Suspense } from "react";
import { LoadingCard } from "@/components/states/loading-card";
import { MatchingRunbooksPanel } from "@/features/runbooks/ui/matching-runbooks-panel";
import { ServiceScreen } from "@/features/traces/ui/service-screen";
import { requireForPage } from "@/server/auth/page-viewer";
import { env } from "@/server/config/env";

export const metadata: Metadata = { title: "Service" };

export default async function ServicePage({ params }: PageProps<"/services/[service]">) {
  await requireForPage("traces.read");
  const { service } = await params;
  return (
    <Suspense fallback={<LoadingCard rows={12} />}>
      <ServiceScreen
        Runbooks={MatchingRunbooksPanel}
        key={service}
        repositoryUrl={env().GITHUB_REPOSITORY_URL ?? null}
        service={decodeURIComponent(service)}
      />
    </Suspense>
  );
}
