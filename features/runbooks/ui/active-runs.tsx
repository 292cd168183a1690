"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { RelativeTime } from "@/components/ui/relative-time";
import { routes } from "@/lib/routes";
import { toShownName } from "@/lib/viewer-name";
import type { RunSummary } from "../contract";
import type { StepStatus } from "../domain/run-state";
import { runListQuery } from "../queries";
import { StepGlyph } from "./step-glyph";

/** What is being followed right now, before anything else. */
export function ActiveRuns() {
  const { data } = useQuery(runListQuery({ status: "active", limit: 3 }));
  return data?.runs.map((run) => (
    <Card
      key={run.id}
      className="mt-3 flex flex-wrap items-center gap-x-3.5 gap-y-2 border-l-[3px] border-l-running py-2 pr-2.5 pl-3.5"
    >
      <div className="min-w-0 grow basis-60">
        <Link href={routes.run(run.id)} className="font-semibold hover:underline">
          {run.title}
        </Link>
        <p className="text-sm text-ink-2">
          Run {run.id}, started <RelativeTime at={run.startedAt} /> by {toShownName(run.startedBy)},{" "}
          {run.doneCount + run.skippedCount} of {run.stepCount} settled
        </p>
      </div>
      <RunCounts run={run} />
      <Button asChild size="sm">
        <Link href={routes.run(run.id)}>Open run {run.id}</Link>
      </Button>
    </Card>
  ));
}

/** One glyph a step, settled ones first; beyond thirty the numbers beside it suffice. */
export function RunCounts({ run }: { run: RunSummary }) {
  const { doneCount, skippedCount, stepCount } = run;
  if (stepCount > 30) return null;
  const glyphs = Array.from(
    { length: stepCount },
    (_, at): StepStatus => (at < doneCount ? "done" : at < doneCount + skippedCount ? "skipped" : "todo"),
  );
  return (
    <span
      role="img"
      aria-label={`${doneCount} done, ${skippedCount} skipped of ${stepCount} steps`}
      className="inline-flex flex-wrap gap-0.5"
    >
      {glyphs.map((status, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: marks of a count have no identity
        <StepGlyph key={at} status={status} className="size-[15px]" />
      ))}
    </span>
  );
}
