import { sumCriticalPaths } from "@/features/traces/domain/paths/aggregate-path";
import type { FoldedTrace } from "@/features/traces/domain/paths/fold-trace";
import { PathTree } from "@/features/traces/domain/paths/path-tree";
import type { CriticalPathQuery, CriticalPathReply } from "@/features/traces/domain/paths/paths-query-schema";
import type { SamplePorts } from "./compare-traces";
import { foldOpenTrace } from "./fold-sample";
import { seeTraces } from "./see-traces";

/** The critical paths of the slowest traces the search saw, as one flame tree. */
export async function sumSlowTraces(
  { source, reader }: Pick<SamplePorts, "source" | "reader">,
  { limit, ...search }: CriticalPathQuery,
  call: { nowMs: number; signal?: AbortSignal | undefined },
): Promise<CriticalPathReply> {
  const seen = await seeTraces(source, search, call);
  const slowest = [...seen.summaries]
    .sort((a, b) => b.durationUs - a.durationUs || (a.traceId < b.traceId ? -1 : 1))
    .slice(0, limit);
  const tree = new PathTree();
  const traces: FoldedTrace[] = [];
  const { skippedCount } = await reader.read(
    slowest,
    (open) => {
      traces.push(foldOpenTrace(open, tree));
    },
    call.signal,
  );
  return {
    ...sumCriticalPaths({ nodes: tree.nodes, traces }),
    seenCount: seen.summaries.length,
    skippedCount,
    isWholeSearch: seen.isWhole,
    fastestUs: slowest.at(-1)?.durationUs ?? 0,
    slowestUs: slowest[0]?.durationUs ?? 0,
  };
}
