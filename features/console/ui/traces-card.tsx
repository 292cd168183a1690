"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useLiveQuery } from "@/components/hooks/use-live-query";
import { useTimeRange } from "@/components/hooks/use-time-range";
import { ErrorState } from "@/components/states/error-state";
import { LoadingCard } from "@/components/states/loading-card";
import { StaleNote } from "@/components/states/stale-note";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { formatAbsolute } from "@/components/ui/relative-time";
import { StateGlyph } from "@/components/ui/state-glyph";
import { routes } from "@/lib/routes";
import { missingText } from "../domain/trace-digest";
import { traceSourceQuery, tracesQuery } from "../queries";
import { TracesChart } from "./traces-chart";

/** The window's traces on one time axis: how many, how many with errors, the slowest of each moment. */
export function TracesCard() {
  const range = useTimeRange();
  const traces = useLiveQuery(tracesQuery(range));
  const source = useQuery(traceSourceQuery).data;
  if (traces.isLoading && !traces.isSlow) return <LoadingCard rows={5} rowHeightPx={44} />;
  if (traces.data === undefined && traces.problem === undefined) return <Unanswered />;
  if (traces.data === undefined) {
    return (
      <Card>
        <CardHeader title="Traces" />
        <ErrorState problem={traces.problem} since={source?.downSince ?? undefined} onRetry={traces.retry}>
          Runbooks, runs and S3 migrations do not need it.
        </ErrorState>
      </Card>
    );
  }
  const { digest, window } = traces.data;
  const missing = missingText(digest.read);
  const isStale = traces.problem !== undefined || traces.isSlow || digest.read.isFailing;
  return (
    <Card aria-labelledby="traces-card">
      <CardHeader
        id="traces-card"
        title="Traces"
        meta={
          isStale ? (
            <StaleNote at={traces.dataAt} reason="the trace source does not answer" />
          ) : (
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
      <CardBody className={isStale ? "opacity-60" : ""}>
        {digest.count === 0 ? (
          <p className="py-6 text-center text-ink-2">
            {digest.read.isWhole
              ? "No traces in this window. Choose a longer one above."
              : "No traces in what is read of this window so far."}
          </p>
        ) : (
          <TracesChart digest={digest} window={window} />
        )}
      </CardBody>
    </Card>
  );
}

/** Asked, and still waited for. */
function Unanswered() {
  return (
    <Card aria-labelledby="traces-card" aria-busy>
      <CardHeader id="traces-card" title="Traces" />
      <CardBody>
        <p className="flex items-center gap-2 py-6 text-stale">
          <StateGlyph tone="stale" />
          The trace source has not answered yet. Runbooks, runs and S3 migrations do not need it.
        </p>
      </CardBody>
    </Card>
  );
}
