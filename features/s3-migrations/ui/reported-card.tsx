"use client";

import { Card } from "@/components/ui/card";
import { RelativeTime } from "@/components/ui/relative-time";
import { StateGlyph } from "@/components/ui/state-glyph";
import { formatBytes, formatCount } from "@/lib/format";
import type { Reported, S3MigrationSnapshot } from "../contract";
import { SILENT_AFTER_MS } from "../domain/reported";
import { ReportTokens } from "./report-tokens";

/** Who reports, when they were last heard, and of what worth their word is. */
export function ReportedCard({
  snapshot: { reported, inventory },
  nowMs,
}: {
  snapshot: S3MigrationSnapshot;
  nowMs: number | undefined;
}) {
  if (reported === null) return null;
  return (
    <Card aria-label="Reported by a job" className="grid gap-2 px-4 py-3 text-sm text-ink-2">
      <p className="text-md font-semibold text-ink">Reported, not proven</p>
      <p>
        {reported.grade === "items"
          ? "A job elsewhere says this object by object. The console has looked at none of them."
          : "Another program counts its own steps. It says nothing of any object, and the console has looked at none. Pause and cancel it where it runs: it does not hear the console."}
      </p>
      <Declared reported={reported} objects={inventory.objects} />
      {reported.run !== null && <Run run={reported.run} />}
      <ul className="grid gap-1">
        {reported.streams.map((stream) => (
          <Writer key={stream.id} stream={stream} nowMs={nowMs} isOver={reported.completedAt !== null} />
        ))}
      </ul>
      {reported.grade === "items" && reported.streams.length === 0 && <p>The job has not been heard yet.</p>}
      {reported.grade === "items" && <ReportTokens externalRef={reported.externalRef} />}
    </Card>
  );
}

function Declared({ reported: { declared }, objects }: { reported: Reported; objects: number }) {
  if (declared.objects === null) return null;
  return (
    <p>
      {formatCount(objects)} of {formatCount(declared.objects)} objects that the job announced
      {declared.bytes !== null && `, ${formatBytes(declared.bytes)} in all`}
    </p>
  );
}

type Stream = Reported["streams"][number];

function Writer({ stream, nowMs, isOver }: { stream: Stream; nowMs: number | undefined; isOver: boolean }) {
  const { writer, status, currentKey, lastHeardAt } = stream;
  const isSilent =
    !isOver && status === "running" && nowMs !== undefined && nowMs - Date.parse(lastHeardAt) > SILENT_AFTER_MS;
  const tone = isSilent ? "bad" : status === "running" && !isOver ? "running" : "neutral";
  return (
    <li className="flex min-w-0 flex-wrap items-center gap-x-2">
      <StateGlyph tone={tone} />
      <span className="mono">{writer}</span>
      <span>{isSilent ? "stalled" : isOver ? "ended" : status}</span>
      <span>
        last heard <RelativeTime at={lastHeardAt} />
      </span>
      {currentKey !== null && !isOver && <span className="mono min-w-0 truncate text-ink-3">at {currentKey}</span>}
    </li>
  );
}

function Run({ run }: { run: NonNullable<Reported["run"]> }) {
  const { task, database, status, tickCount, tickTotal, cursor, error, problem, seenAt } = run;
  const ticks =
    tickCount === null
      ? ""
      : `${formatCount(tickCount)}${tickTotal === null ? "" : ` of ${formatCount(tickTotal)}`} steps`;
  return (
    <div className="grid gap-0.5">
      <p>
        <span className="mono">{task}</span> in <span className="mono">{database}</span>: {status ?? "no run yet"}
        {ticks !== "" && `, ${ticks}`}, looked at <RelativeTime at={seenAt} />
      </p>
      {cursor !== null && <p className="mono truncate text-ink-3">cursor {cursor}</p>}
      {error !== null && <p className="text-bad">{error}</p>}
      {problem !== null && <p className="text-warn">{problem}</p>}
    </div>
  );
}
