import { SPAN_KINDS, type TraceSkeleton } from "../trace-skeleton";
import type { Hints } from "./hints";
import type { Timeline } from "./timeline";

const SERVER = SPAN_KINDS.indexOf("server");
const CLIENT = SPAN_KINDS.indexOf("client");

/** Names of spans that wait for a message, for a clock, or for the next thing to do. */
const WAITS =
  /(?:^|[^a-z])(?:receive|recv|receivemessage|poll|polling|longpoll|long-poll|sleep|idle|brpop|blpop|brpoplpush|blmove|bzpopm(?:in|ax)|xread(?:group)?)(?:$|[^a-z])/i;
/** Names of spans that wait for a place, also within a request: there it costs time, but is not work. */
const WAITS_FOR_PLACE = /(?:^|[^a-z])(?:acquire|await|wait|lock|mutex|semaphore|throttle|back-?off)/i;
/** Names of requests that last as long as somebody listens. */
const STREAMS =
  /(?:^|[^a-z])(?:cable|poll|polling|websockets?|wss?|sockets?|sse|streams?|streaming|subscribe|subscriptions?|watch|longpoll|long-poll)(?:$|[^a-z])/i;
/** Methods of gRPC that keep a call open: `chat.v1.Chat/Connect`, `logs.v1.Logs/StreamEntries`. */
const STREAMING_METHODS =
  /\/(?:[A-Z][A-Za-z]*)?(?:Bidi|Stream|Streaming|Subscribe|Watch|Connect|Listen|Tail|Follow)(?:[A-Z]\w*)?$/;
/** Requests that ask for something, and with an empty answer hear that there is nothing yet. */
const ASKS = /(?:^|[^A-Za-z])GET(?:$|[^A-Za-z])/;
/** Shorter ones may be requests that only have such a name. */
const MIN_STREAM_US = 10e6;

/**
 * Whether a node's own time passed waiting for something to do: a message, the next tick, whoever listens to a stream.
 * That is what such spans are for, and nobody's fault. What a request of another waits for is not among them.
 */
export function toIsWaiting(trace: TraceSkeleton, timeline: Timeline, hints: Hints): (node: number) => boolean {
  const waits = asked(trace.names, WAITS);
  const streams = asked(trace.names, STREAMS);
  const staysOpen = asked(trace.names, STREAMING_METHODS);
  const asks = asked(trace.names, ASKS);
  const isLeaf = (node: number) => timeline.subtreeEnd[node] === node + 1;
  const isOpen = (node: number, row: number, name: number) =>
    streams(name) ||
    staysOpen(name) ||
    (hints.streamingRows?.has(row) ?? false) ||
    (isLeaf(node) && asks(name) && (hints.emptyRows?.has(row) ?? false));
  return (node) => {
    const row = timeline.rows[node] ?? 0;
    const name = trace.nameIndex[row] ?? 0;
    const us = (timeline.endUs[node] ?? 0) - (timeline.startUs[node] ?? 0);
    if (trace.kind[row] === SERVER) return us >= MIN_STREAM_US && isOpen(node, row, name);
    const isOpenCall = trace.kind[row] === CLIENT && us >= MIN_STREAM_US && staysOpen(name);
    if (!isOpenCall && !waits(name) && !(hints.receivingRows?.has(row) ?? false)) return false;
    return !isInRequest(trace, timeline, node);
  };
}

/**
 * Whether a leaf may well have waited, for all its span says: by its name, or because it is all there is of an answer. By
 * its length alone such a leaf is not called critical.
 */
export function mayHaveWaited({ kind, names, nameIndex }: TraceSkeleton, row: number): boolean {
  const name = names[nameIndex[row] ?? 0] ?? "";
  return kind[row] === SERVER || WAITS.test(name) || WAITS_FOR_PLACE.test(name);
}

/** Whether a name matches, each looked at once and when first asked for: a trace may have a hundred thousand. */
function asked(names: readonly string[], pattern: RegExp): (index: number) => boolean {
  const known: boolean[] = [];
  return (index) => {
    known[index] ??= pattern.test(names[index] ?? "");
    return known[index];
  };
}

/** Whether somebody waits for an answer of the service a node belongs to. */
function isInRequest(trace: TraceSkeleton, { isAsync, parent, rows }: Timeline, from: number): boolean {
  for (let node = from; node !== -1; node = parent[node] ?? -1) {
    if (trace.kind[rows[node] ?? 0] === SERVER) return true;
    if (isAsync[node] === 1) return false;
  }
  return false;
}
