"use client";

import { Lock, Printer } from "lucide-react";
import Link from "next/link";
import { type ReactNode, useState } from "react";
import type { StreamState } from "@/components/hooks/use-event-stream";
import { useNow } from "@/components/hooks/use-now";
import { PageHeader } from "@/components/shell/page-header";
import { Button } from "@/components/ui/button";
import { Chip } from "@/components/ui/chip";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/input";
import { formatDuration } from "@/lib/format";
import { routes } from "@/lib/routes";
import { toShownName } from "@/lib/viewer-name";
import type { RunSnapshot, UsualDuration } from "../contract";
import { visibleText } from "../domain/commands/visible-text";
import { toElapsedBullet } from "../domain/elapsed-bullet";
import type { StepCounts } from "../domain/run-state";
import { BackOutDialog } from "./back-out";
import { ClockTime } from "./clock-time";
import { RUN_CHIPS } from "./run-chips";
import type { RunAction } from "./use-live-run";
import { ViewerName } from "./viewer-name";

type RunHeaderProps = {
  snapshot: RunSnapshot;
  params: Record<string, string>;
  counts: StepCounts;
  usualDuration: UsualDuration | null;
  live: { state: StreamState };
  canBackOut: boolean;
  onAct: (action: RunAction) => void;
};

export function RunHeader({ snapshot, params, counts, usualDuration, live, canBackOut, onAct }: RunHeaderProps) {
  const isActive = snapshot.status === "active";
  const { tone, label } = RUN_CHIPS[snapshot.status];
  return (
    <>
      <PageHeader
        title={snapshot.title}
        breadcrumb={[{ label: "Runs", href: routes.runs() }, { label: `Run ${snapshot.id}` }]}
        actions={
          isActive ? (
            <RunActions counts={counts} onAct={onAct}>
              {canBackOut && snapshot.backOut === null && <BackOutDialog onAct={onAct} />}
            </RunActions>
          ) : (
            <PrintButton />
          )
        }
      />
      <div className="-mt-2 flex flex-wrap items-center gap-x-3.5 gap-y-1 text-sm text-ink-2">
        <Chip tone={tone}>{label}</Chip>
        <span
          className="inline-flex items-center gap-1.5"
          title="Text and steps are stored with the run. Nothing that happens to the file changes what you follow here."
        >
          <Lock className="size-3.5 text-ink-3" aria-hidden />
          Pinned to{" "}
          <Link className="link mono" href={routes.runbook(snapshot.runbookId)}>
            {snapshot.source}@{(snapshot.commit ?? snapshot.blob).slice(0, 7)}
          </Link>
        </span>
        <span>
          Started <ClockTime at={snapshot.startedAt} /> by {toShownName(snapshot.startedBy)}
        </span>
        <Elapsed snapshot={snapshot} usual={usualDuration} />
        {isActive && live.state !== "live" && (
          // That all is well has one light, in the top bar: two would contradict each other sooner or later.
          <span className="no-print inline-flex items-center gap-1.5" role="status">
            <span aria-hidden className="size-[7px] rounded-full bg-stale" />
            {live.state === "polling" ? "Lost, trying" : "Connecting"}
          </span>
        )}
        {isActive && (
          <span className="no-print">
            <ViewerName />
          </span>
        )}
      </div>
      {snapshot.endedAt !== null && (
        <p className="mt-2 text-ink-2">
          {label} <ClockTime at={snapshot.endedAt} /> by {toShownName(snapshot.endedBy ?? "")}
          {snapshot.endReason !== "" && <>: “{snapshot.endReason}”</>}
        </p>
      )}
      <Params params={params} />
    </>
  );
}

