"use client";

import { useQuery } from "@tanstack/react-query";
import { ErrorState } from "@/components/states/error-state";
import { Card } from "@/components/ui/card";
import { isUpstreamProblem } from "@/lib/api";
import { traceSourceQuery } from "../queries";

/** Why traces cannot be shown; when it is the source that fails, also since when, and what works without it. */
export function SourceErrorCard({ problem, onRetry }: { problem: unknown; onRetry: () => void }) {
  const source = useQuery(traceSourceQuery());
  const isUpstream = isUpstreamProblem(problem);
  return (
    <Card>
      <ErrorState
        onRetry={onRetry}
        problem={problem}
        since={isUpstream ? (source.data?.downSince ?? undefined) : undefined}
      >
        {isUpstream && <p>Runbooks, runs, S3 migrations and uploaded trace files still work.</p>}
      </ErrorState>
    </Card>
  );
}
