import { type Baseline, MIN_USUAL_TRACES, matchPaths } from "../paths/baseline";
import type { PathUsual } from "../paths/path-schema";
import { NO_PATH } from "../paths/path-tree";
import type { TraceSkeleton } from "../trace-skeleton";
import { FAR_FACTOR, FAR_MARGIN_US, UNUSUAL_FACTOR, UNUSUAL_MARGIN_US } from "./thresholds";
import type { Timeline } from "./timeline";

/** What is measured of a step: all its calls in a trace together, one call, or its own work. */
export type Measure = "totalUs" | "callUs" | "ownUs";

export type UsualOfStep = { p50Us: number; p95Us: number; count: number };

/** What history says of a step: nothing (no history at all), that it is new, or what it usually takes. */
export type History =
  | { state: "none" }
  | { state: "new" }
  | { state: "known"; usual: UsualOfStep; calls: PathUsual["calls"] };

export type Usual = { has: boolean; of: (row: number, measure: Measure) => History };

/** Steps in fewer of the traces have no usual. */
const MIN_PRESENT_SHARE = 0.1;

/** A trace that takes no longer than this times the median is not slow because of what is new in it. */
const SLOWER_FACTOR = 1.2;

/** Looks up what is usual of a trace's steps. Without a baseline of at least five traces nothing is. */
export function toUsual(
  trace: TraceSkeleton,
  timeline: Timeline,
  { baseline, durationUs }: { baseline: Baseline | undefined; durationUs: number },
): Usual {
  if (baseline === undefined || baseline.traceCount < MIN_USUAL_TRACES)
    return { has: false, of: () => ({ state: "none" }) };
  const pathOfRow = matchPaths(trace, baseline);
  const isAdrift = rowsAdrift(trace, timeline);
  const isSlow = durationUs > baseline.durationUs.p50Us * SLOWER_FACTOR;
  return {
    has: true,
    of: (row, measure) => {
      if (isAdrift[row] === 1) return { state: "none" };
      const path = pathOfRow[row] ?? NO_PATH;
      const step = path === NO_PATH ? undefined : baseline.tree[path];
      if (step === undefined || step.presentIn === 0) return { state: isSlow ? "new" : "none" };
      // A step of few traces is a branch, or somebody else's trouble: what it took there is no measure.
      if (step.presentIn < MIN_PRESENT_SHARE * baseline.traceCount) return { state: "none" };
      const { p50Us, p95Us } = step[measure];
      return { state: "known", usual: { p50Us, p95Us, count: step.presentIn }, calls: step.calls };
    },
  };
}

/** 1 for rows below an orphan: their path lacks steps, so that history cannot know them. */
function rowsAdrift(trace: TraceSkeleton, { orphans }: Timeline): Uint8Array {
  const isAdrift = new Uint8Array(trace.spanCount);
  for (const orphan of orphans) isAdrift.fill(1, orphan, trace.subtreeEnd[orphan] ?? orphan + 1);
  return isAdrift;
}

/** Whether a step takes far more than it used to; undefined when nothing is known of the past. */
export function isUnusual(valueUs: number, history: History): boolean | undefined {
  if (history.state === "none") return undefined;
  if (history.state === "new") return true;
  const { p50Us, p95Us } = history.usual;
  const isBeyondMost = valueUs > Math.max(p95Us * UNUSUAL_FACTOR, p95Us + UNUSUAL_MARGIN_US);
  return isBeyondMost || valueUs > Math.max(p50Us * FAR_FACTOR, p50Us + FAR_MARGIN_US);
}
