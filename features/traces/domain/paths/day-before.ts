import type { FoldedTrace } from "./fold-trace";
import { type PathNode, PathTree } from "./path-tree";
import { quantileOf } from "./quantiles";
import { isSlower } from "./quick-traces";

/** What an operation took on the day before its sample. */
export type DayBefore = {
  p50Us: number;
  count: number;
  /** Only where that was less: folded into `nodes`, the sample's tree grown by what only these have. */
  quicker?: FoldedSample;
};
type FoldedSample = { nodes: readonly PathNode[]; traces: readonly FoldedTrace[] };

/** Fewer requests of the day before say nothing. */
export const MIN_DAY_BEFORE = 10;

/** Whether a sample is slower as a whole than the requests of the day before. */
export const isSlowerThan = (sample: readonly FoldedTrace[], before: readonly FoldedTrace[]): boolean =>
  isSlower(durationsOf(sample), durationsOf(before));

const durationsOf = (traces: readonly Pick<FoldedTrace, "durationUs">[]): number[] =>
  traces.map(({ durationUs }) => durationUs).sort((a, b) => a - b);

/** The figures of a day's requests, given how long they took. */
export function toDayBefore(durationsUs: readonly number[], quicker?: FoldedSample): DayBefore {
  const sorted = [...durationsUs].sort((a, b) => a - b);
  const figures = { p50Us: quantileOf(sorted, 0.5), count: sorted.length };
  return quicker === undefined ? figures : { ...figures, quicker };
}

/** The traces of `other` in the tree of `sample`, whose paths keep their numbers. */
export function joinSamples(sample: Pick<FoldedSample, "nodes">, other: FoldedSample): FoldedSample {
  const tree = new PathTree(sample.nodes);
  const pathOf: number[] = [];
  for (const { parent, ...step } of other.nodes)
    pathOf.push(tree.intern(pathOf[parent] ?? parent, tree.stepId(step), step));
  const traces = other.traces.map((trace) => ({
    ...trace,
    paths: trace.paths.map((folded) => ({ ...folded, path: pathOf[folded.path] ?? folded.path })),
  }));
  return { nodes: tree.nodes, traces };
}
