import type { Hints } from "@/features/traces/domain/diagnosis/hints";
import { hasFlag, rowOf, SPAN_KINDS } from "@/features/traces/domain/trace-skeleton";
import { readSpan } from "../decoding/read-span";
import type { OpenTrace } from "../open-trace";

const CONSUMER = SPAN_KINDS.indexOf("consumer");
/** Old and stable conventions: `http.resend_count`, `http.request.resend_count`. */
const RESEND_KEY = Buffer.from("resend_count");
/** A client gives up long before. */
const MAX_RESENT = 2_000;
/** Each is looked up among all rows. */
const MAX_LINKED = 200;

/** What the text of a trace says beyond its columns: which calls were sent again, and whose work consumers took up. */
export function readHints(trace: OpenTrace): Hints {
  return { resentRows: findResent(trace), producerOfRow: findProducers(trace) };
}

/** Looks for the key in the bytes: a pass of 10 ms for 80 MB, and nearly no trace has it. */
function findResent({ text: { bytes, spanStart, spanEnd } }: OpenTrace): Set<number> {
  const places: number[] = [];
  for (let at = bytes.indexOf(RESEND_KEY); at !== -1 && places.length < MAX_RESENT; ) {
    places.push(at);
    at = bytes.indexOf(RESEND_KEY, at + RESEND_KEY.length);
  }
  if (places.length === 0) return new Set();
  const resent = new Set<number>();
  spanStart.forEach((start, row) => {
    let first = 0;
    for (let high = places.length; first < high; ) {
      const middle = (first + high) >> 1;
      if ((places[middle] ?? 0) < start) first = middle + 1;
      else high = middle;
    }
    if ((places[first] ?? Number.POSITIVE_INFINITY) < (spanEnd[row] ?? 0)) resent.add(row);
  });
  return resent;
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
