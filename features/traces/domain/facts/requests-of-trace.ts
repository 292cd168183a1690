import { groupRequests, isRequest, type RequestSpan } from "@/lib/request-spans";
import { findRoot } from "../trace-facts";
import { hasFlag, NO_PARENT, type TraceSkeleton } from "../trace-skeleton";

/** The requests in a trace but the one that begins it, and whether that one failed itself. Linear in its spans. */
export function requestsOf(trace: TraceSkeleton): { requests: readonly RequestSpan[]; isRootFailed: boolean } {
  const root = findRoot(trace);
  const requests: RequestSpan[] = [];
  for (let row = 0; row < trace.spanCount; row += 1) {
    const above = trace.parent[row] ?? NO_PARENT;
    const place = {
      kind: trace.kind[row] ?? 0,
      isRoot: above === NO_PARENT && !hasFlag(trace, row, "orphan") && !hasFlag(trace, row, "cycle"),
      isOfOtherCaller: above !== NO_PARENT && trace.serviceIndex[above] !== trace.serviceIndex[row],
    };
    if (row === root || !isRequest(place)) continue;
    requests.push({
      service: trace.services[trace.serviceIndex[row] ?? 0] ?? "",
      operation: trace.names[trace.nameIndex[row] ?? 0] ?? "",
      startUs: Math.floor(trace.startUs + (trace.spanStartUs[row] ?? 0)),
      durationUs: Math.floor(trace.spanDurationUs[row] ?? 0),
      isFailed: hasFlag(trace, row, "error"),
      count: 1,
    });
  }
  return { requests: groupRequests(requests), isRootFailed: root !== undefined && hasFlag(trace, root, "error") };
}
