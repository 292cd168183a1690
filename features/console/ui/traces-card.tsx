"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import type { ReactNode } from "react";
import { useLiveQuery } from "@/components/hooks/use-live-query";
import { useTimeRange } from "@/components/hooks/use-time-range";
import { ErrorState } from "@/components/states/error-state";
import { LoadingCard } from "@/components/states/loading-card";
import { StaleNote } from "@/components/states/stale-note";
import { UnansweredCard } from "@/components/states/unanswered-card";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { formatAbsolute } from "@/components/ui/relative-time";
import { routes } from "@/lib/routes";
import type { TimeRangeParams, TimeWindow } from "@/lib/time-range";
import { toChartLanes } from "../domain/chart-lanes";
import { isDown } from "../domain/component-health";
import { silenceReason } from "../domain/silence-reason";
import { missingText, type TraceDigest } from "../domain/trace-digest";
import { deploysQuery, healthQuery, runsQuery, s3MigrationsQuery, traceSourceQuery, tracesQuery } from "../queries";
import { TracesChart } from "./traces-chart";

/** The window's traces on one time axis: how many, how many with errors, the slowest of each moment. */
export function TracesCard() {
  const range = useTimeRange();
  const traces = useLiveQuery(tracesQuery(range));
  const source = useQuery(traceSourceQuery).data;
  const health = useQuery(healthQuery).data;
  const isDatabaseDown = isDown(health, "database");
  if (traces.data !== undefined) {
    const isStale = traces.problem !== undefined || traces.isSlow || traces.data.digest.read.isFailing;
    return (
      <Figures
        {...traces.data}
        range={range}
        stale={
          isStale ? <StaleNote at={traces.dataAt} reason={silenceReason({ health, traceSource: source })} /> : null
        }
      />
    );
  }
  if (traces.isLoading && !traces.isSlow) return <LoadingCard rows={5} rowHeightPx={44} />;
  if (isDatabaseDown) {
    return <UnansweredCard title="Traces">They are counted in the database, which does not answer.</UnansweredCard>;
  }
  if (traces.problem === undefined) {
    return (
      <UnansweredCard title="Traces">
        {source?.state === "up" ? "The figures have not been read yet." : "The trace source has not answered yet."}{" "}
        Runbooks, runs and S3 migrations do not need it.
      </UnansweredCard>
    );
  }
  return (
    <Card>
      <CardHeader title="Traces" />
      <ErrorState problem={traces.problem} since={source?.downSince ?? undefined} onRetry={traces.retry}>
        Runbooks, runs and S3 migrations do not need it.
      </ErrorState>
    </Card>
  );
}

type FiguresProps = { digest: TraceDigest; window: TimeWindow; range: TimeRangeParams; stale: ReactNode };

function Figures({ digest, window, range, stale }: FiguresProps) {
  const missing = missingText(digest.read);
  const lanes = toChartLanes(window, {
    deploys: useQuery(deploysQuery(range)).data ?? [],
    migrations: useQuery(s3MigrationsQuery).data?.migrations ?? [],
    runs: useQuery(runsQuery).data?.runs ?? [],
    // The window of these figures, however long they are on screen, ends when they were read.
    nowMs: window.toMs,
  });
  return (
    <Card aria-labelledby="traces-card">
      <CardHeader
        id="traces-card"
        title="Traces"
        meta={
          stale ?? (
            <>
              {formatAbsolute(window.fromMs)} to {formatAbsolute(window.toMs).split(", ").at(-1)}
              {missing !== "" && <span className="font-medium text-warn">, {missing}</span>}
            </>
          )
        }
        actions={
          <Link
            className="link text-sm touch:inline-flex touch:min-h-11 touch:items-center"
            href={routes.traces({ ...range })}
          >
            Search
          </Link>
        }
      />
      <CardBody className={stale === null ? "" : "opacity-60"}>
        {digest.count === 0 ? (
          <p className="py-6 text-center text-ink-2">
            {digest.read.isWhole
              ? "No traces in this window. Choose a longer one above."
              : "No traces in what is read of this window so far."}
          </p>
        ) : (
          <TracesChart digest={digest} lanes={lanes} window={window} />
        )}
      </CardBody>
    </Card>
  );
}
