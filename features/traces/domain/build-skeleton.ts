import { SpanIdIndex, type SpanTable } from "./span-table";
import { computeTreeColumns, NO_PARENT, SPAN_FLAGS, type TraceSkeleton } from "./trace-skeleton";

/** The columns of a table of spans. */
export type SpanColumns = Omit<SpanTable, "add">;

/** A skeleton and, for each of its rows, the row of the table it came from. */
export type BuiltSkeleton = { skeleton: TraceSkeleton; sourceRows: Uint32Array };

/** Rounding nanoseconds to microseconds may put a child this far before its parent on one machine. */
const SKEW_TOLERANCE_US = 1;

/**
 * Turns a table of spans in any order into a skeleton. Total over every shape: orphans stand as roots, a cycle is cut at
 * its earliest span, of spans with one id each owns the children that ran in it, the earliest those of no other. No recursion: a chain of
 * 100,000 spans is as fine as 100,000 siblings.
 *
 * @param serviceOf the service of each group of the table
 */
export function buildSkeleton(table: SpanColumns, serviceOf: readonly string[]): BuiltSkeleton {
  const byStart = rowsByStart(table);
  const flags = table.flags.slice(0, table.count);
  const parents = linkParents(table, byStart, flags);
  cutCycles(parents, byStart, flags);
  const sourceRows = depthFirst(parents, byStart);
  return { skeleton: toColumns({ table, serviceOf, parents, flags, sourceRows }), sourceRows };
}

/**
 * Table rows by start; ties by span id, and of spans that share theirs by all else that gives the skeleton its shape: the
 * same spans build the same skeleton in whatever order they come.
 */
function rowsByStart(table: SpanColumns): Uint32Array {
  const { startUs, idHigh, idLow, endUs, parentHigh, parentLow, flags } = table;
  const keys = [startUs, idHigh, idLow, endUs, parentHigh, parentLow, flags];
  return Uint32Array.from({ length: table.count }, (_, row) => row).sort((a, b) => {
    for (const key of keys) {
      const difference = (key[a] ?? 0) - (key[b] ?? 0);
      if (difference !== 0) return difference;
    }
    return a - b;
  });
}

/** Each row's parent row. Marks orphans and duplicate ids. */
function linkParents(table: SpanColumns, byStart: Uint32Array, flags: Uint8Array): Int32Array {
  const index = new SpanIdIndex(table);
  const holders = holdersOfSharedIds(table, { index, byStart, flags });
  const parents = new Int32Array(table.count).fill(NO_PARENT);
  for (let row = 0; row < table.count; row += 1) {
    const high = table.parentHigh[row] ?? 0;
    const low = table.parentLow[row] ?? 0;
    if (high === 0 && low === 0) continue;
    const first = index.rowOf(high, low);
    if (first === -1) mark(flags, row, SPAN_FLAGS.orphan);
    else parents[row] = holderOf(table, row, holders.get(first) ?? [first]);
  }
  return parents;
}

/** Spans with one id that are looked at for each child: a broken program gives all of its spans one. */
const MAX_HOLDERS = 64;

type Rows = { index: SpanIdIndex; byStart: Uint32Array; flags: Uint8Array };

/** For ids that occur more than once: the first row of that id → its rows by start. */
function holdersOfSharedIds(table: SpanColumns, { index, byStart, flags }: Rows): Map<number, number[]> {
  for (const row of byStart) {
    const first = index.rowOf(table.idHigh[row] ?? 0, table.idLow[row] ?? 0);
    if (first === row) continue;
    mark(flags, row, SPAN_FLAGS.duplicateId);
    mark(flags, first, SPAN_FLAGS.duplicateId);
  }
  const holders = new Map<number, number[]>();
  for (const row of byStart) {
    if (((flags[row] ?? 0) & SPAN_FLAGS.duplicateId) === 0) continue;
    const first = index.rowOf(table.idHigh[row] ?? 0, table.idLow[row] ?? 0);
    const rows = holders.get(first) ?? [];
    if (rows.length < MAX_HOLDERS) rows.push(row);
    holders.set(first, rows);
  }
  return holders;
}

/** Of the spans with a parent's id the earliest that the child ran in, else that it began in, else the earliest. */
function holderOf({ startUs, endUs }: SpanColumns, child: number, holders: readonly number[]): number {
  const [earliest = NO_PARENT] = holders;
  if (holders.length === 1) return earliest;
  const [fromUs, toUs] = [startUs[child] ?? 0, endUs[child] ?? 0];
  const began = holders.filter((row) => row !== child && (startUs[row] ?? 0) <= fromUs && (endUs[row] ?? 0) >= fromUs);
  return began.find((row) => (endUs[row] ?? 0) >= toUs) ?? began[0] ?? earliest;
}

const UNSEEN = 0;
const ON_PATH = 1;
const DONE = 2;

