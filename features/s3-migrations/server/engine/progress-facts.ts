import { wantsDelta } from "../../domain/delta";
import { type ObjectState, PROBLEM_STATES } from "../../domain/states";
import { isOpenAt, nextChange } from "../../domain/time-windows";
import type { MigrationFacts } from "../../domain/transitions";
import { WORK_STATES, workOf } from "../../domain/work";
import type { Progress } from "../progress";
import type { Sums, Watched } from "./leader-repository";

export type Done = { objects: number; bytes: number };

/** What the leader saw, as the state machine wants it. */
export function toFacts(watched: Watched, { counters, leases }: Sums): MigrationFacts {
  const { state, desired, phase, isStopped, stopClass, listLeases, mode, epoch, deltaUntil, deltaOutcome } = watched;
  const sum = (states: readonly ObjectState[]) => states.reduce((all, name) => all + counters.states[name], 0);
  const work = workOf(phase, mode);
  return {
    state,
    desired,
    phase,
    leases: leases + listLeases,
    open: work === undefined ? 0 : sum(WORK_STATES[work]),
    problems: sum(PROBLEM_STATES),
    stopReason: isStopped ? stopReasonOf(phase, stopClass) : undefined,
    wantsDelta: wantsDelta({ mode, epoch, deltaUntil, outcome: deltaOutcome }),
    isLookAgain: watched.returnPhase !== null,
  };
}

function stopReasonOf(phase: Watched["phase"], stopClass: string | null): MigrationFacts["stopReason"] {
  if (stopClass === "auth" && phase !== "list" && phase !== "delta") return "blocked";
  const isListing = (phase === "list" || phase === "delta") && stopClass !== "shrunk";
  return isListing ? "listing" : "budget";
}

/** Settled objects of the phase: everything not waiting while copying or comparing, everything proven while verifying. */
export function doneIn({ phase, mode }: Watched, { counters }: Sums): Done {
  const { states, bytesWaiting, bytes } = counters;
  const work = workOf(phase, mode);
  if (work === "verify") return share(states.verified, counters);
  if (work === "retire") return share(states.retired, counters);
  return { objects: counters.objects - states.pending - states.retry_wait, bytes: bytes - bytesWaiting };
}

/** Bytes are not kept apart by these states: their share of the objects stands for them. */
function share(objects: number, counters: Sums["counters"]): Done {
  const part = counters.objects === 0 ? 0 : objects / counters.objects;
  return { objects, bytes: Math.round(counters.bytes * part) };
}

/** Verifying and deleting cost requests, not bytes: their forecast goes by objects alone. */
export function remainingBytes({ phase, mode }: Watched, { counters }: Sums, done: Done): number {
  const work = workOf(phase, mode);
  return work === "verify" || work === "retire" ? 0 : Math.max(0, counters.bytes - done.bytes);
}

const WINDOWED_PHASES = ["list", "delta", "copy", "verify", "retire"] as const satisfies Watched["phase"][];

/** Wanted, not stopped, not listed by anybody, and outside its windows: what it waits for, by the database's clock. */
export function waitingFor(watched: Watched): Progress["waiting"] {
  const { desired, isStopped, phase, listLeases, nowMs } = watched;
  const { windows } = watched.limits;
  const isWork = (WINDOWED_PHASES as readonly string[]).includes(phase) && listLeases === 0;
  if (desired !== "running" || isStopped || !isWork || isOpenAt(windows, nowMs)) return null;
  const opensMs = nextChange(windows, nowMs);
  if (opensMs === undefined) return { reason: "window", opensAt: null, timeZone: null };
  const opening = windows.find((window) => isOpenAt([window], opensMs));
  return { reason: "window", opensAt: new Date(opensMs).toISOString(), timeZone: opening?.timeZone ?? null };
}
