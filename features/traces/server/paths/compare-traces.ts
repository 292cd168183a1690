import type { TraceSummary } from "@/features/traces/contract";
import { compareSamples, type SideInput } from "@/features/traces/domain/paths/compare-samples";
import type { CompareReply } from "@/features/traces/domain/paths/compare-schema";
import type { FoldedTrace } from "@/features/traces/domain/paths/fold-trace";
import { PathTree } from "@/features/traces/domain/paths/path-tree";
import {
  type CompareQuery,
  type CompareSideQuery,
  MAX_SAMPLE,
} from "@/features/traces/domain/paths/paths-query-schema";
import { pickEvenly } from "@/features/traces/domain/paths/pick-traces";
import type { OpenTrace } from "../open-trace";
import { foldOpenTrace } from "./fold-sample";
import { foldWhole } from "./fold-whole";
import { inField } from "./in-field";
import type { SampleReader } from "./sample-reader";
import type { SearchPort } from "./search-gently";
import { seeTraces } from "./see-traces";

/** What "the slowest" are. */
const SLOWEST_SHARE = 0.05;

export type SamplePorts = {
  source: SearchPort;
  reader: SampleReader;
  open: (traceId: string, signal?: AbortSignal) => Promise<OpenTrace>;
};
type Call = { nowMs: number; signal?: AbortSignal | undefined };

/** Two traces, two groups, or one beside the other, lined up by path. One side is read after the other. */
export async function compareTraces(ports: SamplePorts, query: CompareQuery, call: Call): Promise<CompareReply> {
  const tree = new PathTree();
  const isSlowest = query.requests === "slowest";
  const alone = [query.before, query.after].flatMap((side) => (side.kind === "trace" ? [bareId(side.traceId)] : []));
  const before = await inField("before", readSide(ports, { side: query.before, isSlowest, alone }, tree, call));
  const after = await inField("after", readSide(ports, { side: query.after, isSlowest, alone }, tree, call));
  return compareSamples(tree.nodes, before, after);
}

/** `alone`: traces that are a side of their own, and never count among the others. */
type Side = { side: CompareSideQuery; isSlowest: boolean; alone: readonly string[] };

/** An id is the same with and without the zeros before it. */
const bareId = (traceId: string): string => traceId.replace(/^0+(?=.)/, "");

async function readSide(
  ports: SamplePorts,
  { side, isSlowest, alone }: Side,
  tree: PathTree,
  call: Call,
): Promise<SideInput> {
  if (side.kind === "trace") return readOne(await ports.open(side.traceId, call.signal), tree, call.signal);
  const seen = await seeTraces(ports.source, side.search, call);
  const others = seen.summaries.filter(({ traceId }) => !alone.includes(bareId(traceId)));
  const summaries = isSlowest ? slowestOf(others) : others;
  const traces: FoldedTrace[] = [];
  const { skippedCount } = await ports.reader.read(
    pickEvenly(summaries, MAX_SAMPLE),
    (open) => {
      traces.push(foldOpenTrace(open, tree));
    },
    call.signal,
  );
  return {
    seen: summaries,
    traces,
    skippedCount,
    isWholeSearch: seen.isWhole,
    windowUs: seen.endUs - seen.startUs,
  };
}

function slowestOf(summaries: readonly TraceSummary[]): TraceSummary[] {
  const sorted = [...summaries].sort((a, b) => b.durationUs - a.durationUs || (a.traceId < b.traceId ? -1 : 1));
  return sorted.slice(0, Math.ceil(sorted.length * SLOWEST_SHARE));
}

async function readOne(open: OpenTrace, tree: PathTree, signal?: AbortSignal): Promise<SideInput> {
  const { skeleton, facts } = open;
  const { startUs, durationUs } = skeleton;
  const { errorSpanCount, rootService, rootOperation } = facts;
  return {
    seen: [{ traceId: open.traceId, startUs, durationUs, errorSpanCount, rootService, rootOperation }],
    traces: [await foldWhole(open, tree, signal)],
    skippedCount: 0,
    isWholeSearch: true,
    windowUs: null,
  };
}