/** Walks every chain of parents once; where one meets itself, the earliest row of the loop becomes a root. */
function cutCycles(parents: Int32Array, byStart: Uint32Array, flags: Uint8Array): void {
  const rank = new Uint32Array(parents.length);
  byStart.forEach((row, at) => {
    rank[row] = at;
  });
  const state = new Uint8Array(parents.length);
  const path: number[] = [];
  for (const start of byStart) {
    let row = start;
    while (row !== NO_PARENT && state[row] === UNSEEN) {
      state[row] = ON_PATH;
      path.push(row);
      row = parents[row] ?? NO_PARENT;
    }
    if (row !== NO_PARENT && state[row] === ON_PATH) {
      const loop = path.slice(path.indexOf(row));
      const root = loop.reduce((a, b) => ((rank[b] ?? 0) < (rank[a] ?? 0) ? b : a));
      parents[root] = NO_PARENT;
      for (const member of loop) mark(flags, member, SPAN_FLAGS.cycle);
    }
    for (const seen of path) state[seen] = DONE;
    path.length = 0;
  }
}

/** Table rows in depth-first order, siblings and roots by start. */
function depthFirst(parents: Int32Array, byStart: Uint32Array): Uint32Array {
  const count = parents.length;
  // Last-to-first linked lists of children: pushing each list on the stack pops it first-to-last.
  const lastChild = new Int32Array(count + 1).fill(NO_PARENT);
  const previousSibling = new Int32Array(count).fill(NO_PARENT);
  for (const row of byStart) {
    const parent = parents[row] ?? NO_PARENT;
    const list = parent === NO_PARENT ? count : parent;
    previousSibling[row] = lastChild[list] ?? NO_PARENT;
    lastChild[list] = row;
  }
  const order = new Uint32Array(count);
  const stack = new Int32Array(count);
  let height = 0;
  const push = (list: number) => {
    for (let row = lastChild[list] ?? NO_PARENT; row !== NO_PARENT; row = previousSibling[row] ?? NO_PARENT) {
      stack[height] = row;
      height += 1;
    }
  };
  push(count);
  for (let at = 0; height > 0; at += 1) {
    height -= 1;
    const row = stack[height] ?? 0;
    order[at] = row;
    push(row);
  }
  return order;
}

type Parts = {
  table: SpanColumns;
  serviceOf: readonly string[];
  parents: Int32Array;
  flags: Uint8Array;
  sourceRows: Uint32Array;
};

function toColumns({ table, serviceOf, parents, flags, sourceRows }: Parts): TraceSkeleton {
  const { count } = table;
  const { services, indexOfGroup } = serviceTable(serviceOf);
  const startUs = count === 0 ? 0 : (table.startUs.subarray(0, count).reduce((a, b) => Math.min(a, b)) ?? 0);
  const endUs = table.endUs.subarray(0, count).reduce((a, b) => Math.max(a, b), startUs);
  const rowOfSource = new Int32Array(count);
  sourceRows.forEach((source, row) => {
    rowOfSource[source] = row;
  });
  const parent = new Int32Array(count);
  const spanStartUs = new Float64Array(count);
  const spanDurationUs = new Float64Array(count);
  const outFlags = new Uint8Array(count);
  sourceRows.forEach((source, row) => {
    const above = parents[source] ?? NO_PARENT;
    parent[row] = above === NO_PARENT ? NO_PARENT : (rowOfSource[above] ?? NO_PARENT);
    const start = table.startUs[source] ?? 0;
    spanStartUs[row] = start - startUs;
    spanDurationUs[row] = (table.endUs[source] ?? 0) - start;
    const isSkewed = above !== NO_PARENT && start + SKEW_TOLERANCE_US < (table.startUs[above] ?? 0);
    outFlags[row] = (flags[source] ?? 0) | (isSkewed ? SPAN_FLAGS.skewed : 0);
  });
  return {
    spanCount: count,
    startUs,
    durationUs: endUs - startUs,
    names: table.names.strings,
    services,
    details: table.details.strings,
    waits: table.waits.strings,
    spanStartUs,
    spanDurationUs,
    parent,
    nameIndex: sourceRows.map((source) => table.name[source] ?? 0),
    serviceIndex: sourceRows.map((source) => indexOfGroup[table.group[source] ?? -1] ?? 0),
    detailIndex: sourceRows.map((source) => table.detail[source] ?? 0),
    waitIndex: sourceRows.map((source) => table.waitsFor[source] ?? 0),
    kind: Uint8Array.from(sourceRows, (source) => table.kind[source] ?? 0),
    category: Uint8Array.from(sourceRows, (source) => table.category[source] ?? 0),
    flags: outFlags,
    ...computeTreeColumns(parent),
    spanIds: toIdBytes(table, sourceRows),
  };
}

/** Service names each once, by name; index 0 is "" for spans that say no service. */
function serviceTable(serviceOf: readonly string[]) {
  const services = ["", ...[...new Set(serviceOf)].filter(Boolean).sort()];
  const indexOf = new Map(services.map((service, index) => [service, index]));
  return { services, indexOfGroup: serviceOf.map((service) => indexOf.get(service) ?? 0) };
}

function toIdBytes(table: SpanColumns, sourceRows: Uint32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(sourceRows.length * 8));
  sourceRows.forEach((source, row) => {
    view.setUint32(row * 8, table.idHigh[source] ?? 0);
    view.setUint32(row * 8 + 4, table.idLow[source] ?? 0);
  });
  return new Uint8Array(view.buffer);
}

function mark(flags: Uint8Array, row: number, flag: number): void {
  flags[row] = (flags[row] ?? 0) | flag;
}
