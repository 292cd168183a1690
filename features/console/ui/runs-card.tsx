"use client";

import Link from "next/link";
import type { ReactNode } from "react";
import { useLiveQuery } from "@/components/hooks/use-live-query";
import { LiveCard } from "@/components/states/live-card";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { RelativeTime } from "@/components/ui/relative-time";
import { StateGlyph } from "@/components/ui/state-glyph";
import { formatCount } from "@/lib/format";
import { routes } from "@/lib/routes";
import { toShownName } from "@/lib/viewer-name";
import type { Run } from "../domain/neighbours";
import { runsQuery } from "../queries";

/** More squares than this say nothing more. */
const MOST_SQUARES = 24;

/** Runs people are in the middle of. */
export function RunsCard() {
  return (
    <LiveCard
      live={useLiveQuery(runsQuery)}
      loading={{ rows: 2, rowHeightPx: 58 }}
      title="Runs in progress"
      unanswered="The database has not answered yet."
    >
      {({ runs }, stale) => <ActiveRuns active={runs.filter(({ status }) => status === "active")} stale={stale} />}
    </LiveCard>
  );
}

function ActiveRuns({ active, stale }: { active: readonly Run[]; stale: ReactNode }) {
  return (
    <Card aria-labelledby="runs-card">
      <CardHeader
        id="runs-card"
        title="Runs in progress"
        meta={stale ?? (active.length > 0 && formatCount(active.length))}
      />
      {active.length === 0 ? (
        <CardBody className={stale === null ? "text-ink-2" : "text-stale"}>
          None.{" "}
          <Link className="link touch:inline-flex touch:min-h-11 touch:items-center" href={routes.runbooks()}>
            Start one from a runbook
          </Link>
        </CardBody>
      ) : (
        <ul className={stale === null ? "" : "opacity-60"}>
          {active.map((run) => (
            <RunRow key={run.id} run={run} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function RunRow({ run }: { run: Run }) {
  const { id, title, startedBy, startedAt, stepCount, doneCount, skippedCount } = run;
  return (
    <li className="border-t border-line">
      <Link href={routes.run(id)} className="group block px-4 pt-2.5 pb-3 text-ink no-underline max-phone:px-3.5">
        <span className="flex items-center gap-2">
          <StateGlyph tone="running" />
          <span className="truncate font-[550] group-hover:underline">{title}</span>
          <span className="ml-auto text-sm text-ink-3">#{id}</span>
        </span>
        <span className="mt-1 ml-5 flex flex-wrap items-center gap-x-2.5 gap-y-1 text-sm text-ink-2">
          <StepSquares stepCount={stepCount} doneCount={doneCount} skippedCount={skippedCount} />
          <span>
            {doneCount + skippedCount} of {stepCount} steps, {toShownName(startedBy)}, <RelativeTime at={startedAt} />
          </span>
        </span>
      </Link>
    </li>
  );
}

type StepSquaresProps = Pick<Run, "stepCount" | "doneCount" | "skippedCount">;

/** Filled = done, hatched = skipped, empty = to do. The text beside it says the same. */
function StepSquares({ stepCount, doneCount, skippedCount }: StepSquaresProps) {
  if (stepCount === 0 || stepCount > MOST_SQUARES) return null;
  return (
    <span aria-hidden className="inline-flex gap-0.5">
      {Array.from({ length: stepCount }, (_, at) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: squares stand for counts, not for steps
          key={at}
          className={
            at < doneCount
              ? "size-2 rounded-xs bg-ink-2"
              : at < doneCount + skippedCount
                ? "size-2 rounded-xs border border-line-strong hatched"
                : "size-2 rounded-xs border-[1.5px] border-line-strong"
          }
        />
      ))}
    </span>
  );
}
