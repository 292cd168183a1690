import type { BubbleUpReply } from "@/features/traces/domain/paths/bubble-up-schema";
import type { CompareReply } from "@/features/traces/domain/paths/compare-schema";
import type {
  BubbleUpBody,
  CompareQuery,
  CriticalPathQuery,
  CriticalPathReply,
} from "@/features/traces/domain/paths/paths-query-schema";
import type { UsualReply } from "@/features/traces/domain/paths/usual-schema";
import { compressedJson } from "../compressed-json";
import { seeSelection } from "../facts/see-selection";
import type { OpenTrace } from "../open-trace";
import { sharedTraces } from "../shared-traces";
import { isUploadId, openUpload } from "../uploaded-traces";
import { Baselines, type KnownBaseline, type UsualOf, type UsualOfStep } from "./baselines";
import { bubbleUpTraces } from "./bubble-up-traces";
import { compareTraces } from "./compare-traces";
import { getUsualOf } from "./get-usual";
import { inField } from "./in-field";
import { SampleReader } from "./sample-reader";
import { SampleStore } from "./sample-store";
import { sumSlowTraces } from "./sum-slow-traces";

type Shared = { opsPaths?: { reader: SampleReader; baselines: Baselines } };
// Next evaluates route handlers as several module graphs: one cache of samples per process.
const shared = globalThis as typeof globalThis & Shared;

function paths() {
  const { source } = sharedTraces();
  if (shared.opsPaths === undefined) {
    const reader = new SampleReader(source);
    const sourceName = () => source.info({ latencyMs: 0, fetchedAtMs: 0 }).host;
    shared.opsPaths = { reader, baselines: new Baselines({ source, sourceName, reader, store: new SampleStore() }) };
  }
  return { source, open: openTrace, ...shared.opsPaths };
}

async function openTrace(traceId: string, signal?: AbortSignal): Promise<OpenTrace> {
  if (isUploadId(traceId)) return openUpload(traceId, new Date(), signal);
  return (await sharedTraces().library.open(traceId, signal)).trace;
}

/** What is usual of the operation of a trace; `traceCount` 0 without history. Rejects with `upstream_*`. */
export function getBaseline(of: UsualOf, signal?: AbortSignal): Promise<KnownBaseline> {
  return paths().baselines.get(of, signal);
}

/** The same of the operation that most often has a step, for a trace whose root did not come. */
export function getBaselineOfStep(of: UsualOfStep, signal?: AbortSignal): Promise<KnownBaseline> {
  return paths().baselines.ofStep(of, signal);
}

/** What is usual beside each row of a trace. Rejects with `not_found` for the trace, never for its history. */
export async function getUsual(traceId: string, signal?: AbortSignal): Promise<UsualReply> {
  return getUsualOf(paths().baselines, await openTrace(traceId, signal), signal);
}

/** {@link getUsual} as a response, packed when the caller takes gzip. */
export async function getUsualResponse(traceId: string, request: Request): Promise<Response> {
  return compressedJson(request, JSON.stringify(await getUsual(traceId, request.signal)));
}

/** Two sides lined up by path: what changed, where and how surely. */
export async function compareResponse(query: CompareQuery, request: Request): Promise<Response> {
  const reply = await compare(query, request.signal);
  return compressedJson(request, JSON.stringify(reply));
}

/** The same as a value. */
export function compare(query: CompareQuery, signal?: AbortSignal): Promise<CompareReply> {
  return compareTraces(paths(), query, { nowMs: Date.now(), signal });
}

/** Where the time of the slowest traces of a search goes. */
export function getCriticalPaths(query: CriticalPathQuery, signal?: AbortSignal): Promise<CriticalPathReply> {
  return sumSlowTraces(paths(), query, { nowMs: Date.now(), signal });
}

/** What sets selected traces of a search apart from its others; of all of them where the fact table holds the window. */
export function bubbleUpSelection(body: BubbleUpBody, signal?: AbortSignal): Promise<BubbleUpReply> {
  const { reader, source } = paths();
  const { facts } = sharedTraces();
  const ports: Parameters<typeof bubbleUpTraces>[0] = {
    reader,
    source,
    seeSelection: (asked, options) => inField("search", seeSelection(facts, asked, options)),
  };
  return bubbleUpTraces(ports, body, { nowMs: Date.now(), signal });
}
