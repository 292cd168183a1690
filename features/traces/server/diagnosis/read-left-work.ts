import type { LeftWork } from "@/features/traces/domain/diagnosis/tell-left-work";
import { nameOf, serviceOf } from "@/features/traces/domain/span-text";
import { findRoot } from "@/features/traces/domain/trace-facts";
import { hasFlag, rowOf, SPAN_KINDS } from "@/features/traces/domain/trace-skeleton";
import { messageOf } from "@/lib/errors";
import { log } from "@/server/log/log";
import { readSpan } from "../decoding/read-span";
import type { OpenTrace } from "../open-trace";

const CONSUMER = SPAN_KINDS.indexOf("consumer");
/** A consumer of a batch links to many; one tells how long the queue was. */
const MAX_READ = 3;

/**
 * Who left the work of a trace that a consumer begins, by its links to other traces: the last of the first few, as the
 * consumer cannot have begun before that. Undefined where no such span can be read.
 */
export async function readLeftWork(
  trace: OpenTrace,
  openTrace: (traceId: string, signal?: AbortSignal) => Promise<OpenTrace>,
  signal?: AbortSignal,
): Promise<LeftWork | undefined> {
  const { skeleton, ownTraceId } = trace;
  const root = findRoot(skeleton);
  if (root === undefined || skeleton.kind[root] !== CONSUMER || !hasFlag(skeleton, root, "hasLinks")) return undefined;
  const links = readSpan(trace, root).links.filter(({ traceId }) => traceId !== ownTraceId);
  const left: LeftWork[] = [];
  for (const { traceId, spanId } of links.slice(0, MAX_READ)) {
    try {
      const other = (await openTrace(traceId, signal)).skeleton;
      const row = rowOf(other, spanId);
      if (row === undefined) continue;
      const endedAtUs = other.startUs + (other.spanStartUs[row] ?? 0) + (other.spanDurationUs[row] ?? 0);
      left.push({ traceId, service: serviceOf(other, row), name: nameOf(other, row), endedAtUs });
    } catch (error) {
      signal?.throwIfAborted();
      log().debug({ reason: messageOf(error) }, "the trace a link names was not read");
    }
  }
  return left.sort((a, b) => b.endedAtUs - a.endedAtUs)[0];
}
