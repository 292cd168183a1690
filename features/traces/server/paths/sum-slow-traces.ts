import type { TraceSummary } from "@/features/traces/contract";
import { sumCriticalPaths } from "@/features/traces/domain/paths/aggregate-path";
import type { FoldedTrace } from "@/features/traces/domain/paths/fold-trace";
import { PathTree } from "@/features/traces/domain/paths/path-tree";
import type {
  CriticalPathQuery,
  CriticalPathReply,
  GroupSearch,
} from "@/features/traces/domain/paths/paths-query-schema";
import { splitRequests } from "@/features/traces/domain/paths/split-requests";
import type { SamplePorts } from "./compare-traces";
import { foldOpenTrace } from "./fold-sample";
import { seeTraces } from "./see-traces";

const DEFAULT_LIMIT = 50;

type Call = { nowMs: number; signal?: AbortSignal | undefined };

/** The critical paths of the slowest traces the search saw, as one flame tree. */
export async function sumSlowTraces(
  { source, reader }: Pick<SamplePorts, "source" | "reader">,
  { traceIds, limit = DEFAULT_LIMIT, ...search }: CriticalPathQuery,
  call: Call,
): Promise<CriticalPathReply> {
  const { wanted, ...found } =
    traceIds === undefined ? await findSlowest(source, { search, limit }, call) : named(traceIds);
  const tree = new PathTree();
  const traces: FoldedTrace[] = [];
  const { skippedCount } = await reader.read(
    wanted,
    (open) => {
      traces.push(foldOpenTrace(open, tree));
    },
    call.signal,
  );
  const durations = traces.map(({ durationUs }) => durationUs);
  const sample = { nodes: tree.nodes, traces };
  return {
    ...sumCriticalPaths(sample),
    requests: splitRequests(sample),
    ...found,
    skippedCount,
    fastestUs: durations.reduce((a, b) => Math.min(a, b), durations[0] ?? 0),
    slowestUs: durations.reduce((a, b) => Math.max(a, b), 0),
  };
}

type Found = { wanted: Pick<TraceSummary, "traceId" | "spanCount">[]; seenCount: number; isWholeSearch: boolean };

async function findSlowest(
  source: SamplePorts["source"],
  { search, limit }: { search: GroupSearch; limit: number },
  call: Call,
): Promise<Found> {
  const { summaries, isWhole } = await seeTraces(source, search, call);
  const slowest = [...summaries].sort((a, b) => b.durationUs - a.durationUs || (a.traceId < b.traceId ? -1 : 1));
  return { wanted: slowest.slice(0, limit), seenCount: summaries.length, isWholeSearch: isWhole };
}

/** How many spans they have is not known before they are read. */
function named(traceIds: readonly string[]): Found {
  const wanted = [...new Set(traceIds)].map((traceId) => ({ traceId, spanCount: 0 }));
  return { wanted, seenCount: wanted.length, isWholeSearch: true };
}
