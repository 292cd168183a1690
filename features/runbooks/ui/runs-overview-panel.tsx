"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { EmptyState } from "@/components/states/empty-state";
import { ErrorState } from "@/components/states/error-state";
import { LoadingCard } from "@/components/states/loading-card";
import { Button } from "@/components/ui/button";
import { Card, CardHeader } from "@/components/ui/card";
import { Chip } from "@/components/ui/chip";
import { RelativeTime } from "@/components/ui/relative-time";
import { routes } from "@/lib/routes";
import type { RunSummary } from "../contract";
import { runListQuery } from "../queries";
import { RunCounts } from "./active-runs";
import { RUN_CHIPS } from "./run-chips";

/** The overview's view of runs: what is under way, and what ended last. */
export function RunsOverviewPanel() {
  const list = useQuery(runListQuery({ limit: 5 }));
  if (list.data === undefined) {
    return list.error === null ? (
      <LoadingCard rows={3} rowHeightPx={44} />
    ) : (
      <ErrorState problem={list.error} onRetry={() => void list.refetch()} />
    );
  }
  const { runs } = list.data;
  const liveCount = runs.filter(({ status }) => status === "active").length;
  return (
    <Card aria-labelledby="overview-runs">
      <CardHeader
        id="overview-runs"
        title="Runs"
        meta={liveCount > 0 ? `${liveCount} live` : undefined}
        actions={
          <Button asChild size="sm" variant="ghost">
            <Link href={routes.runbooks()}>Runbooks</Link>
          </Button>
        }
      />
      {runs.length === 0 ? (
        <EmptyState title="Nothing is being followed" className="py-5">
          Start one from a runbook: everybody sees each tick as it happens.
        </EmptyState>
      ) : (
        <ul className="border-t border-line">
          {runs.map((run) => (
            <PanelRow key={run.id} run={run} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function PanelRow({ run }: { run: RunSummary }) {
  const isActive = run.status === "active";
  return (
    <li className="border-b border-line last:border-b-0">
      <Link
        href={routes.run(run.id)}
        className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 px-4 py-1.5 hover:bg-sunken"
      >
        <span className="min-w-0 grow basis-44">
          <span className="block truncate font-medium">{run.title}</span>
          <span className="block text-sm text-ink-3">
            {run.startedBy}, <RelativeTime at={run.endedAt ?? run.startedAt} />
          </span>
        </span>
        {isActive ? (
          <RunCounts run={run} />
        ) : (
          <Chip tone={RUN_CHIPS[run.status].tone}>{RUN_CHIPS[run.status].label}</Chip>
        )}
        <span className="text-sm text-ink-2">
          {run.doneCount + run.skippedCount} of {run.stepCount}
        </span>
      </Link>
    </li>
  );
}
