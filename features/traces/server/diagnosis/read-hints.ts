import { isBackwardsWarning } from "@/features/traces/domain/backwards-span";
import { movedUs } from "@/features/traces/domain/clock-shifts";
import type { Hints } from "@/features/traces/domain/diagnosis/hints";
import { errorText } from "@/features/traces/domain/error-text";
import { hasFlag, rowOf, SPAN_KINDS } from "@/features/traces/domain/trace-skeleton";
import { readSpan } from "../decoding/read-span";
import type { OpenTrace } from "../open-trace";

const CONSUMER = SPAN_KINDS.indexOf("consumer");
/** Old and stable conventions: `http.resend_count`, `http.request.resend_count`. */
const RESEND_KEY = Buffer.from("resend_count");
/** `messaging.operation`, `messaging.operation.type`, `messaging.operation.name`. */
const OPERATION_KEY = Buffer.from("messaging.operation");
/** `http.status_code`, `http.response.status_code`. */
const STATUS_KEY = Buffer.from("status_code");
const NO_CONTENT = 204;
const STREAM_TYPE = Buffer.from("text/event-stream");
/** A client gives up long before. */
const MAX_RESENT = 2_000;
const MAX_MARKED = 20_000;
/** Each is looked up among all rows. */
const MAX_LINKED = 200;
/** Spans with warnings that are read for what they warn of. */
const MAX_WARNED = 200;
/** From a key to the end of its value. */
const VALUE_BYTES = 72;

/** What the text of a trace says beyond its columns: which calls were sent again, and whose work consumers took up. */
export function readHints(trace: OpenTrace): Hints {
  const { bytes } = trace.text;
  return {
    resentRows: findMarked(trace, RESEND_KEY, MAX_RESENT, () => true),
    receivingRows: findMarked(trace, OPERATION_KEY, MAX_MARKED, (at) => isReceive(bytes, at)),
    refusedRows: findMarked(trace, STATUS_KEY, MAX_MARKED, (at) => isRefusal(statusAt(bytes, at))),
    emptyRows: findMarked(trace, STATUS_KEY, MAX_MARKED, (at) => statusAt(bytes, at) === NO_CONTENT),
    streamingRows: findMarked(trace, STREAM_TYPE, MAX_MARKED, () => true),
    producerOfRow: findProducers(trace),
    backwardsRows: findBackwards(trace),
    errorOf: (row) => errorText(readSpan(trace, row)),
    eventsOf: (row) => {
      const originUs = trace.skeleton.startUs - movedUs(trace.skeleton, row);
      return readSpan(trace, row).events.map(({ name, timeUs }) => ({ name, atUs: timeUs - originUs }));
    },
  };
}

function isReceive(bytes: Buffer, at: number): boolean {
  return /:\s*"(?:receive|poll)"/.test(bytes.toString("latin1", at, at + VALUE_BYTES).split("}", 1)[0] ?? "");
}

/** The first number after the key of an attribute that stands by itself: `"int64"` is a type. 0 where it has not three digits. */
function statusAt(bytes: Buffer, from: number): number {
  const isDigit = (at: number) => (bytes[at] ?? 0) >= 0x30 && (bytes[at] ?? 0) <= 0x39;
  const isLetter = (at: number) => ((bytes[at] ?? 0) | 0x20) >= 0x61 && ((bytes[at] ?? 0) | 0x20) <= 0x7a;
  for (let at = from; at < from + VALUE_BYTES; at += 1) {
    if (!isDigit(at)) continue;
    let end = at;
    let value = 0;
    for (; isDigit(end) && end - at < 4; end += 1) value = value * 10 + (bytes[end] ?? 0) - 0x30;
    if (!isLetter(at - 1)) return end - at === 3 ? value : 0;
    at = end;
  }
  return 0;
}

const isRefusal = (status: number): boolean =>
  status === 408 ||
  status === 429 ||
  (status >= 500 && status < 600) ||
  (status > 300 && status < 304) ||
  status === 307;

/** Looks for a key in the bytes: a pass of 10 ms for 80 MB, and nearly no trace has most of them. */
function findMarked(
  { text: { bytes, spanStart, spanEnd } }: OpenTrace,
  key: Buffer,
  most: number,
  accepts: (at: number) => boolean,
): Set<number> {
  const places: number[] = [];
  for (let at = bytes.indexOf(key), seen = 0; at !== -1 && seen < most; seen += 1) {
    if (accepts(at + key.length)) places.push(at);
    at = bytes.indexOf(key, at + key.length);
  }
  const marked = new Set<number>();
  if (places.length === 0) return marked;
  spanStart.forEach((start, row) => {
    let first = 0;
    for (let high = places.length; first < high; ) {
      const middle = (first + high) >> 1;
      if ((places[middle] ?? 0) < start) first = middle + 1;
      else high = middle;
    }
    if ((places[first] ?? Number.POSITIVE_INFINITY) < (spanEnd[row] ?? 0)) marked.add(row);
  });
  return marked;
}

function findProducers(trace: OpenTrace): Map<number, number> {
  const { skeleton } = trace;
  const producers = new Map<number, number>();
  for (let row = 0, read = 0; row < skeleton.spanCount && read < MAX_LINKED; row += 1) {
    if (skeleton.kind[row] !== CONSUMER || !hasFlag(skeleton, row, "hasLinks")) continue;
    read += 1;
    for (const { traceId, spanId } of readSpan(trace, row).links) {
      const producer = traceId === trace.ownTraceId ? rowOf(skeleton, spanId) : undefined;
      if (producer !== undefined) producers.set(row, producer);
    }
  }
  return producers;
}

function findBackwards(trace: OpenTrace): number[] {
  const { skeleton, facts } = trace;
  const backwards: number[] = [];
  if (!facts.warnings.some(({ text }) => isBackwardsWarning(text))) return backwards;
  for (let row = 0, read = 0; row < skeleton.spanCount && read < MAX_WARNED; row += 1) {
    if (!hasFlag(skeleton, row, "hasWarnings")) continue;
    read += 1;
    if (readSpan(trace, row).warnings.some(isBackwardsWarning)) backwards.push(row);
  }
  return backwards;
}
