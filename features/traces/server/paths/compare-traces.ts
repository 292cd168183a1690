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
import type { SampleReader } from "./sample-reader";
import { type SearchPort, seeTraces } from "./see-traces";

export type SamplePorts = {
  source: SearchPort;
  reader: SampleReader;
  open: (traceId: string, signal?: AbortSignal) => Promise<OpenTrace>;
};
type Call = { nowMs: number; signal?: AbortSignal | undefined };

/** Two traces, two groups, or one beside the other, lined up by path. One side is read after the other. */
export async function compareTraces(ports: SamplePorts, query: CompareQuery, call: Call): Promise<CompareReply> {
  const tree = new PathTree();
  const before = await readSide(ports, query.before, tree, call);
  const after = await readSide(ports, query.after, tree, call);
  return compareSamples(tree.nodes, before, after);
}

async function readSide(ports: SamplePorts, side: CompareSideQuery, tree: PathTree, call: Call): Promise<SideInput> {
  if (side.kind === "trace") return readOne(await ports.open(side.traceId, call.signal), tree);
  const seen = await seeTraces(ports.source, side.search, call);
  const traces: FoldedTrace[] = [];
  const { skippedCount } = await ports.reader.read(
    pickEvenly(seen.summaries, MAX_SAMPLE),
    (open) => {
      traces.push(foldOpenTrace(open, tree));
    },
    call.signal,
  );
  return {
    seen: seen.summaries,
    traces,
    skippedCount,
    isWholeSearch: seen.isWhole,
    windowUs: seen.endUs - seen.startUs,
  };
}

function readOne(open: OpenTrace, tree: PathTree): SideInput {
  const { skeleton, facts } = open;
  const { startUs, durationUs } = skeleton;
  const { errorSpanCount, rootService, rootOperation } = facts;
  return {
    seen: [{ startUs, durationUs, errorSpanCount, rootService, rootOperation }],
    traces: [foldOpenTrace(open, tree)],
    skippedCount: 0,
    isWholeSearch: true,
    windowUs: null,
  };
}
