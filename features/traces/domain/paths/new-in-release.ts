import type { FoldedTrace } from "./fold-trace";
import { releasesOf } from "./releases";
import { fisherMoreIn } from "./statistics";

/** Fewer traces of earlier releases say nothing about what they lacked. */
const MIN_EARLIER = 5;
const MAX_P_VALUE = 0.01;

/**
 * For each path the release that brought it: the earliest with the step, when traces of earlier releases are in the
 * sample and too many to lack it by chance. Releases are in the order of their first traces. A rollback, or two releases
 * that serve at once, hide nothing: a step that an earlier release has even once is not new.
 *
 * @param pathCount paths in the tree the traces are folded into
 */
export function findNewPaths(traces: readonly FoldedTrace[], pathCount: number): (string | null)[] {
  const releases = releasesOf(traces);
  const newIn = new Array<string | null>(pathCount).fill(null);
  if (releases.length < 2) return newIn;
  const hits = releases.map((release) => countPaths(release.traces, pathCount));
  for (let path = 0; path < pathCount; path += 1) {
    const first = hits.findIndex((ofRelease) => (ofRelease[path] ?? 0) > 0);
    const release = releases[first];
    if (first <= 0 || release === undefined) continue;
    const earlier = releases.slice(0, first).reduce((sum, { traces: those }) => sum + those.length, 0);
    if (earlier < MIN_EARLIER) continue;
    const own = { hits: hits[first]?.[path] ?? 0, of: release.traces.length };
    if (fisherMoreIn(own, { hits: 0, of: earlier }) <= MAX_P_VALUE) newIn[path] = release.version;
  }
  return newIn;
}

function countPaths(traces: readonly FoldedTrace[], pathCount: number): Uint32Array {
  const counts = new Uint32Array(pathCount);
  for (const { paths } of traces) for (const { path } of paths) counts[path] = (counts[path] ?? 0) + 1;
  return counts;
}