function Elapsed({ snapshot, usual }: { snapshot: RunSnapshot; usual: UsualDuration | null }) {
  const nowMs = useNow();
  const endMs = snapshot.endedAt === null ? nowMs : Date.parse(snapshot.endedAt);
  if (endMs === undefined) return null;
  const elapsedMs = Math.max(0, endMs - Date.parse(snapshot.startedAt));
  return (
    <span className="inline-flex items-center gap-1.5">
      {usual !== null && <Bullet elapsedMs={elapsedMs} usual={usual} />}
      <span>
        <b className="font-semibold text-ink">{wholeSeconds(elapsedMs)}</b>
        {snapshot.endedAt === null ? " so far" : " in all"}
        {usual !== null && (
          <>
            , usually {wholeSeconds(usual.medianMs)} (most of {usual.count} took {wholeSeconds(usual.p20Ms)} to{" "}
            {wholeSeconds(usual.p80Ms)})
          </>
        )}
      </span>
    </span>
  );
}

/** Now, beside the range most earlier runs took and their middle. The words beside it say the same. */
function Bullet({ elapsedMs, usual }: { elapsedMs: number; usual: UsualDuration }) {
  const { now, from, to, median } = toElapsedBullet(elapsedMs, usual);
  return (
    <span
      aria-hidden
      className="relative block h-2 w-[120px] rounded-xs bg-sunken shadow-[inset_0_0_0_1px_var(--line)] max-phone:hidden"
    >
      <span className="absolute inset-y-0 bg-band" style={{ left: `${from * 100}%`, width: `${(to - from) * 100}%` }} />
      <span className="absolute inset-y-[2px] left-0 bg-ink" style={{ width: `${now * 100}%` }} />
      <span className="absolute -inset-y-0.5 w-px bg-ink-2" style={{ left: `${median * 100}%` }} />
    </span>
  );
}

const wholeSeconds = (ms: number): string => formatDuration(Math.floor(ms / 1000) * 1_000_000);

function Params({ params }: { params: Record<string, string> }) {
  const entries = Object.entries(params);
  if (entries.length === 0) return null;
  return (
    <dl className="mt-3 flex flex-wrap overflow-hidden rounded-lg border border-line bg-surface">
      {entries.map(([name, value]) => (
        <div key={name} className="min-w-0 border-r border-line px-3.5 py-1.5 last:border-r-0">
          <dt className="text-xs text-ink-3">{name}</dt>
          <dd className="mono break-all">
            <bdi>{visibleText(value)}</bdi>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function RunActions({ counts, onAct, children }: Pick<RunHeaderProps, "counts" | "onAct"> & { children: ReactNode }) {
  const { open } = counts;
  const hint = open === 1 ? "One step is open" : `${open} steps are open`;
  return (
    <div className="no-print flex flex-wrap gap-2">
      <PrintButton />
      {children}
      <AbandonDialog onAct={onAct} />
      <Button
        variant={open === 0 ? "primary" : "secondary"}
        disabled={open > 0}
        title={open > 0 ? hint : undefined}
        onClick={() => onAct({ type: "finish" })}
      >
        Finish
      </Button>
    </div>
  );
}

function PrintButton() {
  return (
    <Button
      variant="ghost"
      className="no-print max-phone:hidden"
      icon={<Printer aria-hidden />}
      onClick={() => globalThis.print()}
    >
      Print
    </Button>
  );
}

function AbandonDialog({ onAct }: Pick<RunHeaderProps, "onAct">) {
  const [isOpen, setIsOpen] = useState(false);
  const [reason, setReason] = useState("");
  const handleAbandon = () => {
    setIsOpen(false);
    onAct({ type: "abandon", text: reason });
  };
  return (
    <Dialog
      open={isOpen}
      onOpenChange={setIsOpen}
      size="sm"
      title="Abandon this run"
      description="It stays in the history with everything done so far. It cannot be taken up again."
      trigger={<Button variant="danger">Abandon…</Button>}
      footer={
        <Button variant="danger" disabled={reason.trim() === ""} onClick={handleAbandon}>
          Abandon the run
        </Button>
      }
    >
      <Field label="Why">
        <Textarea value={reason} onChange={(event) => setReason(event.target.value)} maxLength={4000} />
      </Field>
    </Dialog>
  );
}
