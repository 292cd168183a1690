import type { TraceSkeleton } from "../trace-skeleton";
import { findShortRuns, noShortRuns, type ShortRuns } from "./short-runs";
import type { TracePlan } from "./trace-plan";

/** What the reader has switched on. */
export const SWITCHES = ["path", "similar", "short", "usual"] as const;
export type Switch = (typeof SWITCHES)[number];
export type Switches = ReadonlySet<Switch>;

/** How one trace folds under the switches. */
export type FoldContext = { trace: TraceSkeleton; plan: TracePlan; withGroups: boolean; shorts: ShortRuns };

/** Contexts of one trace; short runs depend on whether similar calls count as one, and are found once for each case. */
export function makeFoldContexts(trace: TraceSkeleton, plan: TracePlan): (switches: Switches) => FoldContext {
  const none = noShortRuns(trace.spanCount);
  const known = new Map<boolean, ShortRuns>();
  return (switches) => {
    const withGroups = switches.has("similar");
    if (!switches.has("short")) return { trace, plan, withGroups, shorts: none };
    const shorts = known.get(withGroups) ?? findShortRuns({ trace, plan, withGroups });
    known.set(withGroups, shorts);
    return { trace, plan, withGroups, shorts };
  };
}
