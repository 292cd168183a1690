"use client";

import { useQuery } from "@tanstack/react-query";
import { Activity } from "lucide-react";
import { useNow } from "@/components/hooks/use-now";
import { RelativeTime } from "@/components/ui/relative-time";
import { formatDuration } from "@/lib/format";
import type { RunCheck } from "../contract";
import type { LiveCheck } from "../domain/annotations/step-rules";
import { runChecksQuery } from "../queries";
import type { ShownStep } from "./shown-steps";

type StepChecksProps = { runId: string; step: ShownStep };

/** What the instruments of a step say now, how old that is, and how long it has to hold before it counts. */
export function StepChecks({ runId, step: { id: stepId, checks, state, isSettled } }: StepChecksProps) {
  const isAsked = checks.length > 0 && state.because === undefined && (!isSettled || state.status === "sensed");
  const { data } = useQuery({ ...runChecksQuery(runId), enabled: isAsked });
  if (!isAsked) return null;
  return (
    <ul className="mt-2 ml-6 grid max-w-[640px] gap-1.5 max-phone:ml-0" aria-label={`Checks of step ${stepId}`}>
      {checks.map((check, position) => (
        <CheckRow
          key={`${check.line}-${check.expect}`}
          check={check}
          found={data?.checks.find((one) => one.stepId === stepId && one.position === position)}
        />
      ))}
    </ul>
  );
}

const TONES = { true: "text-ok", false: "text-ink-2", unknown: "text-warn" } as const;
const WORDS = { true: "true", false: "not true", unknown: "unknown" } as const;

function CheckRow({ check, found }: { check: LiveCheck; found: RunCheck | undefined }) {
  return (
    <li className="rounded-md border border-line bg-sunken px-2.5 py-1.5 text-sm">
      <p className="flex flex-wrap items-center gap-x-2">
        <Activity className="size-3.5 shrink-0 text-ink-3" aria-hidden />
        <code className="mono min-w-0 break-all">{check.expect}</code>
        <b className={`font-semibold ${found === undefined ? "text-ink-3" : TONES[found.verdict]}`} role="status">
          {found === undefined ? "not asked yet" : WORDS[found.verdict]}
        </b>
        {found !== undefined && (
          <span className="ml-auto text-ink-3">
            sampled <RelativeTime at={found.sampledAt} />, every {formatDuration(check.everyMs * 1000)}
          </span>
        )}
      </p>
      {found !== undefined && <p className="break-words text-ink-2">{found.reading}</p>}
      <Hold check={check} found={found} />
    </li>
  );
}

const MODE_WORDS = {
  auto: "Ticks the step by itself when it holds.",
  suggest: "When it holds, a person ticks the step.",
  info: "For information.",
} as const;

/** How much of the time it has to hold has passed. */
function Hold({ check: { forMs, mode }, found }: { check: LiveCheck; found: RunCheck | undefined }) {
  const nowMs = useNow();
  const sinceMs = found?.trueSince == null ? undefined : Date.parse(found.trueSince);
  const heldMs = sinceMs === undefined || nowMs === undefined ? 0 : Math.max(0, nowMs - sinceMs);
  const share = forMs === 0 ? (sinceMs === undefined ? 0 : 1) : Math.min(1, heldMs / forMs);
  return (
    <div className="mt-1 flex flex-wrap items-center gap-2 text-ink-3">
      {forMs > 0 && (
        <>
          <progress className="h-1.5 w-32 accent-(--running)" value={share} max={1} aria-label="How long it has held" />
          <span>
            held {formatDuration(Math.floor(Math.min(heldMs, forMs) / 1000) * 1_000_000)} of{" "}
            {formatDuration(forMs * 1000)}
          </span>
        </>
      )}
      <span>{mode === "suggest" && share === 1 ? "It holds: tick the step." : MODE_WORDS[mode]}</span>
    </div>
  );
}
