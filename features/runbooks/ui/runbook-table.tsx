import { Bell, BookOpen, ListChecks, Target } from "lucide-react";
import Link from "next/link";
import { Card } from "@/components/ui/card";
import { Chip } from "@/components/ui/chip";
import { RelativeTime } from "@/components/ui/relative-time";
import { StateGlyph } from "@/components/ui/state-glyph";
import { routes } from "@/lib/routes";
import type { RunbookSummary } from "../contract";
import { KIND_LABELS } from "../domain/runbook-kind";

const ICONS = { procedure: ListChecks, alert: Bell, reference: BookOpen, drill: Target };
const CELL =
  "border-t border-line py-2 pr-3 align-top text-sm max-phone:block max-phone:border-0 max-phone:p-0 max-phone:pl-[39px]";

type RunbookTableProps = { runbooks: RunbookSummary[]; hasSeveralSources: boolean };

/** One runbook a row; on a phone one card a runbook. */
export function RunbookTable({ runbooks, hasSeveralSources }: RunbookTableProps) {
  return (
    <Card className="overflow-hidden max-phone:-mx-3.5 max-phone:rounded-none max-phone:border-x-0">
      <table aria-label="Runbooks" className="w-full table-fixed border-collapse max-phone:block">
        <thead className="max-phone:sr-only">
          <tr className="h-7 text-xs text-ink-3">
            <th scope="col" className="pl-4">
              Runbook
            </th>
            <th scope="col" className="w-[150px]">
              Owner
            </th>
            <th scope="col" className="w-[170px]">
              Changed
            </th>
            <th scope="col" className="w-[150px]">
              Last run
            </th>
            <th scope="col" className="w-[92px] pr-4 text-right">
              Problems
            </th>
          </tr>
        </thead>
        <tbody className="max-phone:block">
          {runbooks.map((runbook) => (
            <RunbookRow key={runbook.id} runbook={runbook} hasSeveralSources={hasSeveralSources} />
          ))}
        </tbody>
      </table>
    </Card>
  );
}

function RunbookRow({ runbook, hasSeveralSources }: { runbook: RunbookSummary; hasSeveralSources: boolean }) {
  const Icon = ICONS[runbook.kind];
  const steps =
    runbook.stepCount === 0 ? "no steps" : `${runbook.stepCount} ${runbook.stepCount === 1 ? "step" : "steps"}`;
  return (
    <tr className="hover:bg-[color-mix(in_srgb,var(--sunken)_40%,var(--surface))] max-phone:block max-phone:border-t max-phone:border-line max-phone:py-2.5">
      <td className="border-t border-line py-2 pr-3 pl-4 align-top max-phone:block max-phone:border-0 max-phone:py-0 max-phone:pl-3.5">
        <div className="grid grid-cols-[16px_minmax(0,1fr)] gap-x-2.5">
          <Icon className="mt-0.5 size-4 text-ink-3 touch:mt-3.5" aria-hidden />
          <div className="min-w-0">
            <Link
              href={routes.runbook(runbook.id)}
              className="font-[550] hover:underline touch:inline-flex touch:min-h-11 touch:items-center touch:text-lg"
            >
              {runbook.title}
            </Link>
            {runbook.activeRunCount > 0 && (
              <Chip tone="running" className="ml-2">{`${runbook.activeRunCount} live`}</Chip>
            )}
            {runbook.status !== "active" && <Chip className="ml-2">{runbook.status}</Chip>}
            {runbook.isTemplate && <Chip className="ml-2">template</Chip>}
            <p className="truncate text-sm text-ink-3">
              {KIND_LABELS[runbook.kind]}, {steps},{" "}
              <span className="mono">
                {hasSeveralSources ? `${runbook.source}/` : ""}
                {runbook.path}
              </span>
            </p>
          </div>
        </div>
      </td>
      <td className={`${CELL} max-phone:hidden`}>
        <span className="line-clamp-2 break-words">
          {runbook.owners.join(", ") || <span className="text-ink-3">–</span>}
        </span>
      </td>
      <td className={CELL}>
        <span className="text-ink-3 phone:hidden">Changed </span>
        <RelativeTime at={runbook.changedAt} />
        {runbook.changedBy !== null && (
          <span className="block truncate text-ink-3 max-phone:inline"> by {runbook.changedBy}</span>
        )}
      </td>
      <td className={CELL}>
        <LastRun runbook={runbook} />
      </td>
      <td
        className={`${CELL} pr-4 text-right max-phone:text-left ${runbook.errorCount + runbook.warningCount === 0 ? "max-phone:hidden" : ""}`}
      >
        <ProblemCount runbook={runbook} />
      </td>
    </tr>
  );
}

function LastRun({ runbook: { lastRun, stepCount } }: { runbook: RunbookSummary }) {
  if (lastRun === null) return <span className="text-ink-3">{stepCount === 0 ? "–" : "never followed"}</span>;
  const word = { active: "under way", finished: "finished", abandoned: "abandoned" }[lastRun.status];
  return (
    <Link href={routes.run(lastRun.id)} className="link touch:inline-flex touch:min-h-11 touch:items-center">
      {word} <RelativeTime at={lastRun.at} />
    </Link>
  );
}

function ProblemCount({ runbook: { errorCount, warningCount } }: { runbook: RunbookSummary }) {
  if (errorCount + warningCount === 0) return <span className="text-ink-3">0</span>;
  return (
    <span className={`inline-flex items-center gap-1.5 ${errorCount > 0 ? "text-bad" : "text-warn"}`}>
      <StateGlyph tone={errorCount > 0 ? "bad" : "warn"} label={errorCount > 0 ? "errors" : "warnings"} />
      {errorCount + warningCount}
      <span className="phone:sr-only">problems</span>
    </span>
  );
}
