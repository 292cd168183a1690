import { AppError } from "@/lib/errors";
import { deriveSteps, isBackingOut } from "../../domain/derive-steps";
import { type CheckRecord, hasHeld, hasTimedOut, recordSample } from "../../domain/judge-check";
import { toRunPlan } from "../../domain/run-plan";
import { isSettled, type RunState, replayRun, type StepState, UNTOUCHED } from "../../domain/run-state";
import { type RunbookStep, stepsOf } from "../../domain/step-tree";
import { findRunWithLog, withLockedRun } from "../run-repository";
import { addDecided } from "../runs";
import type { CheckPorts } from "./check-ports";
import { listChecks, type StoredCheck, saveCheck } from "./check-repository";
import { sampleCheck } from "./sample-check";

/** Whose name stands beside what an instrument found. */
export const CHECK_ACTOR = "check";

/**
 * Asks what is due of one run: the checks of the step whose turn it is, of steps that were begun, and of sensed steps,
 * which go on being looked at. A check settles its step only in mode `auto`, when it held as long as asked.
 */
export async function runChecks(
  runId: string,
  { ports, nowMs }: { ports: CheckPorts; nowMs: () => number },
  signal: AbortSignal,
): Promise<void> {
  const run = await findRunWithLog(runId);
  if (run === undefined || run.run.status !== "active") return;
  const state = replayRun(run.log);
  const derived = deriveSteps(toRunPlan(run.tree, run.params), state);
  const steps = stepsOf(run.tree);
  const stored = await listChecks(runId);
  for (const step of steps.filter(({ checks = [] }) => checks.length > 0)) {
    const now = derived[step.id] ?? UNTOUCHED;
    const sinceMs = findSince(step, { steps, derived, state, startedMs: Date.parse(run.run.startedAt) });
    if (sinceMs === undefined || signal.aborted) continue;
    const records = await sampleStep(step, { runId, stored, sinceMs, params: run.params, ports, nowMs }, signal);
    await settleByChecks(runId, step, now, records);
  }
}

type Around = { steps: readonly RunbookStep[]; derived: Record<string, StepState>; state: RunState; startedMs: number };

/** Since when the step's checks count; `undefined` while they do not. */
function findSince({ id }: RunbookStep, { steps, derived, state, startedMs }: Around): number | undefined {
  const now = derived[id] ?? UNTOUCHED;
  if (now.because !== undefined || (isSettled(now.status) && now.status !== "sensed")) return undefined;
  if (now.awaits === "approval" && now.status === "waiting") return undefined;
  const own = now.at === "" ? 0 : Date.parse(now.at);
  if (now.status === "sensed" || now.status === "doing" || now.status === "waiting") return own;
  const before = steps.slice(
    0,
    steps.findIndex((step) => step.id === id),
  );
  const others = before.map((step) => derived[step.id] ?? UNTOUCHED);
  // Backing out has an order of its own; there a person begins the step.
  if (isBackingOut(state) || !others.every(({ status }) => isSettled(status))) return undefined;
  const turns = others.flatMap(({ at }) => (at === "" ? [] : [Date.parse(at)]));
  return Math.max(startedMs, own, ...turns);
}

type Sampling = {
  runId: string;
  stored: readonly StoredCheck[];
  sinceMs: number;
  params: Readonly<Record<string, string>>;
  ports: CheckPorts;
  nowMs: () => number;
};
type Taken = { record: CheckRecord; reading: string; isNew: boolean };

async function sampleStep(step: RunbookStep, sampling: Sampling, signal: AbortSignal): Promise<Taken[]> {
  const { runId, stored, sinceMs, params, ports, nowMs } = sampling;
  const sampleOne = async (position: number): Promise<Taken> => {
    const check = step.checks?.[position];
    const known = stored.find((one) => one.stepId === step.id && one.position === position);
    const isDue = known === undefined || known.nextMs <= nowMs() || known.record.firstMs < sinceMs;
    if (check === undefined || !isDue) {
      const nothing = { verdict: "unknown", trueSinceMs: null, firstMs: 0, sampledMs: 0 } as const;
      return { record: known?.record ?? nothing, reading: known?.reading ?? "", isNew: false };
    }
    const { verdict, reading } = await sampleCheck(check, { params, ports }, signal);
    const record = recordSample(check, known?.record, { verdict, atMs: nowMs(), sinceMs });
    await saveCheck(
      { runId, stepId: step.id, position },
      { record, reading, nextMs: record.sampledMs + check.everyMs },
    );
    return { record, reading, isNew: true };
  };
  return Promise.all((step.checks ?? []).map((_, position) => sampleOne(position)));
}

/** What the samples make of the step, if anything. A person who was faster has the last word. */
async function settleByChecks(
  runId: string,
  step: RunbookStep,
  now: StepState,
  taken: readonly Taken[],
): Promise<void> {
  if (taken.every(({ isNew }) => !isNew)) return;
  const checks = step.checks ?? [];
  const automatic = checks.flatMap((check, at) => {
    const one = taken[at];
    return check.mode === "auto" && one !== undefined ? [{ check, ...one }] : [];
  });
  if (automatic.length === 0) return;
  const text = automatic.map(({ reading }) => reading).join("; ");
  if (now.status !== "sensed") {
    const isTrue = automatic.every(({ check, record }) => hasHeld(check, record) && !hasTimedOut(check, record));
    if (isTrue) await append(runId, step.id, { type: "sense", text, key: `sense-${step.id}-${now.sequence}` }, now);
    return;
  }
  const isFalse = automatic.some(({ record }) => record.verdict === "false");
  const isTrue = automatic.every(({ record }) => record.verdict === "true");
  const key = `${step.id}-${automatic[0]?.record.sampledMs}`;
  if (isFalse && now.lapsedAt === undefined)
    await append(runId, step.id, { type: "lapse", text, key: `lapse-${key}` }, now);
  if (isTrue && now.lapsedAt !== undefined)
    await append(runId, step.id, { type: "regain", text, key: `regain-${key}` }, now);
}

type Found = { type: "sense" | "lapse" | "regain"; text: string; key: string };

async function append(runId: string, stepId: string, { type, text, key }: Found, now: StepState): Promise<void> {
  const command = { type, stepId, text, actor: CHECK_ACTOR, expectedSequence: now.sequence };
  try {
    await withLockedRun(runId, (run) => addDecided(runId, run, command, { idempotencyKey: key.padEnd(8, "-") }));
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "conflict") throw error;
  }
}
