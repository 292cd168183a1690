"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { Card, CardHeader } from "@/components/ui/card";
import { Chip } from "@/components/ui/chip";
import { RelativeTime } from "@/components/ui/relative-time";
import { routes } from "@/lib/routes";
import { toShownName } from "@/lib/viewer-name";
import { runListQuery } from "../queries";
import { RUN_CHIPS } from "./run-chips";

/** The latest runs of one runbook. */
export function RunbookRuns({ runbookId }: { runbookId: string }) {
  const { data } = useQuery(runListQuery({ runbookId, limit: 5 }));
  if (data === undefined || data.runs.length === 0) return null;
  return (
    <Card aria-labelledby="runs-title">
      <CardHeader id="runs-title" title="Runs" />
      <ul className="border-t border-line py-1">
        {data.runs.map((run) => (
          <li key={run.id}>
            <Link
              href={routes.run(run.id)}
              className="flex items-center gap-2 px-4 py-1.5 text-sm hover:bg-sunken touch:min-h-11"
            >
              <Chip tone={RUN_CHIPS[run.status].tone}>{RUN_CHIPS[run.status].label}</Chip>
              <span className="min-w-0 truncate">
                {toShownName(run.startedBy)}, <RelativeTime at={run.startedAt} />
              </span>
              <span className="ml-auto text-ink-3">
                {run.doneCount + run.skippedCount}/{run.stepCount}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}
