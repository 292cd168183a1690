import * as z from "zod/mini";
import { computeTreeColumns, NO_PARENT, type TraceSkeleton } from "./trace-skeleton";

/**
 * The columns of a trace as they travel: each a base64 string of LEB128 varints (one number a span, in row order), which
 * compress to about a tenth of raw typed arrays and decode in milliseconds. Tree columns are not sent; they follow.
 *
 * - `start`: start minus the parent's start (roots: minus the trace's start), zigzag
 * - `duration`, `name`, `service`, `detail`, `wait`: the number itself
 * - `parent`: rows up to the parent; 0 for none
 * - `kind`, `category`, `flags`, `spanIds`: plain bytes (1, 1, 1 and 8 a span)
 */
export const skeletonWireSchema = z.object({
  spanCount: z.number().check(z.int(), z.minimum(0)),
  startUs: z.number(),
  durationUs: z.number(),
  names: z.array(z.string()),
  services: z.array(z.string()),
  details: z.array(z.string()),
  waits: z.array(z.string()),
  start: z.string(),
  duration: z.string(),
  parent: z.string(),
  name: z.string(),
  service: z.string(),
  detail: z.string(),
  wait: z.string(),
  kind: z.string(),
  category: z.string(),
  flags: z.string(),
  /** Null for big traces: ids are random bytes and would be most of the reply. */
  spanIds: z.nullable(z.string()),
  /** Row and microseconds of each span that was moved because a clock was wrong. */
  clockShifts: z.array(z.tuple([z.number().check(z.int(), z.minimum(0)), z.number()])),
});
export type SkeletonWire = z.infer<typeof skeletonWireSchema>;

/**
 * Packs a trace for the way. Ids go along up to `maxIds` spans. Node's own base64 is given where there is one: it takes
 * 2 ms for what takes 50 ms here.
 */
export function encodeSkeleton(
  trace: TraceSkeleton,
  { maxIds, base64 = toBase64 }: { maxIds: number; base64?: (bytes: Uint8Array) => string },
): SkeletonWire {
  const starts = new Float64Array(trace.spanCount);
  const ups = new Uint32Array(trace.spanCount);
  for (let row = 0; row < trace.spanCount; row += 1) {
    const parent = trace.parent[row] ?? NO_PARENT;
    const origin = parent === NO_PARENT ? 0 : (trace.spanStartUs[parent] ?? 0);
    starts[row] = zigzag((trace.spanStartUs[row] ?? 0) - origin);
    ups[row] = parent === NO_PARENT ? 0 : row - parent;
  }
  return {
    spanCount: trace.spanCount,
    startUs: trace.startUs,
    durationUs: trace.durationUs,
    names: trace.names,
    services: trace.services,
    details: trace.details,
    waits: trace.waits,
    start: base64(toVarints(starts)),
    duration: base64(toVarints(trace.spanDurationUs)),
    parent: base64(toVarints(ups)),
    name: base64(toVarints(trace.nameIndex)),
    service: base64(toVarints(trace.serviceIndex)),
    detail: base64(toVarints(trace.detailIndex)),
    wait: base64(toVarints(trace.waitIndex)),
    kind: base64(trace.kind),
    category: base64(trace.category),
    flags: base64(trace.flags),
    spanIds: trace.spanIds === undefined || trace.spanCount > maxIds ? null : base64(trace.spanIds),
    clockShifts: (trace.clockShifts ?? []).map(({ row, byUs }) => [row, byUs]),
  };
}

