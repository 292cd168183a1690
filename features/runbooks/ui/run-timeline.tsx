"use client";

import {
  Activity,
  Ban,
  CircleHelp,
  CircleStop,
  Diamond,
  Flag,
  GitFork,
  MessageSquare,
  Play,
  SkipForward,
  SquareCheck,
  SquareX,
  Timer,
  Undo2,
  UserRound,
} from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Card, CardHeader } from "@/components/ui/card";
import { toShownName } from "@/lib/viewer-name";
import type { RunSnapshot } from "../contract";
import type { RunEvent } from "../domain/run-state";
import { ClockTime } from "./clock-time";
import type { ShownSteps } from "./shown-steps";
import { StepReason } from "./step-reason";
import type { RunAction } from "./use-live-run";

const KINDS = {
  start: { icon: Play, words: "started the run" },
  tick: { icon: SquareCheck, words: "ticked" },
  untick: { icon: Undo2, words: "unticked" },
  skip: { icon: SkipForward, words: "skipped" },
  begin: { icon: Timer, words: "began" },
  na: { icon: Ban, words: "found not applicable" },
  fail: { icon: SquareX, words: "reported as failed" },
  override: { icon: SquareCheck, words: "overrode the check of" },
  ask: { icon: CircleHelp, words: "asked for approval of" },
  approve: { icon: Diamond, words: "approved" },
  reject: { icon: Diamond, words: "refused" },
  choose: { icon: GitFork, words: "chose" },
  sense: { icon: Activity, words: "found true" },
  lapse: { icon: Activity, words: "found no longer true" },
  regain: { icon: Activity, words: "found true again" },
  assign: { icon: UserRound, words: "handed over" },
  abort: { icon: Undo2, words: "backs out" },
  resume: { icon: Play, words: "goes on instead of backing out" },
  note: { icon: MessageSquare, words: "wrote" },
  finish: { icon: Flag, words: "finished the run" },
  abandon: { icon: CircleStop, words: "abandoned the run" },
} as const;

const EXPORTS = [
  { format: "markdown", label: "Markdown" },
  { format: "json", label: "JSON" },
  { format: "csv", label: "CSV" },
] as const;

type RunTimelineProps = {
  snapshot: RunSnapshot;
  steps: ShownSteps;
  isActive: boolean;
  onAct: (action: RunAction) => void;
};

/** The log, newest first: nothing on this page is true that does not stand here. */
export function RunTimeline({ snapshot, isActive, onAct }: RunTimelineProps) {
  const [isWriting, setIsWriting] = useState(false);
  return (
    <Card aria-labelledby="timeline-title" className="print:mt-4">
      <CardHeader
        id="timeline-title"
        title="Timeline"
        meta={`${snapshot.events.length} ${snapshot.events.length === 1 ? "entry" : "entries"}`}
        actions={
          isActive && (
            <Button size="sm" variant="ghost" className="no-print" onClick={() => setIsWriting(true)}>
              Note…
            </Button>
          )
        }
      />
      {isWriting && (
        <div className="px-3 pb-3">
          <StepReason
            kind="note"
            onCancel={() => setIsWriting(false)}
            onSave={(text) => {
              setIsWriting(false);
              onAct({ type: "note", text });
            }}
          />
        </div>
      )}
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label="Log, newest first"
        className="max-h-[60vh] overflow-y-auto border-t border-line print:max-h-none"
      >
        <ol className="py-1">
          {[...snapshot.events].reverse().map((event) => (
            <TimelineEntry key={event.sequence} event={event} />
          ))}
        </ol>
      </section>
      <p className="no-print flex flex-wrap gap-x-3 border-t border-line px-3 py-2 text-sm text-ink-3">
        Keep it as
        {EXPORTS.map(({ format, label }) => (
          <a
            key={format}
            className="link touch:py-2"
            href={`/api/runs/${snapshot.id}/export?format=${format}`}
            download
          >
            {label}
          </a>
        ))}
      </p>
    </Card>
  );
}

function TimelineEntry({ event }: { event: RunEvent }) {
  const { icon: Icon, words } = KINDS[event.type];
  return (
    <li className="grid grid-cols-[42px_16px_minmax(0,1fr)] gap-2 px-3 py-1 text-sm">
      <ClockTime at={event.at} className="text-right text-ink-3" />
      <Icon className="mt-0.5 size-3.5 text-ink-3" aria-hidden />
      <p className="min-w-0 break-words">
        <b className="font-semibold">{toShownName(event.actor)}</b> {words}
        {event.stepId !== null && (
          <>
            {event.type === "note" ? " at " : " "}
            <a className="link" href={`#step-${event.stepId}`}>
              step {event.stepId}
            </a>
          </>
        )}
        {event.type === "assign" && (
          <>
            {event.data?.role !== undefined && ` the role ${event.data.role}`} to{" "}
            {event.data?.person ? toShownName(event.data.person) : "nobody"}
          </>
        )}
        {event.text !== "" && <span className="text-ink-2"> “{event.text}”</span>}
        {event.data?.evidence !== undefined && <span className="text-ink-2"> with evidence</span>}
        {event.data?.madeAt !== undefined && (
          <span className="text-ink-3">
            {" "}
            (done at <ClockTime at={event.data.madeAt} />, sent later)
          </span>
        )}
      </p>
    </li>
  );
}
