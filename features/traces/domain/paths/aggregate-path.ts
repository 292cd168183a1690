import type { Flame, FlameFrame } from "./aggregate-path-schema";
import type { FoldedSample } from "./baseline";
import { meanStarts } from "./compare-steps";
import type { FoldedTrace } from "./fold-trace";
import { orderPaths, sumBelow } from "./path-order";
import type { PathNode } from "./path-tree";

const MAX_EXEMPLARS = 3;
/** A branch narrower than this share of the whole cannot be seen in a flame graph. */
const MIN_SHARE = 0.0005;
const MAX_FRAMES = 2_000;

/**
 * Where many requests' time goes: their critical paths as one flame tree. Every microsecond of every critical path is
 * counted once, in a frame or in the rest of one. Total: no traces give no frames.
 */
export function sumCriticalPaths({ nodes, traces }: FoldedSample): Flame {
  const own = new Float64Array(nodes.length);
  const calls = new Float64Array(nodes.length);
  const withStep = new Float64Array(nodes.length);
  for (const { paths } of traces) {
    for (const folded of paths) {
      own[folded.path] = (own[folded.path] ?? 0) + folded.onPathUs;
      calls[folded.path] = (calls[folded.path] ?? 0) + folded.calls;
      withStep[folded.path] = (withStep[folded.path] ?? 0) + 1;
    }
  }
  const total = sumBelow(nodes, own);
  const totalUs = own.reduce((sum, value) => sum + value, 0);
  const isKept = keepWide(nodes, total, totalUs);
  const order = orderPaths(nodes, meanStarts(nodes, traces), isKept);
  const indexOf = new Map(order.map((path, index) => [path, index]));
  const keptAbove = new Float64Array(nodes.length);
  for (const path of order) {
    const parent = nodes[path]?.parent ?? -1;
    if (parent >= 0) keptAbove[parent] = (keptAbove[parent] ?? 0) + (total[path] ?? 0);
  }
  const visits = visitsOf(nodes, traces, indexOf);
  return {
    totalUs,
    traceCount: traces.length,
    frames: order.map((path) => ({
      service: nodes[path]?.service ?? "",
      name: nodes[path]?.name ?? "",
      detail: nodes[path]?.detail ?? "",
      parent: indexOf.get(nodes[path]?.parent ?? -1) ?? -1,
      ownUs: own[path] ?? 0,
      restUs: (total[path] ?? 0) - (own[path] ?? 0) - (keptAbove[path] ?? 0),
      totalUs: total[path] ?? 0,
      calls: (calls[path] ?? 0) / Math.max(1, withStep[path] ?? 0),
      traceCount: visits.get(path)?.count ?? 0,
      exemplars: visits.get(path)?.exemplars ?? [],
    })),
  };
}

/** Tells the widest paths. What is below a path is at least as wide, so no kept path hangs below one that goes. */
function keepWide(nodes: readonly PathNode[], total: Float64Array, totalUs: number): (path: number) => boolean {
  const widest = nodes
    .map((_, path) => path)
    .filter((path) => (total[path] ?? 0) > 0 && (total[path] ?? 0) >= MIN_SHARE * totalUs)
    .sort((a, b) => (total[b] ?? 0) - (total[a] ?? 0) || a - b)
    .slice(0, MAX_FRAMES);
  const kept = new Set(widest);
  return (path) => kept.has(path);
}

type Visit = { count: number; exemplars: FlameFrame["exemplars"] };

/** Per kept path: traces that spent time there or above it, and those that spent most. */
function visitsOf(nodes: readonly PathNode[], traces: readonly FoldedTrace[], kept: ReadonlyMap<number, number>) {
  const visits = new Map<number, Visit>();
  for (const { traceId, paths } of traces) {
    const own = new Float64Array(nodes.length);
    for (const { path, onPathUs } of paths) own[path] = onPathUs;
    sumBelow(nodes, own).forEach((onPathUs, path) => {
      if (onPathUs <= 0 || !kept.has(path)) return;
      const visit = visits.get(path) ?? { count: 0, exemplars: [] };
      const exemplars = [...visit.exemplars, { traceId, onPathUs }];
      exemplars.sort((a, b) => b.onPathUs - a.onPathUs || (a.traceId < b.traceId ? -1 : 1));
      visits.set(path, { count: visit.count + 1, exemplars: exemplars.slice(0, MAX_EXEMPLARS) });
    });
  }
  return visits;
}
