import { afterOpenTime, isOpenAt, type TimeWindow } from "./time-windows";

/** One stretch of working time (pauses are simply not in it). */
export type WorkStep = { objects: number; bytes: number; elapsedMs: number };

export type Forecast =
  | { kind: "none" }
  | { kind: "estimating" }
  | { kind: "stalled"; sinceMs: number }
  | { kind: "range"; earliestMs: number; latestMs: number };

export type ForecastFacts = {
  isWorking: boolean;
  isSealed: boolean;
  remaining: { objects: number; bytes: number };
  /** Oldest first; at most an hour of steps of some seconds each. */
  steps: readonly WorkStep[];
  doneObjects: number;
  totalObjects: number;
  /** When an object last finished. */
  lastDoneMs: number;
  nowMs: number;
  /** Time outside of them is added; none = it may always run. */
  windows: readonly TimeWindow[];
};

const MIN_WORK_MS = 60_000;
const MIN_OBJECTS = 500;
const STALL_MS = 120_000;
const WINDOW_MS = 30_000;
const CAP_MS = 31 * 86_400_000;

/**
 * When the phase ends, as the range between the 20th and 80th percentile of the speed of half-minutes, the slower of
 * objects and bytes deciding. No number before there is ground for one: see the kinds. Zero remaining gives `none`.
 */
export function forecast(facts: ForecastFacts): Forecast {
  const { isWorking, isSealed, remaining, steps, doneObjects, totalObjects, lastDoneMs, nowMs, windows } = facts;
  if (!isWorking || (isSealed && remaining.objects === 0)) return { kind: "none" };
  if (!isSealed) return { kind: "estimating" };
  const workMs = steps.reduce((sum, step) => sum + step.elapsedMs, 0);
  const isEnough = doneObjects >= MIN_OBJECTS || doneObjects >= totalObjects / 100;
  if (workMs < MIN_WORK_MS || !isEnough) return { kind: "estimating" };
  if (nowMs - lastDoneMs > STALL_MS && isOpenAt(windows, nowMs)) return { kind: "stalled", sinceMs: lastDoneMs };
  const durations = toWindows(steps)
    .map((window) => durationMs(window, remaining))
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  if (durations.length === 0) return { kind: "estimating" };
  return {
    kind: "range",
    earliestMs: inWindows(windows, nowMs, at(durations, 0.2)),
    latestMs: inWindows(windows, nowMs, at(durations, 0.8)),
  };
}

function inWindows(windows: readonly TimeWindow[], nowMs: number, workMs: number): number {
  return windows.length === 0
    ? nowMs + workMs
    : afterOpenTime(windows, { fromMs: nowMs, workMs, capMs: nowMs + CAP_MS });
}

function durationMs(window: WorkStep, remaining: { objects: number; bytes: number }): number {
  const byObjects = window.objects > 0 ? remaining.objects / window.objects : Number.POSITIVE_INFINITY;
  const byBytes =
    window.bytes > 0 ? remaining.bytes / window.bytes : remaining.bytes > 0 ? Number.POSITIVE_INFINITY : 0;
  return Math.max(byObjects, byBytes) * window.elapsedMs;
}

function toWindows(steps: readonly WorkStep[]): WorkStep[] {
  const windows: WorkStep[] = [];
  let window: WorkStep = { objects: 0, bytes: 0, elapsedMs: 0 };
  for (const step of steps) {
    window = {
      objects: window.objects + step.objects,
      bytes: window.bytes + step.bytes,
      elapsedMs: window.elapsedMs + step.elapsedMs,
    };
    if (window.elapsedMs < WINDOW_MS) continue;
    windows.push(window);
    window = { objects: 0, bytes: 0, elapsedMs: 0 };
  }
  return windows;
}

function at(sorted: number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
