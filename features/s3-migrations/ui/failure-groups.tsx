"use client";

import { useQuery } from "@tanstack/react-query";
import { ArrowRight, RotateCcw } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { ErrorState } from "@/components/states/error-state";
import { LoadingRows } from "@/components/states/loading-rows";
import { Button } from "@/components/ui/button";
import { Card, CardHeader } from "@/components/ui/card";
import { RelativeTime } from "@/components/ui/relative-time";
import { formatCount } from "@/lib/format";
import { routes } from "@/lib/routes";
import type { S3Command, S3MigrationSnapshot } from "../contract";
import { adviceFor } from "../domain/cause-advice";
import { evidenceParts } from "../domain/evidence";
import { printCause } from "../domain/object-view";
import { shownKey } from "../domain/shown-key";
import { s3FailuresQuery } from "../queries";
import { type FailureGroup, FailureKeys } from "./failure-keys";
import { WholeKey } from "./key-line";
import { ERROR_CLASS_WORDS } from "./migration-words";

type Send = (input: Pick<S3Command, "verb" | "only">) => void;
type FailureGroupsProps = { id: string; snapshot: S3MigrationSnapshot; isSending: boolean; onCommand: Send };

/** Open failures by cause, largest first: likely cause, fix, keys to pick, retry. Nothing when nothing failed. */
export function FailureGroups({ id, snapshot, isSending, onCommand }: FailureGroupsProps) {
  const parts = evidenceParts(snapshot);
  const open = parts
    .filter(({ kind }) => kind === "decide" || kind === "missing" || kind === "retry")
    .reduce((sum, { objects }) => sum + objects, 0);
  const { data, error, refetch } = useQuery({ ...s3FailuresQuery(id, { limit: 1 }), enabled: open > 0 });
  if (open === 0) return null;
  const groups = data?.groups ?? [];
  const isReported = snapshot.reported !== null;
  return (
    <Card aria-labelledby="failures">
      <CardHeader
        id="failures"
        title={`${formatCount(open)} ${open === 1 ? "object" : "objects"} did not go through`}
        meta={data === undefined ? undefined : causesText(groups.length, isReported)}
      />
      <div className="border-t border-line">
        {data === undefined && error === null && <LoadingRows rows={2} rowHeightPx={96} />}
        {data === undefined && error !== null && <ErrorState problem={error} onRetry={() => void refetch()} />}
        <ol>
          {groups.map((group) => (
            <GroupItem
              key={`${group.state} ${group.errorClass} ${group.code}`}
              id={id}
              group={group}
              isReported={isReported}
              canRetry={snapshot.allowedVerbs.includes("retry_failed") && !isSending}
              onCommand={onCommand}
            />
          ))}
        </ol>
        {data !== undefined && !isReported && <Rest id={id} objects={open - sumOf(groups)} />}
      </div>
    </Card>
  );
}

const sumOf = (groups: readonly FailureGroup[]): number => groups.reduce((sum, { objects }) => sum + objects, 0);

/** Those without a row of their own: the listing knew them already. */
function Rest({ id, objects }: { id: string; objects: number }) {
  if (objects <= 0) return null;
  return (
    <p className="border-t border-line px-4 py-2.5 text-ink-2 max-phone:px-3.5">
      {formatCount(objects)} more {objects === 1 ? "is" : "are"} in the books without a cause, as{" "}
      <Link className="link" href={routes.s3Objects(id, { state: "missing_source" })}>
        those without a file when they were listed
      </Link>
      .
    </p>
  );
}

function causesText(causes: number, isReported: boolean): string {
  const text = `${formatCount(causes)} ${causes === 1 ? "cause" : "causes"}`;
  return isReported ? `${text}, in the words of the job` : text;
}

type GroupItemProps = { id: string; group: FailureGroup; isReported: boolean; canRetry: boolean; onCommand: Send };

function GroupItem({ id, group, isReported, canRetry, onCommand }: GroupItemProps) {
  const [isOpen, setOpen] = useState(false);
  const { errorClass, code, objects } = group;
  const advice = adviceFor(isReported ? "reported" : errorClass, code);
  const retry = (only: NonNullable<S3Command["only"]>) => onCommand({ verb: "retry_failed", only });
  return (
    <li className="border-b border-line px-4 py-3 last:border-0 max-phone:px-3.5">
      <div className="grid grid-cols-[74px_minmax(0,1fr)_auto] gap-x-4 gap-y-2 max-tablet:grid-cols-[58px_minmax(0,1fr)]">
        <p className="text-right text-xl font-semibold tabular-nums">{formatCount(objects)}</p>
        <GroupText group={group} likely={advice.likely} fix={advice.fix} />
        <div className="flex flex-wrap items-start gap-2 max-tablet:col-span-full">
          <Button size="sm" variant="ghost" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {isOpen ? "Hide keys" : "Show keys"}
          </Button>
          {!isReported && advice.isRetryUseful && (
            <Button
              size="sm"
              disabled={!canRetry}
              icon={<RotateCcw aria-hidden />}
              onClick={() => retry({ errorClass, code })}
            >
              Retry {objects === 1 ? "this 1" : `all ${formatCount(objects)}`}
            </Button>
          )}
        </div>
      </div>
      {isOpen && (
        <FailureKeys
          id={id}
          group={group}
          isPickable={!isReported && advice.isRetryUseful}
          canRetry={canRetry}
          onRetry={(objectIds) => retry({ objectIds })}
        />
      )}
      {isOpen && !isReported && (
        <Link
          className="link mt-2 inline-flex min-h-6 items-center gap-1 text-sm touch:min-h-11"
          href={routes.s3Objects(id, { cause: printCause({ errorClass, code }) })}
        >
          {objects === 1 ? "Open it" : `All ${formatCount(objects)}`} in the explorer
          <ArrowRight className="size-3.5" aria-hidden />
        </Link>
      )}
    </li>
  );
}

function GroupText({ group, likely, fix }: { group: FailureGroup; likely: string; fix: string }) {
  const { errorClass, code, firstAt, lastAt, example } = group;
  return (
    <div className="min-w-0">
      <h3 className="text-md">{ERROR_CLASS_WORDS[errorClass]}</h3>
      <p className="text-sm text-ink-3">
        {code !== "" && <span className="mono">{code}, </span>}
        first <RelativeTime at={firstAt} />, last <RelativeTime at={lastAt} />
      </p>
      <dl className="mt-1.5 grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-0.5 text-ink-2">
        <dt className="text-ink-3">Likely</dt>
        <dd>{likely}</dd>
        <dt className="text-ink-3">To do</dt>
        <dd>{fix}</dd>
        <dt className="text-ink-3">Such as</dt>
        <dd className="min-w-0 [overflow-wrap:anywhere]">
          <WholeKey value={example.key} className="text-ink" />
          {example.message !== "" && <>: {shownKey(example.message)}</>}
        </dd>
      </dl>
    </div>
  );
}
