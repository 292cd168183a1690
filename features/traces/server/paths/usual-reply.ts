import { healthyUsual, stepsIn } from "@/features/traces/domain/diagnosis/usual";
import { type Baseline, findCountDrift, findMissingPaths, matchPaths } from "@/features/traces/domain/paths/baseline";
import { encodePathOfRow } from "@/features/traces/domain/paths/path-of-row";
import type { UsualReply } from "@/features/traces/domain/paths/usual-schema";
import { findRoot } from "@/features/traces/domain/trace-facts";
import type { OpenTrace } from "../open-trace";

/** What is usual of an operation, and how fresh that is. */
export type KnownUsual = { baseline: Baseline; sampledAtMs: number; isRefreshing: boolean };

/** What is usual beside each row of a trace. */
export function toUsualReply(
  { skeleton, version }: Pick<OpenTrace, "skeleton" | "version">,
  { baseline: whole, sampledAtMs, isRefreshing }: KnownUsual,
): UsualReply {
  const baseline = measuredBy(whole, skeleton);
  const { tree, quick: _, ...about } = baseline;
  const pathOfRow = matchPaths(skeleton, baseline);
  return {
    version,
    baseline: { ...about, asOf: new Date(sampledAtMs).toISOString(), isRefreshing },
    paths: tree.map(({ spread: _, ...path }) => path),
    pathOfRow: encodePathOfRow(pathOfRow),
    missing: findMissingPaths(pathOfRow, baseline).map((pathIndex) => ({ pathIndex })),
    drift: findCountDrift(skeleton, pathOfRow, baseline).map(({ path, calls }) => ({ pathIndex: path, calls })),
  };
}

/** A slow request of an operation that regressed stands beside what was usual before; steps that came with it, beside each other. */
function measuredBy(whole: Baseline, skeleton: OpenTrace["skeleton"]): Baseline {
  const root = findRoot(skeleton);
  const requestUs = root === undefined ? 0 : (skeleton.spanDurationUs[root] ?? 0);
  const healthy = healthyUsual(whole, requestUs, stepsIn(skeleton, whole));
  if (healthy === whole) return whole;
  const tree = healthy.tree.map((step, path) => {
    const inAll = whole.tree[path] ?? step;
    return step.presentIn === 0 ? inAll : { ...step, newIn: inAll.newIn };
  });
  return { ...healthy, tree };
}
