/*
 * Which spans are requests: work that a service began for a caller. Rates, errors and durations of services count these,
 * wherever in a trace they are.
 */

/** As OTLP counts span kinds. */
const [SERVER, CLIENT, PRODUCER, CONSUMER] = [2, 3, 4, 5];

export type SpanPlace = {
  kind: number;
  /** It names no parent. */
  isRoot: boolean;
  /** Its parent is in the trace and belongs to another service. */
  isOfOtherCaller: boolean;
};

/**
 * Spans of servers and consumers, spans without a parent, and where an instrumentation names no kinds the first span in
 * another service. What a service asks of others (client, producer) is their request, unless it begins the trace.
 */
export function isRequest({ kind, isRoot, isOfOtherCaller }: SpanPlace): boolean {
  if (isRoot || kind === SERVER || kind === CONSUMER) return true;
  return isOfOtherCaller && kind !== CLIENT && kind !== PRODUCER;
}

/** Requests of one trace. `count` is 1 for each but those of a trace that has very many. */
export type RequestSpan = {
  service: string;
  operation: string;
  startUs: number;
  durationUs: number;
  isFailed: boolean;
  count: number;
};

/** So many are told one by one: a trace of a batch job may hold 100,000. */
const MOST_TOLD_APART = 1000;
const TIME_PARTS = 30;
const LEAST_PART_US = 1_000_000;
/** Durations of one group are within 1 % of the one told. */
const GROUP_WIDTH = Math.log(1.02);

/** The requests of a trace as they are kept: a few one by one, very many in groups of nearly equal ones. Counts are exact. */
export function groupRequests(requests: readonly RequestSpan[]): readonly RequestSpan[] {
  if (requests.length <= MOST_TOLD_APART) return requests;
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { startUs } of requests) {
    first = Math.min(first, startUs);
    last = Math.max(last, startUs);
  }
  const partUs = Math.max(LEAST_PART_US, (last - first) / TIME_PARTS);
  const groups = new Map<string, RequestSpan>();
  for (const request of requests) {
    const { service, operation, startUs, isFailed, durationUs, count } = request;
    const step = Math.round(Math.log(Math.max(1, durationUs)) / GROUP_WIDTH);
    const key = JSON.stringify([service, operation, Math.floor((startUs - first) / partUs), isFailed, step]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { ...request });
    else group.count += count;
  }
  return [...groups.values()];
}
