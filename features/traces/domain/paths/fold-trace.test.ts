import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type LooseSpan, skeletonOfLoose } from "@/tests/support/skeleton-of";
import { computeCriticalPath } from "../diagnosis/critical-path";
import { findMainRoot } from "../diagnosis/timeline";
import type { TraceSkeleton } from "../trace-skeleton";
import { sumCriticalPaths } from "./aggregate-path";
import { buildBaseline, matchPaths, missingSteps } from "./baseline";
import { compareSteps } from "./compare-steps";
import { foldedTraceSchema, foldTrace } from "./fold-trace";
import { NO_PATH, PathTree } from "./path-tree";

const YEAR_US = 365 * 24 * 3600 * 1e6;
const range = (count: number) => Array.from({ length: count }, (_, at) => at);

const SHAPES: Record<string, LooseSpan[]> = {
  empty: [],
  single: [{ parent: 0, start: 5, duration: 10, name: "a" }],
  "a chain of 20,000": range(20_000).map((at) => ({ parent: at, start: at, duration: 40_000 - at, name: "a" })),
  "20,000 siblings": range(20_000).map((at) => ({ parent: at === 0 ? 0 : 1, start: at, duration: 1, name: "a" })),
  "a cycle": range(9).map((at) => ({ parent: at === 0 ? 9 : at, start: at, duration: 3, name: "a" })),
  "only orphans": range(9).map((at) => ({ parent: 99, start: at, duration: 3, name: "a" })),
  "no duration": range(9).map((at) => ({ parent: at, start: 0, duration: 0, name: "a" })),
  "clocks a year apart": [
    { parent: 0, start: YEAR_US, duration: 100, name: "a" },
    { parent: 1, start: 0, duration: 50, name: "b" },
  ],
};

/** What holds of every trace beside itself: its time counted once, all its steps known, nothing changed. */
function expectSound(trace: TraceSkeleton): void {
  const tree = new PathTree();
  const onPathUs = computeCriticalPath(trace).ownUs;
  const folded = foldedTraceSchema.parse(foldTrace({ traceId: "t", trace, onPathUs }, tree));
  const root = findMainRoot(trace);
  expect(folded.durationUs).toBe(root === -1 ? 0 : (trace.spanDurationUs[root] ?? 0));
  const { nodes } = tree;
  const traces = [folded];
  expect(sumCriticalPaths({ nodes, traces }).totalUs).toBe(folded.durationUs);
  const baseline = buildBaseline({ rootService: "", rootOperation: "" }, { nodes, traces: range(6).map(() => folded) });
  expect(matchPaths(trace, baseline)).not.toContain(NO_PATH);
  expect(missingSteps(trace, baseline)).toEqual([]);
  const { steps, changeUs } = compareSteps({ nodes, before: traces, after: traces });
  expect(changeUs).toBe(0);
  expect(steps.every(({ state }) => state === "alike")).toBe(true);
}

describe("foldTrace", () => {
  for (const [shape, spans] of Object.entries(SHAPES)) {
    it(`counts the time of the request once and knows every step again: ${shape}`, () => {
      expectSound(skeletonOfLoose(spans));
    });
  }

  it("does so for any set of spans, however they point at each other", () => {
    const span = fc.record({
      parent: fc.nat(14),
      start: fc.oneof(fc.nat(60), fc.constant(YEAR_US)),
      duration: fc.nat(80),
      name: fc.constantFrom("a", "b", "c 1", "c 2"),
    });
    fc.assert(fc.property(fc.array(span, { maxLength: 12 }), (spans) => expectSound(skeletonOfLoose(spans))));
  });
});
