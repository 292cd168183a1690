import { hasFlag, NO_PARENT, SPAN_KINDS, type TraceSkeleton } from "../trace-skeleton";

/** Calls from one service to another in one trace. Durations are those the caller saw, where it has a span of the call. */
export type ServiceCalls = {
  parent: string;
  child: string;
  /** The called system sends no spans itself: a database, an outside host. */
  isRemote: boolean;
  callCount: number;
  errorCount: number;
  durationsUs: number[];
};

type Columns = Pick<
  TraceSkeleton,
  | ("spanCount" | "parent" | "serviceIndex" | "services" | "kind" | "flags" | "spanDurationUs")
  | ("waitIndex" | "waits" | "childCount")
>;
const CLIENT = SPAN_KINDS.indexOf("client");
const PRODUCER = SPAN_KINDS.indexOf("producer");
/** Enough for a p95; more would only fill the table. */
const MAX_DURATIONS = 50;

/** Who calls whom: spans whose parent is another service's, and client spans of systems that send no spans. */
export function serviceCallsOf(trace: Columns): ServiceCalls[] {
  const calls = new Map<string, ServiceCalls>();
  const answered = new Uint8Array(trace.spanCount);
  const serviceOf = (row: number) => trace.services[trace.serviceIndex[row] ?? 0] ?? "";
  const isFailed = (row: number) => hasFlag(trace, row, "error");
  for (let row = 0; row < trace.spanCount; row += 1) {
    const above = trace.parent[row] ?? NO_PARENT;
    if (above === NO_PARENT || serviceOf(above) === serviceOf(row)) continue;
    answered[above] = 1;
    const call = isCall(trace, above) ? above : row;
    const place = { parent: serviceOf(above), child: serviceOf(row), isRemote: false };
    add(calls, place, trace.spanDurationUs[call], isFailed(row) || isFailed(call));
  }
  for (let row = 0; row < trace.spanCount; row += 1) {
    const child = trace.waits[trace.waitIndex[row] ?? 0] ?? "";
    if (answered[row] === 1 || child === "" || child === serviceOf(row) || !isCall(trace, row)) continue;
    add(calls, { parent: serviceOf(row), child, isRemote: true }, trace.spanDurationUs[row], isFailed(row));
  }
  return [...calls.values()];
}

function isCall({ kind }: Columns, row: number): boolean {
  return kind[row] === CLIENT || kind[row] === PRODUCER;
}

function add(
  calls: Map<string, ServiceCalls>,
  place: Pick<ServiceCalls, "parent" | "child" | "isRemote">,
  durationUs = 0,
  isFailed = false,
): void {
  const key = JSON.stringify([place.parent, place.child]);
  const call = calls.get(key) ?? { ...place, callCount: 0, errorCount: 0, durationsUs: [] };
  calls.set(key, call);
  call.isRemote &&= place.isRemote;
  call.callCount += 1;
  if (isFailed) call.errorCount += 1;
  if (call.durationsUs.length < MAX_DURATIONS) call.durationsUs.push(Math.round(durationUs));
}
