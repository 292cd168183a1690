import type { Baseline } from "../paths/baseline";
import { NO_PATH } from "../paths/path-tree";
import { computeSelfTime } from "../self-time";
import { colouredAs } from "../span-text";
import { SPAN_KINDS, type TraceSkeleton } from "../trace-skeleton";

/** Fewer steps say nothing of a whole trace. */
const MIN_STEPS = 2;
/** Three steps of four ran at the pace or slower: one or two that are slow by themselves do not make it. */
const PACE_SHARE = 0.25;
/** Shorter steps are as long as the clock's grain and the scheduler's mood. */
const MIN_STEP_US = 100;
/** Steps in fewer of the traces have no usual. */
const MIN_PRESENT_SHARE = 0.1;

type Step = { system: string; ratio: number };

/**
 * How many times slower than usual nearly all of a trace ran, but for one system (a service, a database, a peer); 1 where
 * it did not. On a machine that is short of breath each step takes longer, and none of them is the cause. What a system
 * is slow at by itself is measured by the others.
 */
export function toPace(trace: TraceSkeleton, baseline: Baseline, pathOfRow: Int32Array): Pace {
  let steps: Step[] | undefined;
  const known = new Map<string, number>();
  const all = () => {
    steps ??= stepsOf(trace, baseline, pathOfRow);
    return steps;
  };
  return {
    at: (row) => {
      const system = systemOf(trace, row);
      const pace = known.get(system) ?? paceOf(all().filter((step) => step.system !== system));
      known.set(system, pace);
      return pace;
    },
    shared: () => sharedPace(all()),
  };
}

export type Pace = {
  /** What is expected of a row's step, by the steps of the other systems. */
  at: (row: number) => number;
  /** How many times its usual a step of the trace takes, in the middle, where nearly all are slower; 1 where they are not. */
  shared: () => number;
};

/** A step may take a third more on any day. */
const SLOWER_STEP = 1.35;
/** Of two or three steps nobody can say "each". */
const MIN_SHARED_STEPS = 4;

function sharedPace(steps: readonly Step[]): number {
  if (steps.length < MIN_SHARED_STEPS || paceOf(steps) < SLOWER_STEP) return 1;
  const ratios = steps.map(({ ratio }) => ratio).sort((a, b) => a - b);
  return ratios[Math.floor((ratios.length - 1) / 2)] ?? 1;
}

const CLIENT = SPAN_KINDS.indexOf("client");

/** Whom a step's time is spent in: a call to nobody knows whom is not its caller's own work. */
const systemOf = (trace: TraceSkeleton, row: number): string =>
  `${trace.kind[row] === CLIENT ? "call" : "work"} ${colouredAs(trace, row)}`;

function paceOf(steps: readonly Step[]): number {
  if (steps.length < MIN_STEPS) return 1;
  const ratios = steps.map(({ ratio }) => ratio).sort((a, b) => a - b);
  return Math.max(1, ratios[Math.floor((ratios.length - 1) * PACE_SHARE)] ?? 1);
}

/** Each step of the trace that has a usual, and how its own work compares with it. */
function stepsOf(trace: TraceSkeleton, { tree, traceCount }: Baseline, pathOfRow: Int32Array): Step[] {
  const selfUs = computeSelfTime(trace);
  const sums = new Map<number, { system: string; ownUs: number; calls: number }>();
  for (let row = 0; row < trace.spanCount; row += 1) {
    const path = pathOfRow[row] ?? NO_PATH;
    if (path === NO_PATH) continue;
    const sum = sums.get(path) ?? { system: systemOf(trace, row), ownUs: 0, calls: 0 };
    sums.set(path, sum);
    sum.ownUs += selfUs[row] ?? 0;
    sum.calls += 1;
  }
  return [...sums].flatMap(([path, { system, ownUs, calls }]) => {
    const step = tree[path];
    const usualUs = (step?.ownUs.p50Us ?? 0) / Math.max(1, step?.calls.p50 ?? 1);
    const isKnown = (step?.presentIn ?? 0) >= MIN_PRESENT_SHARE * traceCount && usualUs >= MIN_STEP_US;
    return isKnown ? [{ system, ratio: ownUs / calls / usualUs }] : [];
  });
}
