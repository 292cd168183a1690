import { hasFlag, type TraceSkeleton } from "../trace-skeleton";
import type { AttributeTerm } from "./attribute-matches";
import { type QueryTerm, type TraceQuery, toAttributeTerm } from "./trace-query";

type Known = {
  trace: TraceSkeleton;
  /** Own work and time on the critical path; without them `self` and `path` hold for no span. */
  selfUs?: Float64Array | undefined;
  pathUs?: Float64Array | undefined;
  /** Spans with an attribute, as far as it is known by now. */
  marksOf?: ((term: AttributeTerm) => Uint8Array | undefined) | undefined;
};

/**
 * Tells spans that satisfy all words of a query; none for a query without words. Each distinct string is compared once,
 * so that 100,000 spans cost as much as their few hundred names.
 */
export function compileQuery(query: TraceQuery, known: Known): (span: number) => boolean {
  if (query.terms.length === 0) return () => false;
  const tests = query.terms.map((term) => {
    const test = compileTerm(term, known);
    return term.isNegated ? (span: number) => !test(span) : test;
  });
  return (span) => tests.every((test) => test(span));
}

/** 1 per span that matches, and how many do. */
export function markMatches(spanCount: number, isMatch: (span: number) => boolean) {
  const marks = new Uint8Array(spanCount);
  let count = 0;
  for (let span = 0; span < spanCount; span += 1) {
    if (!isMatch(span)) continue;
    marks[span] = 1;
    count += 1;
  }
  return { marks, count };
}

function compileTerm(term: QueryTerm, known: Known): (span: number) => boolean {
  const { trace } = known;
  switch (term.field) {
    case "duration":
      return compare(term, trace.spanDurationUs, trace.durationUs);
    case "self":
      return compare(term, known.selfUs, trace.durationUs);
    case "start":
      return compare(term, trace.spanStartUs, trace.durationUs);
    case "kind":
      return (span) => trace.kind[span] === term.index;
    case "category":
      return (span) => trace.category[span] === term.index;
    case "name":
      return among(trace.names, trace.nameIndex, term);
    case "service":
      return among(trace.services, trace.serviceIndex, term);
    case "detail":
      return among(trace.details, trace.detailIndex, term);
    case "attribute":
      return byAttribute(term, known);
    case "any":
      return anywhere(trace, term, byAttribute(term, known));
    default:
      return byFlag(term.field, known);
  }
}

function byFlag(field: "error" | "path" | "orphan" | "events", { trace, pathUs }: Known): (span: number) => boolean {
  if (field === "path") return (span) => (pathUs?.[span] ?? 0) > 0;
  const flag = field === "events" ? "hasEvents" : field;
  return (span) => hasFlag(trace, span, flag);
}

type Text = { text: string; isExact?: boolean };

function among(table: readonly string[], index: Uint32Array, { text, isExact }: Text): (span: number) => boolean {
  const has = table.map((value) => (isExact === true ? value === text : value.toLowerCase().includes(text)));
  return (span) => has[index[span] ?? -1] === true;
}

function byAttribute(term: QueryTerm, { marksOf }: Known): (span: number) => boolean {
  const asked = toAttributeTerm(term);
  const marks = asked === undefined ? undefined : marksOf?.(asked);
  return (span) => marks?.[span] === 1;
}

type Test = (span: number) => boolean;

function anywhere(trace: TraceSkeleton, text: Text, inAttributes: Test): Test {
  const tests = [
    inAttributes,
    among(trace.names, trace.nameIndex, text),
    among(trace.services, trace.serviceIndex, text),
    among(trace.details, trace.detailIndex, text),
    among(trace.waits, trace.waitIndex, text),
  ];
  return (span) => tests.some((test) => test(span));
}

type Amount = Extract<QueryTerm, { field: "duration" | "self" | "start" }>;

function compare({ op, amount, unit }: Amount, values: Float64Array | undefined, wholeUs: number) {
  const limit = unit === "share" ? amount * wholeUs : amount;
  const holds = COMPARISONS[op];
  return (span: number) => values !== undefined && holds(values[span] ?? 0, limit);
}

const COMPARISONS: Record<Amount["op"], (value: number, limit: number) => boolean> = {
  "<": (value, limit) => value < limit,
  "<=": (value, limit) => value <= limit,
  ">": (value, limit) => value > limit,
  ">=": (value, limit) => value >= limit,
  "=": (value, limit) => value === limit,
};
