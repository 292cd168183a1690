"use client";

import { useQuery } from "@tanstack/react-query";
import { RotateCcw } from "lucide-react";
import { useState } from "react";
import { ErrorState } from "@/components/states/error-state";
import { LoadingRows } from "@/components/states/loading-rows";
import { Button } from "@/components/ui/button";
import { Card, CardHeader } from "@/components/ui/card";
import { RelativeTime } from "@/components/ui/relative-time";
import { formatBytes, formatCount } from "@/lib/format";
import type { FailuresReply, S3Command, S3MigrationSnapshot } from "../contract";
import { evidenceParts } from "../domain/evidence";
import { s3FailuresQuery } from "../queries";
import { ERROR_CLASS_WORDS } from "./migration-words";

type Group = FailuresReply["groups"][number];
type Send = (input: Pick<S3Command, "verb" | "only">) => void;
type FailureGroupsProps = { id: string; snapshot: S3MigrationSnapshot; isSending: boolean; onCommand: Send };

const SAMPLES = 20;

/** Open failures by cause, largest first, each with its keys and its own retry. Nothing when nothing failed. */
export function FailureGroups({ id, snapshot, isSending, onCommand }: FailureGroupsProps) {
  const parts = evidenceParts(snapshot);
  const open = parts
    .filter(({ kind }) => kind === "decide" || kind === "missing" || kind === "retry")
    .reduce((sum, { objects }) => sum + objects, 0);
  const { data, error, refetch } = useQuery({ ...s3FailuresQuery(id, { limit: 1 }), enabled: open > 0 });
  if (open === 0) return null;
  const groups = data?.groups ?? [];
  return (
    <Card aria-labelledby="failures">
      <CardHeader
        id="failures"
        title={`${formatCount(open)} ${open === 1 ? "object" : "objects"} did not go through`}
        meta={
          data === undefined ? undefined : `${formatCount(groups.length)} ${groups.length === 1 ? "cause" : "causes"}`
        }
      />
      <div className="border-t border-line">
        {data === undefined && error === null && <LoadingRows rows={2} rowHeightPx={72} />}
        {data === undefined && error !== null && <ErrorState problem={error} onRetry={() => void refetch()} />}
        <ol>
          {groups.map((group) => (
            <GroupItem
              key={`${group.state} ${group.errorClass} ${group.code}`}
              id={id}
              group={group}
              canRetry={snapshot.allowedVerbs.includes("retry_failed") && !isSending}
              onCommand={onCommand}
            />
          ))}
        </ol>
      </div>
    </Card>
  );
}

type GroupItemProps = { id: string; group: Group; canRetry: boolean; onCommand: Send };

function GroupItem({ id, group, canRetry, onCommand }: GroupItemProps) {
  const [isOpen, setOpen] = useState(false);
  const { errorClass, code } = group;
  return (
    <li className="border-b border-line px-4 py-3 text-sm last:border-0">
      <div className="grid grid-cols-[74px_minmax(0,1fr)_auto] gap-x-4 gap-y-2 max-phone:grid-cols-[minmax(0,1fr)]">
        <p className="text-xl font-semibold">{formatCount(group.objects)}</p>
        <div className="min-w-0">
          <h3 className="text-md">{ERROR_CLASS_WORDS[errorClass]}</h3>
          <p className="text-ink-3">
            <span className="mono">{errorClass}</span> {code}, first <RelativeTime at={group.firstAt} />, last{" "}
            <RelativeTime at={group.lastAt} />
          </p>
          <p className="mt-1 break-words text-ink-2">
            <span className="mono break-all text-ink">{group.example.key}</span>: {group.example.message}
          </p>
        </div>
        <div className="flex items-start gap-2">
          <Button size="sm" variant="ghost" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {isOpen ? "Hide keys" : "Show keys"}
          </Button>
          <Button
            size="sm"
            disabled={!canRetry}
            icon={<RotateCcw aria-hidden />}
            onClick={() => onCommand({ verb: "retry_failed", only: { errorClass, code } })}
          >
            Retry these {formatCount(group.objects)}
          </Button>
        </div>
      </div>
      {isOpen && <SampleKeys id={id} group={group} />}
    </li>
  );
}

function SampleKeys({ id, group }: { id: string; group: Group }) {
  const { state, errorClass, code } = group;
  const { data, error } = useQuery(s3FailuresQuery(id, { state, errorClass, code, limit: SAMPLES }));
  if (error !== null && data === undefined) return <ErrorState problem={error} />;
  if (data === undefined) return <LoadingRows rows={3} />;
  return (
    <ul className="mt-2 border-t border-line">
      {data.failures.map((failure) => (
        <li key={failure.objectId} className="flex flex-wrap gap-x-3 border-b border-line py-1.5 last:border-0">
          <span className="mono min-w-0 grow break-all">{failure.key}</span>
          <span className="text-ink-3">{formatBytes(failure.sizeBytes)}</span>
          <span className="text-ink-3">
            {formatCount(failure.attempts)} {failure.attempts === 1 ? "try" : "tries"}
          </span>
          {failure.httpStatus !== null && <span className="text-ink-3">HTTP {failure.httpStatus}</span>}
          <span className="basis-full break-words text-ink-2">{failure.message}</span>
        </li>
      ))}
      {group.objects > data.failures.length && (
        <li className="py-1.5 text-ink-3">and {formatCount(group.objects - data.failures.length)} more</li>
      )}
    </ul>
  );
}
