import { StringTable } from "./string-table";

/** One span on its way into a {@link SpanTable}; a decoder reuses one draft for all spans. */
export type SpanDraft = {
  /** Span ids as two unsigned 32-bit halves: a hundred thousand 16-character strings cost more than the trace. */
  idHigh: number;
  idLow: number;
  /** 0, 0 for none. */
  parentHigh: number;
  parentLow: number;
  /** Epoch microseconds. */
  startUs: number;
  endUs: number;
  name: string;
  detail: string;
  /** What a client span waits for (`postgresql`, a peer's name or host), or "". */
  waitsFor: string;
  kind: number;
  /** Index into `SPAN_CATEGORIES`. */
  category: number;
  /** Bits of `SPAN_FLAGS`. */
  flags: number;
  /** Which of the document's resources (OTLP) or processes (Jaeger) it belongs to; -1 for none. */
  group: number;
  /** Which of the document's scopes; -1 for none. */
  scope: number;
  /** Where its text stands in the document, so that details can be read later. */
  byteStart: number;
  byteEnd: number;
};

const NUMBER_FIELDS = ["idHigh", "idLow", "parentHigh", "parentLow", "byteStart", "byteEnd"] as const;

/** Distinct one-line details kept per trace; a trace with a unique URL per span must not ship them all. */
const MAX_DETAIL_CHARACTERS = 256 * 1024;
const MAX_WAITS_CHARACTERS = 16 * 1024;

/** The spans of one trace as columns, in the order of the document. Grows fourfold. */
export class SpanTable {
  count = 0;
  readonly names = new StringTable();
  readonly details = new StringTable({ maxCharacters: MAX_DETAIL_CHARACTERS });
  readonly waits = new StringTable({ maxCharacters: MAX_WAITS_CHARACTERS });
  startUs = new Float64Array(16);
  endUs = new Float64Array(16);
  idHigh = new Uint32Array(16);
  idLow = new Uint32Array(16);
  parentHigh = new Uint32Array(16);
  parentLow = new Uint32Array(16);
  byteStart = new Uint32Array(16);
  byteEnd = new Uint32Array(16);
  name = new Uint32Array(16);
  detail = new Uint32Array(16);
  waitsFor = new Uint32Array(16);
  group = new Int32Array(16);
  scope = new Int32Array(16);
  kind = new Uint8Array(16);
  category = new Uint8Array(16);
  flags = new Uint8Array(16);

  add(span: SpanDraft): void {
    const row = this.count;
    if (row === this.startUs.length) this.#grow();
    for (const field of NUMBER_FIELDS) this[field][row] = span[field];
    this.startUs[row] = span.startUs;
    this.endUs[row] = Math.max(span.startUs, span.endUs);
    this.name[row] = this.names.indexOf(span.name);
    this.detail[row] = this.details.indexOf(span.detail);
    this.waitsFor[row] = this.waits.indexOf(span.waitsFor);
    this.group[row] = span.group;
    this.scope[row] = span.scope;
    this.kind[row] = span.kind;
    this.category[row] = span.category;
    this.flags[row] = span.flags;
    this.count = row + 1;
  }

  #grow(): void {
    const length = this.startUs.length * 4;
    for (const field of NUMBER_FIELDS) this[field] = copied(this[field], new Uint32Array(length));
    this.startUs = copied(this.startUs, new Float64Array(length));
    this.endUs = copied(this.endUs, new Float64Array(length));
    this.name = copied(this.name, new Uint32Array(length));
    this.detail = copied(this.detail, new Uint32Array(length));
    this.waitsFor = copied(this.waitsFor, new Uint32Array(length));
    this.group = copied(this.group, new Int32Array(length));
    this.scope = copied(this.scope, new Int32Array(length));
    this.kind = copied(this.kind, new Uint8Array(length));
    this.category = copied(this.category, new Uint8Array(length));
    this.flags = copied(this.flags, new Uint8Array(length));
  }
}

function copied<T extends { set(from: T): void }>(from: T, into: T): T {
  into.set(from);
  return into;
}

/** Finds rows by span id: open addressing over the id halves, half full at most. The first row of an id wins. */
export class SpanIdIndex {
  readonly #slots: Int32Array;
  readonly #table: Pick<SpanTable, "idHigh" | "idLow">;

  constructor(table: Pick<SpanTable, "idHigh" | "idLow" | "count">) {
    this.#table = table;
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(4, table.count * 2)))).fill(-1);
    for (let row = 0; row < table.count; row += 1) {
      const slot = this.#slotOf(table.idHigh[row] ?? 0, table.idLow[row] ?? 0);
      if (this.#slots[slot] === -1) this.#slots[slot] = row;
    }
  }

  /** The first row with this id, or -1. */
  rowOf(idHigh: number, idLow: number): number {
    return this.#slots[this.#slotOf(idHigh, idLow)] ?? -1;
  }

  #slotOf(idHigh: number, idLow: number): number {
    const mask = this.#slots.length - 1;
    let slot = mixed(idHigh, idLow) & mask;
    for (let row = this.#slots[slot] ?? -1; row !== -1; row = this.#slots[slot] ?? -1) {
      if (this.#table.idHigh[row] === idHigh && this.#table.idLow[row] === idLow) break;
      slot = (slot + 1) & mask;
    }
    return slot;
  }
}

/** Murmur3's finaliser over both halves, so that ids counted up from 1 spread too. */
function mixed(high: number, low: number): number {
  let hash = Math.imul(high ^ (high >>> 16), 0x85ebca6b) ^ low;
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
