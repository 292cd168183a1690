import { promisify } from "node:util";
import { gzip } from "node:zlib";
import {
  type DownloadFormat,
  MAX_INLINE_SPAN_IDS,
  type SimilarCalls,
  type TraceReply,
} from "@/features/traces/contract";
import { diagnose } from "@/features/traces/domain/diagnosis/diagnose";
import type { FindingsReply } from "@/features/traces/domain/diagnosis/finding";
import type { LeftWork } from "@/features/traces/domain/diagnosis/tell-left-work";
import type { Baseline } from "@/features/traces/domain/paths/baseline";
import type { FoldedTrace } from "@/features/traces/domain/paths/fold-trace";
import { type PathNode, PathTree } from "@/features/traces/domain/paths/path-tree";
import type { UsualReply } from "@/features/traces/domain/paths/usual-schema";
import { encodeSkeleton } from "@/features/traces/domain/skeleton-wire";
import {
  type AttributeMatches,
  type AttributeTerm,
  packMarks,
} from "@/features/traces/domain/waterfall/attribute-matches";
import { type FirstRows, firstRowsOf } from "@/features/traces/domain/waterfall/first-rows";
import { computeTracePlan } from "@/features/traces/domain/waterfall/trace-plan";
import { searchAttributes } from "../attributes/search-attributes";
import { readHints } from "../diagnosis/read-hints";
import { exportTrace } from "../export/export-trace";
import type { OpenTrace } from "../open-trace";
import { foldOpenTrace } from "../paths/fold-sample";
import { type KnownUsual, toUsualReply } from "../paths/usual-reply";
import { readSimilarCalls } from "../waterfall/read-similar-calls";

const pack = promisify(gzip);

type FindingsInput = {
  baseline: Baseline | undefined;
  expectedSpanCount: number | null;
  left?: LeftWork | undefined;
};

/** JSON of an answer: gzip or plain. */
type Packed = Uint8Array;

/**
 * What is asked of a whole trace and takes longer than others should wait: for big traces it runs in a thread, for small
 * ones where it is called. Inputs and outputs are plain data.
 */
export const traceTasks = {
  /** The reply that opens a trace. */
  reply: (trace: OpenTrace, { head, isPacked }: { head: Omit<TraceReply, "columns">; isPacked: boolean }) => {
    const columns = encodeSkeleton(trace.skeleton, { maxIds: MAX_INLINE_SPAN_IDS, base64 });
    const reply: TraceReply = { ...head, columns };
    return packed(reply, isPacked);
  },

  /** What of its waterfall is seen first under an address. */
  firstRows: (trace: OpenTrace, { search }: { search: string }): FirstRows | undefined =>
    firstRowsOf(trace, computeTracePlan(trace.skeleton), new URLSearchParams(search)),

  findings: (trace: OpenTrace, { baseline, expectedSpanCount, left }: FindingsInput): FindingsReply => {
    const { verdict, findings, ...evidence } = diagnose(trace.skeleton, {
      baseline,
      expectedSpanCount,
      left,
      hints: readHints(trace),
    });
    return { verdict, findings, evidence: { version: trace.version, ...evidence } };
  },

  usual: (trace: OpenTrace, known: KnownUsual): UsualReply => toUsualReply(trace, known),

  similar: (trace: OpenTrace, { row }: { row: number }): SimilarCalls => readSimilarCalls(trace, row),

  /** Spans with an attribute. */
  search: async (trace: OpenTrace, { term }: { term: AttributeTerm }): Promise<AttributeMatches> => {
    const { marks, count, isWhole } = await searchAttributes(trace, term);
    return { version: trace.version, count, rows: packMarks(marks), isWhole };
  },

  /** The trace folded into a tree that has these paths, and the paths it added. */
  fold: (trace: OpenTrace, { nodes }: { nodes: readonly PathNode[] }): { folded: FoldedTrace; added: PathNode[] } => {
    const tree = new PathTree(nodes);
    const folded = foldOpenTrace(trace, tree);
    return { folded, added: tree.nodes.slice(nodes.length) };
  },

  export: (trace: OpenTrace, { format }: { format: DownloadFormat }): Uint8Array => exportTrace(trace, format),
} as const;

export type TraceTasks = typeof traceTasks;
export type TaskName = keyof TraceTasks;
export type TaskInput<K extends TaskName> = Parameters<TraceTasks[K]>[1];
export type TaskOutput<K extends TaskName> = Awaited<ReturnType<TraceTasks[K]>>;

const base64 = ({ buffer, byteOffset, byteLength }: Uint8Array): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString("base64");

/** Level 1: level 6 takes thrice as long for 4 % less. */
async function packed(reply: object, isPacked: boolean): Promise<Packed> {
  const text = JSON.stringify(reply);
  return isPacked ? new Uint8Array(await pack(text, { level: 1 })) : new TextEncoder().encode(text);
}
