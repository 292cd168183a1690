import type { PhaseEntry } from "./phase-schema";
import type { MigrationPhase, MigrationState } from "./states";

/** The nine steps of a screen, in order. */
export const PHASE_STEPS = [
  "listing",
  "plan",
  "approval",
  "copy",
  "delta",
  "verify",
  "cutover",
  "soak",
  "retire",
] as const;
export type PhaseStep = (typeof PHASE_STEPS)[number];

/** How a step stands: over, under way, stopped there, waiting for a person there, or to come. */
export type Standing = "was" | "now" | "stopped" | "asks" | "next";

type Facts = {
  state: MigrationState;
  phase: MigrationPhase;
  epoch: number;
  approval: unknown;
};

const STEP_OF_PHASE: Record<MigrationPhase, PhaseStep> = {
  list: "listing",
  copy: "copy",
  delta: "delta",
  verify: "verify",
  cutover: "cutover",
  soak: "soak",
  retire: "retire",
};
const MOVING: ReadonlySet<MigrationState> = new Set([
  "draft",
  "listing",
  "running",
  "verifying",
  "soaking",
  "retiring",
]);
const ASKS: ReadonlySet<MigrationState> = new Set(["planned", "cutover"]);

/** The step a migration is at. What a later look found is copied as part of the delta. */
export function presentStep({ state, phase, epoch }: Pick<Facts, "state" | "phase" | "epoch">): PhaseStep {
  if (state === "planned") return "approval";
  if (phase === "copy" && epoch > 0) return "delta";
  return STEP_OF_PHASE[phase];
}

/** How each of the nine steps stands. A step that was done once stays done, also while the source is looked at again. */
export function standingsOf(facts: Facts): Record<PhaseStep, Standing> {
  const { state } = facts;
  const at = PHASE_STEPS.indexOf(presentStep(facts));
  const isOver = state === "verified" || state === "retired";
  const present: Standing = isOver ? "was" : MOVING.has(state) ? "now" : ASKS.has(state) ? "asks" : "stopped";
  const standing = (step: PhaseStep): Standing => {
    const distance = PHASE_STEPS.indexOf(step) - at;
    if (distance === 0) return present;
    if (step === "approval" && facts.approval !== null) return "was";
    return distance < 0 ? "was" : "next";
  };
  return Object.fromEntries(PHASE_STEPS.map((step) => [step, standing(step)])) as Record<PhaseStep, Standing>;
}

export type StepTime = { elapsedMs: number; pausedMs: number };

/** Stopped, by people or by itself: no time of the step's own. */
const RESTING: ReadonlySet<MigrationState> = new Set(["paused", "auto_stopped", "failed", "planned", "cancelled"]);

/**
 * How long each step took, with the part of it that nothing was done. Time after the last entry counts up to `nowMs`,
 * unless the migration rests for good.
 */
export function stepTimes(entries: readonly PhaseEntry[], nowMs: number | undefined): Map<PhaseStep, StepTime> {
  const times = new Map<PhaseStep, StepTime>();
  let isDelta = false;
  entries.forEach((entry, at) => {
    isDelta ||= entry.phase === "delta";
    if (["verified", "cancelled", "retired", "planned"].includes(entry.state)) return;
    const next = entries[at + 1];
    const endMs = next === undefined ? nowMs : Date.parse(next.at);
    if (endMs === undefined) return;
    const spentMs = Math.max(0, endMs - Date.parse(entry.at));
    const step = isDelta && entry.phase === "copy" ? "delta" : STEP_OF_PHASE[entry.phase];
    const time = times.get(step) ?? { elapsedMs: 0, pausedMs: 0 };
    time.elapsedMs += spentMs;
    if (RESTING.has(entry.state)) time.pausedMs += spentMs;
    times.set(step, time);
  });
  return times;
}
