import { nameOf, serviceOf } from "../span-text";
import { hasFlag, type TraceSkeleton } from "../trace-skeleton";
import { normaliseName } from "./step-name";

/** What one trace has, for comparing with others. */
export type TraceFeatures = {
  traceId: string;
  spanCount: number;
  /** `key=value` of spans and their resources, each once. */
  attributes: ReadonlySet<string>;
  /** Calls of each step, by `service name`; a step is the same wherever in the trace it is. */
  steps: ReadonlyMap<string, number>;
  /** Steps that failed, each once. */
  failedSteps: ReadonlySet<string>;
};

/** Parts the service from the name, and the key from the value: neither has it in its text. */
export const SEPARATOR = "\u001f";
const MAX_STEPS = 1_000;

/** What the shape of a trace says; `attributes` come from its text. */
export function computeFeatures(traceId: string, trace: TraceSkeleton, attributes: ReadonlySet<string>): TraceFeatures {
  const steps = new Map<string, number>();
  const failedSteps = new Set<string>();
  const names = trace.names.map(normaliseName);
  for (let row = 0; row < trace.spanCount; row += 1) {
    const name = names[trace.nameIndex[row] ?? -1] || nameOf(trace, row);
    const step = `${serviceOf(trace, row)}${SEPARATOR}${name}`;
    const known = steps.get(step);
    if (known === undefined && steps.size >= MAX_STEPS) continue;
    steps.set(step, (known ?? 0) + 1);
    if (hasFlag(trace, row, "error")) failedSteps.add(step);
  }
  return { traceId, spanCount: trace.spanCount, attributes, steps, failedSteps };
}

/** Rows worth reading attributes of: the first few and the failed ones of each name, in all at most `max`. */
export function rowsToRead(trace: TraceSkeleton, { perName, max }: { perName: number; max: number }): number[] {
  const seen = new Map<number, number>();
  const rows: number[] = [];
  for (let row = 0; row < trace.spanCount && rows.length < max; row += 1) {
    const failed = hasFlag(trace, row, "error") ? 1 : 0;
    const key = ((trace.serviceIndex[row] ?? 0) * trace.names.length + (trace.nameIndex[row] ?? 0)) * 2 + failed;
    const count = seen.get(key) ?? 0;
    if (count >= perName) continue;
    seen.set(key, count + 1);
    rows.push(row);
  }
  return rows;
}
