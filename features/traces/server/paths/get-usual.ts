import { findCountDrift, findMissingPaths, matchPaths } from "@/features/traces/domain/paths/baseline";
import { encodePathOfRow } from "@/features/traces/domain/paths/path-of-row";
import type { UsualReply } from "@/features/traces/domain/paths/usual-schema";
import type { OpenTrace } from "../open-trace";
import type { Baselines } from "./baselines";

/** What is usual beside each row of a trace. A trace without a root has no history. */
export async function getUsualOf(baselines: Baselines, trace: OpenTrace, signal?: AbortSignal): Promise<UsualReply> {
  const { skeleton, facts, version } = trace;
  const { rootService, rootOperation } = facts;
  const of = { rootService, rootOperation, atUs: skeleton.startUs, exceptTraceId: trace.ownTraceId };
  const { baseline, sampledAtMs, isRefreshing } = await baselines.get(of, signal);
  const { tree, ...about } = baseline;
  const pathOfRow = matchPaths(skeleton, baseline);
  return {
    version,
    baseline: { ...about, asOf: new Date(sampledAtMs).toISOString(), isRefreshing },
    paths: tree,
    pathOfRow: encodePathOfRow(pathOfRow),
    missing: findMissingPaths(pathOfRow, baseline).map((pathIndex) => ({ pathIndex })),
    drift: findCountDrift(skeleton, pathOfRow, baseline).map(({ path, calls }) => ({ pathIndex: path, calls })),
  };
}
