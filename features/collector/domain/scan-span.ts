import { MAX_ATTRIBUTES } from "./ingest-limits";
import { scanKeyValue, type ValueFindings } from "./scan-value";
import { KIND_KEY, STATUS_KEY, tokenOf } from "./token";
import type { WireReader } from "./wire-reader";

/** What one span's bytes say about it; `problem` is why the span cannot be kept. */
export type SpanFacts = {
  traceId: Buffer;
  name: string;
  kind: number;
  startNs: bigint;
  endNs: bigint;
  isError: boolean;
  /** Names no parent. */
  isRoot: boolean;
  tokens: number[];
  /** Attributes beyond the limit, or values too long: the bytes have to be trimmed before they are stored. */
  isOverLimit: boolean;
  problem: string | undefined;
};

const KIND_TOKENS = [0, 1, 2, 3, 4, 5].map((kind) => tokenOf(KIND_KEY, String(kind)));
const STATUS_TOKENS = [0, 1, 2].map((code) => tokenOf(STATUS_KEY, String(code)));
const NO_ID = Buffer.alloc(0);

type Draft = SpanFacts & { status: number; spanId: Buffer; parentId: Buffer; attributeCount: number };

/** Reads one span of a request. Wrong wire types and lying lengths throw; ids and depth are judged per span. */
export function scanSpan(reader: WireReader, findings: ValueFindings): SpanFacts {
  findings.isLong = false;
  findings.isDeep = false;
  const draft: Draft = {
    traceId: NO_ID,
    spanId: NO_ID,
    parentId: NO_ID,
    name: "",
    startNs: 0n,
    endNs: 0n,
    isError: false,
    isRoot: false,
    tokens: [],
    isOverLimit: false,
    problem: undefined,
    kind: 0,
    status: 0,
    attributeCount: 0,
  };
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === 9) scanAttribute(reader, draft, findings);
    else if (field === 11) scanAnnotation(reader.message(), 3, draft, findings);
    else if (field === 13) scanAnnotation(reader.message(), 4, draft, findings);
    else readField(reader, field, draft);
  }
  draft.isError = draft.status === 2;
  draft.isRoot = draft.parentId.length === 0;
  draft.tokens.push(KIND_TOKENS[draft.kind] ?? 0, STATUS_TOKENS[draft.status] ?? 0);
  draft.isOverLimit ||= findings.isLong || draft.attributeCount > MAX_ATTRIBUTES;
  draft.problem = problemOf(draft, findings.isDeep);
  return draft;
}

function readField(reader: WireReader, field: number, draft: Draft): void {
  if (field === 1) draft.traceId = reader.view();
  else if (field === 2) draft.spanId = reader.view();
  else if (field === 4) draft.parentId = reader.view();
  else if (field === 5) draft.name = reader.text();
  else if (field === 6) draft.kind = reader.number();
  else if (field === 7) draft.startNs = reader.fixed64();
  else if (field === 8) draft.endNs = reader.fixed64();
  else if (field === 15) draft.status = readStatus(reader.message());
  else reader.skip();
}

function scanAttribute(reader: WireReader, draft: Draft, findings: ValueFindings): void {
  draft.attributeCount += 1;
  const token = scanKeyValue(reader.message(), findings);
  if (token !== undefined && draft.attributeCount <= MAX_ATTRIBUTES) draft.tokens.push(token);
}

/** An event or a link: its attributes can be searched for as well. */
function scanAnnotation(reader: WireReader, attributesField: number, draft: Draft, findings: ValueFindings): void {
  let count = 0;
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field !== attributesField) {
      reader.skip();
      continue;
    }
    count += 1;
    const token = scanKeyValue(reader.message(), findings);
    if (token !== undefined && count <= MAX_ATTRIBUTES) draft.tokens.push(token);
  }
  if (count > MAX_ATTRIBUTES) draft.isOverLimit = true;
}

function readStatus(reader: WireReader): number {
  let code = 0;
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === 3) code = reader.number();
    else reader.skip();
  }
  return code;
}

function problemOf(draft: Draft, isDeep: boolean): string | undefined {
  const isTraceId = isId(draft.traceId, 16);
  const isSpanId = isId(draft.spanId, 8);
  if (!isTraceId && !isSpanId) return "trace_id must be 16 bytes and span_id 8, neither all zero";
  if (!isTraceId) return "trace_id must be 16 bytes, not all zero";
  if (!isSpanId) return "span_id must be 8 bytes, not all zero";
  if (draft.parentId.length !== 0 && draft.parentId.length !== 8) return "parent_span_id must be 8 bytes or absent";
  if (draft.startNs > 9_223_372_036_854_775_807n || draft.endNs > 9_223_372_036_854_775_807n) {
    return "times must be below 2^63 nanoseconds";
  }
  return isDeep ? "an attribute value nests too deep" : undefined;
}

function isId(id: Buffer, length: number): boolean {
  if (id.length !== length) return false;
  for (let at = 0; at < length; at += 1) if (id[at] !== 0) return true;
  return false;
}
