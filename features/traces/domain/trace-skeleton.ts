/** OpenTelemetry's span kinds, in the numbers of its wire format. */
export const SPAN_KINDS = ["unspecified", "internal", "server", "client", "producer", "consumer"] as const;
export type SpanKind = (typeof SPAN_KINDS)[number];

/** What can be true of a span, one bit each in {@link TraceSkeleton.flags}. */
export const SPAN_FLAGS = {
  /** Its status is error. */
  error: 1,
  /** Names a parent that is not in the trace. */
  orphan: 2,
  /** Its chain of parents comes back to itself; the earliest of the chain stands as a root. */
  cycle: 4,
  /** Another span of this trace has the same id. */
  duplicateId: 8,
  /** Starts before its parent does: the two machines' clocks differ. */
  skewed: 16,
  hasEvents: 32,
  hasLinks: 64,
  hasWarnings: 128,
} as const;
export type SpanFlag = keyof typeof SPAN_FLAGS;

/** The row has no parent in this trace. */
export const NO_PARENT = -1;

/** A span moved with all below it, microseconds, because another machine's clock timed it; later is positive. */
export type ClockShift = { row: number; byUs: number };

/**
 * A whole trace as columns. Row = one span; rows stand in depth-first order, siblings by start, so a parent is always
 * above its children and row `i`'s descendants are exactly the rows `i + 1 .. subtreeEnd[i] - 1`.
 * Total: an empty trace has zero rows; a forest (several roots, orphans) has several rows with parent {@link NO_PARENT}.
 */
export type TraceSkeleton = {
  spanCount: number;
  /** The earliest span's start, epoch microseconds; 0 for an empty trace. */
  startUs: number;
  /** From the earliest start to the latest end, microseconds. */
  durationUs: number;
  /** String tables the index columns point into. */
  names: string[];
  services: string[];
  /** One line about a span: its SQL, URL, queue or method; index 0 is "". */
  details: string[];
  /** What spans wait for; index 0 is "". */
  waits: string[];
  /** Microseconds after `startUs`, never negative. */
  spanStartUs: Float64Array;
  /** Microseconds, never negative. */
  spanDurationUs: Float64Array;
  /** Row of the parent, or {@link NO_PARENT}. */
  parent: Int32Array;
  nameIndex: Uint32Array;
  serviceIndex: Uint32Array;
  detailIndex: Uint32Array;
  waitIndex: Uint32Array;
  /** Index into {@link SPAN_KINDS}. */
  kind: Uint8Array;
  /** What the span talks to: an index into `SPAN_CATEGORIES`. */
  category: Uint8Array;
  /** Bits of {@link SPAN_FLAGS}. */
  flags: Uint8Array;
  /** 0 for roots. */
  depth: Uint32Array;
  childCount: Uint32Array;
  /** Row after the last descendant. */
  subtreeEnd: Uint32Array;
  /** Eight bytes a row; absent when a big trace came without them (ask for one span by its row instead). */
  spanIds: Uint8Array | undefined;
  /** Spans that stand where they ran instead of where a wrong clock put them, by row; none where clocks agree. */
  clockShifts?: ClockShift[];
};

/** Whether `row` carries `flag`. */
export function hasFlag(trace: Pick<TraceSkeleton, "flags">, row: number, flag: SpanFlag): boolean {
  return ((trace.flags[row] ?? 0) & SPAN_FLAGS[flag]) !== 0;
}

/** The span id of a row in lower hex, or undefined when the skeleton came without ids or has no such row. */
export function spanIdOf(trace: Pick<TraceSkeleton, "spanIds" | "spanCount">, row: number): string | undefined {
  if (trace.spanIds === undefined || row < 0 || row >= trace.spanCount) return undefined;
  let id = "";
  for (let at = row * 8; at < row * 8 + 8; at += 1) id += (trace.spanIds[at] ?? 0).toString(16).padStart(2, "0");
  return id;
}

/** The row of a span id (lower hex), or undefined. Linear: meant for one deep link, not for loops. */
export function rowOf(trace: Pick<TraceSkeleton, "spanIds" | "spanCount">, spanId: string): number | undefined {
  if (trace.spanIds === undefined || !/^[0-9a-f]{16}$/.test(spanId)) return undefined;
  const wanted = Array.from({ length: 8 }, (_, byte) => Number.parseInt(spanId.slice(byte * 2, byte * 2 + 2), 16));
  for (let row = 0; row < trace.spanCount; row += 1) {
    if (wanted.every((byte, at) => trace.spanIds?.[row * 8 + at] === byte)) return row;
  }
  return undefined;
}

/** Depth, child counts and subtree ends, which follow from `parent` alone. Parents must stand above their children. */
export function computeTreeColumns(parent: Int32Array): Pick<TraceSkeleton, "depth" | "childCount" | "subtreeEnd"> {
  const count = parent.length;
  const depth = new Uint32Array(count);
  const childCount = new Uint32Array(count);
  const subtreeEnd = new Uint32Array(count);
  for (let row = 0; row < count; row += 1) {
    const above = parent[row] ?? NO_PARENT;
    if (above === NO_PARENT) continue;
    depth[row] = (depth[above] ?? 0) + 1;
    childCount[above] = (childCount[above] ?? 0) + 1;
  }
  for (let row = count - 1; row >= 0; row -= 1) {
    const end = Math.max(subtreeEnd[row] ?? 0, row + 1);
    subtreeEnd[row] = end;
    const above = parent[row] ?? NO_PARENT;
    if (above !== NO_PARENT) subtreeEnd[above] = Math.max(subtreeEnd[above] ?? 0, end);
  }
  return { depth, childCount, subtreeEnd };
}
