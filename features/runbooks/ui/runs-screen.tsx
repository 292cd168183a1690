"use client";

import { ListChecks } from "lucide-react";
import Link from "next/link";
import { useRouter, useSearchParams } from "next/navigation";
import { useLiveQuery } from "@/components/hooks/use-live-query";
import { PageHeader } from "@/components/shell/page-header";
import { EmptyState } from "@/components/states/empty-state";
import { ErrorState } from "@/components/states/error-state";
import { LoadingCard } from "@/components/states/loading-card";
import { StaleNote } from "@/components/states/stale-note";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Chip } from "@/components/ui/chip";
import { RelativeTime } from "@/components/ui/relative-time";
import { Segmented } from "@/components/ui/segmented";
import { formatDuration } from "@/lib/format";
import { routes } from "@/lib/routes";
import { toShownName } from "@/lib/viewer-name";
import type { RunSummary } from "../contract";
import { RUN_STATUSES, type RunStatus } from "../domain/run-state";
import { runListQuery } from "../queries";
import { RunCounts } from "./active-runs";
import { RUN_CHIPS } from "./run-chips";

const STATUS_OPTIONS: { value: RunStatus | "all"; label: string }[] = [
  { value: "all", label: "All" },
  ...RUN_STATUSES.map((value) => ({ value, label: RUN_CHIPS[value].label })),
];

/** Every run, live ones first because they are the newest that matter. */
export function RunsScreen() {
  const params = useSearchParams();
  const router = useRouter();
  const status = RUN_STATUSES.find((name) => name === params.get("status"));
  const before = Number(params.get("before") ?? "") || undefined;
  const query = { limit: 50, ...(status && { status }), ...(before && { before }) };
  const list = useLiveQuery(runListQuery(query));
  return (
    <>
      <PageHeader
        title="Runs"
        breadcrumb={[{ label: "Runs" }]}
        meta={list.problem !== undefined && list.data !== undefined && <StaleNote at={list.dataAt} />}
      />
      <div className="mb-2.5 max-w-full overflow-x-auto">
        <Segmented
          label="State"
          value={status ?? "all"}
          onChange={(value) =>
            router.replace(routes.runs({ status: value === "all" ? undefined : value }), { scroll: false })
          }
          options={STATUS_OPTIONS}
        />
      </div>
      {list.data === undefined && list.problem === undefined && <LoadingCard rows={6} rowHeightPx={52} />}
      {list.data === undefined && list.problem !== undefined && (
        <Card>
          <ErrorState problem={list.problem} onRetry={list.retry} />
        </Card>
      )}
      {list.data !== undefined && <RunList runs={list.data.runs} isFiltered={status !== undefined} />}
      {list.data?.nextBefore != null && (
        <Button asChild className="mt-3">
          <Link href={routes.runs({ status, before: list.data.nextBefore })}>Older runs</Link>
        </Button>
      )}
    </>
  );
}

function RunList({ runs, isFiltered }: { runs: RunSummary[]; isFiltered: boolean }) {
  if (runs.length === 0) {
    return (
      <EmptyState
        icon={<ListChecks />}
        title={isFiltered ? "No such run" : "Nothing was followed yet"}
        action={
          <Button asChild variant="primary">
            <Link href={routes.runbooks()}>Choose a runbook</Link>
          </Button>
        }
      >
        A run is a runbook followed step by step, by one person or by several at once: who did what and when stays here.
      </EmptyState>
    );
  }
  const live = runs.filter(({ status }) => status === "active");
  const ended = runs.filter(({ status }) => status !== "active");
  return (
    <Card className="overflow-hidden max-phone:-mx-3.5 max-phone:rounded-none max-phone:border-x-0">
      <RunGroup title="Live" runs={live} />
      <RunGroup title="Ended" runs={ended} />
    </Card>
  );
}

function RunGroup({ title, runs }: { title: string; runs: RunSummary[] }) {
  if (runs.length === 0) return null;
  return (
    <section aria-label={`${title} runs`}>
      <h2 className="flex h-[30px] items-center gap-1.5 border-b border-line bg-[color-mix(in_srgb,var(--sunken)_62%,var(--surface))] px-4 text-sm">
        {title} <span className="font-normal text-ink-3">{runs.length}</span>
      </h2>
      <ul>
        {runs.map((run) => (
          <RunRow key={run.id} run={run} />
        ))}
      </ul>
    </section>
  );
}

function RunRow({ run }: { run: RunSummary }) {
  const { tone, label } = RUN_CHIPS[run.status];
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-line px-4 py-2 last:border-b-0 hover:bg-[color-mix(in_srgb,var(--sunken)_40%,var(--surface))] max-phone:px-3.5">
      <div className="min-w-0 grow basis-72">
        <Link
          href={routes.run(run.id)}
          className="font-[550] hover:underline touch:inline-block touch:py-1.5 touch:text-lg"
        >
          {run.title}
        </Link>
        <p className="truncate text-sm text-ink-3">
          Run {run.id} of <span className="mono">{`${run.source}/${run.path}`}</span> at{" "}
          <span className="mono">{(run.commit ?? run.blob).slice(0, 7)}</span>
        </p>
      </div>
      <RunCounts run={run} />
      <span className="w-24 text-sm text-ink-2 max-phone:w-auto">
        {run.doneCount + run.skippedCount} of {run.stepCount}
      </span>
      <Chip tone={tone}>{label}</Chip>
      <span className="w-52 truncate text-sm text-ink-2 max-phone:w-full">
        {toShownName(run.startedBy)}, <RelativeTime at={run.startedAt} />
        {run.endedAt !== null &&
          `, took ${formatDuration(Math.max(0, Date.parse(run.endedAt) - Date.parse(run.startedAt)) * 1000)}`}
      </span>
    </li>
  );
}
