import { hasFlag, SPAN_KINDS, spanIdOf, type TraceSkeleton } from "./trace-skeleton";
import { visibleText } from "./visible-text";

type Strings = Pick<TraceSkeleton, "names" | "services" | "details" | "nameIndex" | "serviceIndex" | "detailIndex">;

/** The service of a span; "unknown" for a span that does not say. */
export function serviceOf(trace: Strings, span: number): string {
  return trace.services[trace.serviceIndex[span] ?? -1] || "unknown";
}

const SERVER = SPAN_KINDS.indexOf("server");
const CLIENT = SPAN_KINDS.indexOf("client");
const PRODUCER = SPAN_KINDS.indexOf("producer");

/**
 * Whose colour a span takes: a client's that of what it waits for (the service that answered, else the database or peer
 * it names), any other its own service's.
 */
export function colouredAs(
  trace: Strings & Pick<TraceSkeleton, "kind" | "parent" | "waits" | "waitIndex">,
  span: number,
): string {
  const kind = trace.kind[span];
  if (kind !== CLIENT && kind !== PRODUCER) return serviceOf(trace, span);
  if (trace.parent[span + 1] === span && trace.kind[span + 1] === SERVER) return serviceOf(trace, span + 1);
  return trace.waits[trace.waitIndex[span] ?? 0] || serviceOf(trace, span);
}

/** How a span is asked for: by its id, or by its row where the trace is too big to carry ids. */
export function spanRef(trace: TraceSkeleton, span: number): string {
  return spanIdOf(trace, span) ?? `at-${span}`;
}

/** The name of a span as it is shown; "(no name)" for a span without one. */
export function nameOf(trace: Strings, span: number): string {
  const name = trace.names[trace.nameIndex[span] ?? -1] ?? "";
  return name.trim() === "" ? "(no name)" : visibleText(name);
}

/** The name of a fold: that of all its spans, else what their names begin with ("step …"), else how many there are. */
export function foldNameOf(trace: Strings, spans: Int32Array): string {
  const indexes = new Set<number>();
  for (const span of spans) indexes.add(trace.nameIndex[span] ?? -1);
  const first = nameOf(trace, spans[0] ?? -1);
  if (indexes.size <= 1) return first;
  const names = [...indexes].map((index) => visibleText(trace.names[index] ?? ""));
  const start = wordsInCommon(names);
  return start === "" ? `${names.length} names` : `${start}…`;
}

/** What all begin with, cut where a word or a number begins. */
function wordsInCommon(names: readonly string[]): string {
  let start = names[0] ?? "";
  for (const name of names) while (!name.startsWith(start)) start = start.slice(0, -1);
  start = start.replace(/\d+$/, "");
  const isWhole = names.every((name) => !/^\p{L}/u.test(name.slice(start.length)));
  return isWhole ? start : start.replace(/[\p{L}\d]+$/u, "");
}

/** The one line about a span (SQL, URL, queue), or "". */
export function detailOf(trace: Strings, span: number): string {
  return visibleText(trace.details[trace.detailIndex[span] ?? -1] ?? "");
}

/** What the spans wait for that sends no spans itself (a database, a bucket), by its name in the colours; most first. */
export function countPerPeer(trace: TraceSkeleton): { peer: string; spans: number }[] {
  const counts = new Map<string, number>();
  for (let span = 0; span < trace.spanCount; span += 1) {
    const peer = colouredAs(trace, span);
    if (peer !== serviceOf(trace, span)) counts.set(peer, (counts.get(peer) ?? 0) + 1);
  }
  for (const service of trace.services) counts.delete(service);
  return [...counts].map(([peer, spans]) => ({ peer, spans })).sort((a, b) => b.spans - a.spans);
}

/** Spans and failed spans of each service, most spans first; `service` is an index into the trace's services. */
export function countPerService(trace: TraceSkeleton): { service: number; spans: number; errors: number }[] {
  const counts = trace.services.map((_, service) => ({ service, spans: 0, errors: 0 }));
  for (let span = 0; span < trace.spanCount; span += 1) {
    const count = counts[trace.serviceIndex[span] ?? -1];
    if (count === undefined) continue;
    count.spans += 1;
    if (hasFlag(trace, span, "error")) count.errors += 1;
  }
  return counts.filter(({ spans }) => spans > 0).sort((a, b) => b.spans - a.spans);
}
