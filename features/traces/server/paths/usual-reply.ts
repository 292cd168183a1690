import { type Baseline, findCountDrift, findMissingPaths, matchPaths } from "@/features/traces/domain/paths/baseline";
import { encodePathOfRow } from "@/features/traces/domain/paths/path-of-row";
import type { UsualReply } from "@/features/traces/domain/paths/usual-schema";
import type { OpenTrace } from "../open-trace";

/** What is usual of an operation, and how fresh that is. */
export type KnownUsual = { baseline: Baseline; sampledAtMs: number; isRefreshing: boolean };

/** What is usual beside each row of a trace. */
export function toUsualReply(
  { skeleton, version }: Pick<OpenTrace, "skeleton" | "version">,
  { baseline, sampledAtMs, isRefreshing }: KnownUsual,
): UsualReply {
  const { tree, ...about } = baseline;
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