/** Unpacks what {@link encodeSkeleton} packed. Throws RangeError on columns that do not fit each other. */
export function decodeSkeleton(wire: SkeletonWire): TraceSkeleton {
  const { spanCount } = wire;
  const starts = fromVarints(fromBase64(wire.start), new Float64Array(spanCount));
  const ups = fromVarints(fromBase64(wire.parent), new Uint32Array(spanCount));
  const parent = new Int32Array(spanCount);
  const spanStartUs = new Float64Array(spanCount);
  for (let row = 0; row < spanCount; row += 1) {
    const up = ups[row] ?? 0;
    if (up > row) throw new RangeError(`row ${row} has its parent above the first row`);
    const above = up === 0 ? NO_PARENT : row - up;
    parent[row] = above;
    spanStartUs[row] = unzigzag(starts[row] ?? 0) + (above === NO_PARENT ? 0 : (spanStartUs[above] ?? 0));
  }
  return {
    spanCount,
    startUs: wire.startUs,
    durationUs: wire.durationUs,
    names: wire.names,
    services: wire.services,
    details: wire.details,
    waits: wire.waits,
    spanStartUs,
    spanDurationUs: fromVarints(fromBase64(wire.duration), new Float64Array(spanCount)),
    parent,
    nameIndex: fromVarints(fromBase64(wire.name), new Uint32Array(spanCount)),
    serviceIndex: fromVarints(fromBase64(wire.service), new Uint32Array(spanCount)),
    detailIndex: fromVarints(fromBase64(wire.detail), new Uint32Array(spanCount)),
    waitIndex: fromVarints(fromBase64(wire.wait), new Uint32Array(spanCount)),
    kind: ofLength(fromBase64(wire.kind), spanCount),
    category: ofLength(fromBase64(wire.category), spanCount),
    flags: ofLength(fromBase64(wire.flags), spanCount),
    ...computeTreeColumns(parent),
    spanIds: wire.spanIds === null ? undefined : ofLength(fromBase64(wire.spanIds), spanCount * 8),
    ...(wire.clockShifts.length === 0 ? {} : { clockShifts: wire.clockShifts.map(([row, byUs]) => ({ row, byUs })) }),
  };
}

// Arithmetic, not bit operators: microseconds of a long trace pass 2^31.
const zigzag = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value);
const unzigzag = (value: number): number => (value % 2 === 1 ? -(value + 1) / 2 : value / 2);

/** Numbers one after the other, seven bits a byte, the smallest first. */
export function toVarints(values: Float64Array | Uint32Array): Uint8Array {
  const bytes = new Uint8Array(values.length * 8);
  let at = 0;
  for (const value of values) {
    let rest = value;
    while (rest >= 128) {
      bytes[at] = (rest % 128) + 128;
      at += 1;
      rest = Math.floor(rest / 128);
    }
    bytes[at] = rest;
    at += 1;
  }
  return bytes.subarray(0, at);
}

/** Fills a column with what {@link toVarints} packed; RangeError when it has another number of rows. */
export function fromVarints<T extends Float64Array | Uint32Array>(bytes: Uint8Array, into: T): T {
  let at = 0;
  for (let row = 0; row < into.length; row += 1) {
    let value = 0;
    let scale = 1;
    let byte = bytes[at] ?? -1;
    while (byte >= 128) {
      value += (byte - 128) * scale;
      scale *= 128;
      at += 1;
      byte = bytes[at] ?? -1;
    }
    if (byte === -1) throw new RangeError(`a column ends at row ${row} of ${into.length}`);
    into[row] = value + byte * scale;
    at += 1;
  }
  if (at !== bytes.length) throw new RangeError(`a column has more than ${into.length} rows`);
  return into;
}

function ofLength(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length !== length) throw new RangeError(`a column has ${bytes.length} bytes instead of ${length}`);
  return bytes;
}

const BASE64_SLICE = 0x6000;

/** Bytes as base64, in the browser and in Node. */
export function toBase64(bytes: Uint8Array): string {
  let text = "";
  // Slices of a multiple of three bytes join without padding; one call for all would overflow the argument list.
  for (let at = 0; at < bytes.length; at += BASE64_SLICE) {
    text += btoa(String.fromCharCode(...bytes.subarray(at, at + BASE64_SLICE)));
  }
  return text;
}

/** The bytes {@link toBase64} packed. */
export function fromBase64(text: string): Uint8Array {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at);
  return bytes;
}
