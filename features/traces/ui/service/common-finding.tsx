"use client";

import { useQueries, useQuery } from "@tanstack/react-query";
import { useTimeRange } from "@/components/hooks/use-time-range";
import { Skeleton } from "@/components/ui/skeleton";
import { type CommonCause, commonCauseOf } from "../../domain/service-view/common-cause";
import { slowestQuery } from "../group-queries";
import { firstCauseQuery } from "../search/use-first-cause";

/** Each is a whole trace read and diagnosed; the details look at more. */
const LOOKED_AT = 3;

/** The commonest first finding of the slowest requests of an operation, and in how many of them it stands. */
export function CommonFinding({ service, operation }: { service: string; operation: string }) {
  const range = useTimeRange();
  const slowest = useQuery(slowestQuery({ service, operation, range, limit: LOOKED_AT }));
  const traces = slowest.data?.traces.slice(0, LOOKED_AT) ?? [];
  const cause = useQueries({
    queries: traces.map(({ traceId }) => firstCauseQuery(traceId)),
    combine: (answers) => commonCauseOf(answers.map(({ data, isError }) => (isError ? null : data))),
  });
  if (slowest.isError) return <span className="text-ink-3">–</span>;
  if (slowest.isPending || cause === undefined) return <Skeleton className="h-3.5 w-16" />;
  return <CauseChip cause={cause} />;
}

function CauseChip({ cause }: { cause: CommonCause | null }) {
  if (cause === null)
    return (
      <span className="text-ink-3" title="The diagnosis names no cause in its slowest requests">
        none
      </span>
    );
  return (
    <span
      className="inline-flex items-baseline gap-1.5"
      title={`${cause.label}: ${cause.operation}, first in ${cause.count} of its ${cause.of} slowest requests`}
    >
      <span className="rounded-xs border border-line-strong px-1.5 text-xs font-medium">{cause.label}</span>
      <span className="text-xs text-ink-3">
        {cause.count} of {cause.of}
      </span>
    </span>
  );
}
