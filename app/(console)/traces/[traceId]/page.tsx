import type { Metadata } from "next";
import { MatchingRunbooksPanel } from "@/features/runbooks/ui/matching-runbooks-panel";
import { TraceScreen } from "@/features/traces/ui/trace-screen";
import { env } from "@/server/config/env";

export const metadata: Metadata = { title: "Trace" };

export default async function TracePage({ params }: PageProps<"/traces/[traceId]">) {
  const { traceId } = await params;
  return (
    <TraceScreen
      Runbooks={MatchingRunbooksPanel}
      logsUrl={env().LOGS_URL}
      repositoryUrl={env().GITHUB_REPOSITORY_URL ?? null}
      traceId={decodeURIComponent(traceId)}
    />
  );
}
