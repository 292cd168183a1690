"use client";

import { Suspense } from "react";
import { useLiveQuery } from "@/components/hooks/use-live-query";
import { useTimeRange } from "@/components/hooks/use-time-range";
import { LoadingCard } from "@/components/states/loading-card";
import { lazyPart } from "@/components/ui/lazy-part";
import { Skeleton } from "@/components/ui/skeleton";
import type { Connection } from "../contract";
import { healthQuery, runsQuery, s3MigrationsQuery, sampleQuery, traceSourceQuery, tracesQuery } from "../queries";
import { OperationsCard } from "./operations-card";
import { ProcessesCard } from "./processes-card";
import { RunsCard } from "./runs-card";
import { S3MigrationsCard } from "./s3-migrations-card";
import { SourcesCard } from "./sources-card";
import { StateLine } from "./state-line";
import { TracesCard } from "./traces-card";

// Seen until something has been sent.
const FirstMinute = lazyPart(() => import("./first-minute").then((module) => module.FirstMinute));

/** The first page: what is wrong and since when, what needs a person, how old the figures are; or how to begin. */
export function OverviewScreen({ connection }: { connection: Connection }) {
  const phase = useOverviewPhase();
  const hasOperations = (useLiveQuery(tracesQuery(useTimeRange())).data?.digest.operations.length ?? 0) > 0;
  if (phase === "loading") return <OverviewSkeleton />;
  if (phase === "empty") {
    return (
      <Suspense fallback={<OverviewSkeleton />}>
        <FirstMinute connection={connection} />
      </Suspense>
    );
  }
  return (
    <>
      <StateLine />
      <TracesCard />
      {hasOperations ? (
        <div className="mt-4 grid grid-cols-[minmax(0,1fr)_360px] items-start gap-4 max-tablet:grid-cols-1">
          <OperationsCard />
          <div className="grid min-w-0 gap-4">
            <RunsCard />
            <S3MigrationsCard />
            <SourcesCard connection={connection} />
          </div>
        </div>
      ) : (
        <>
          <div className="mt-4 grid grid-cols-2 items-start gap-4 max-tablet:grid-cols-1">
            <RunsCard />
            <S3MigrationsCard />
          </div>
          <SourcesCard connection={connection} className="mt-4" />
        </>
      )}
      <ProcessesCard className="mt-4" />
    </>
  );
}

/**
 * Empty = every pillar answered and none has anything of its own. A pillar that fails is not empty, and one that takes
 * its time does not hold up the others.
 */
function useOverviewPhase(): "loading" | "empty" | "full" {
  const traces = useLiveQuery(tracesQuery(useTimeRange()));
  const migrations = useLiveQuery(s3MigrationsQuery);
  const runs = useLiveQuery(runsQuery);
  const sample = useLiveQuery(sampleQuery);
  useLiveQuery(healthQuery);
  useLiveQuery(traceSourceQuery);
  const all = [traces, migrations, runs, sample];
  if (all.some(({ isLoading, isSlow }) => isLoading && !isSlow)) return "loading";
  const isEmpty =
    traces.data?.digest.count === 0 &&
    traces.data.digest.read.isWhole &&
    migrations.data?.migrations.length === 0 &&
    runs.data?.runs.length === 0 &&
    sample.data?.state !== "present";
  return isEmpty ? "empty" : "full";
}

/** Same heights as the page to come. */
function OverviewSkeleton() {
  return (
    <div aria-busy>
      <h1 className="sr-only">Overview</h1>
      <div className="grid h-[104px] content-start gap-3 pt-2">
        <Skeleton className="h-5 w-3/5" />
        <Skeleton className="w-2/5" />
      </div>
      <LoadingCard rows={5} rowHeightPx={44} />
      <div className="mt-4 grid grid-cols-[minmax(0,1fr)_360px] gap-4 max-tablet:grid-cols-1">
        <LoadingCard rows={6} />
        <LoadingCard rows={3} rowHeightPx={58} />
      </div>
    </div>
  );
}
