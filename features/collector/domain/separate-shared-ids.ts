import { WireReader } from "./wire-reader";
import { WireWriter } from "./wire-writer";

const KIND_SERVER = 2;
const KIND_CLIENT = 3;
const SPAN_ID = 2;
const PARENT_ID = 4;
const KIND = 6;

/** Ids as latin-1 text, good as map keys; an absent parent is empty. */
type Ids = { spanId: string; parentId: string; kind: number };

/** Spans looked at before others get their turn. */
const SPANS_PER_TURN = 4096;

/**
 * Zipkin's way of tracing gives both sides of a call one span id. As Jaeger shows such a trace, the server's side gets an
 * id of its own below the client's, and what was below the shared id follows it: the smallest free ids, in the order of
 * the spans. Replaces spans in the lists, which together are one trace; yields every few thousand spans.
 */
export function* separateSharedIds(lists: readonly Buffer[][]): Generator<void, void> {
  const all: Ids[] = [];
  for (const span of lists.flat()) {
    if (all.push(readIds(span)) % SPANS_PER_TURN === 0) yield;
  }
  const changed = moveServers(all);
  let at = 0;
  for (const spans of lists) {
    for (const [index, span] of spans.entries()) {
      const ids = all[at];
      if (ids !== undefined && changed.has(ids)) spans[index] = withIds(span, ids);
      at += 1;
      if (at % SPANS_PER_TURN === 0) yield;
    }
  }
}

/** Gives the ids anew, in place; those that changed. */
function moveServers(all: readonly Ids[]): Set<Ids> {
  const clients = new Set(all.filter(({ kind }) => kind === KIND_CLIENT).map(({ spanId }) => spanId));
  const servers = all.filter(({ kind, spanId }) => kind === KIND_SERVER && clients.has(spanId));
  const free = freeIds(new Set(all.map(({ spanId }) => spanId)));
  const newIds = new Map<string, string>();
  for (const ids of servers) {
    const spanId = free.next().value;
    newIds.set(ids.spanId, spanId);
    Object.assign(ids, { parentId: ids.spanId, spanId });
  }
  const changed = new Set(servers);
  if (newIds.size === 0) return changed;
  for (const ids of all) {
    const parentId = newIds.get(ids.parentId);
    if (parentId !== undefined && parentId !== ids.spanId) changed.add(Object.assign(ids, { parentId }));
  }
  return changed;
}

function readIds(span: Buffer): Ids {
  const reader = new WireReader(span);
  const ids: Ids = { spanId: "", parentId: "", kind: 0 };
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === SPAN_ID) ids.spanId = reader.view().toString("latin1");
    else if (field === PARENT_ID) ids.parentId = reader.view().toString("latin1");
    else if (field === KIND) ids.kind = reader.number();
    else reader.skip();
  }
  return ids;
}

/** The ids 1, 2, 3 … of eight bytes that are not taken. */
function* freeIds(taken: ReadonlySet<string>): Generator<string, never> {
  for (let number = 1n; ; number += 1n) {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64BE(number);
    const id = bytes.toString("latin1");
    if (!taken.has(id)) yield id;
  }
}

/** The span with other ids: of a field that comes twice, protobuf's readers take the last. */
function withIds(span: Buffer, { spanId, parentId }: Ids): Buffer {
  const writer = new WireWriter();
  writer.raw(span);
  writer.bytes(SPAN_ID, Buffer.from(spanId, "latin1"));
  writer.bytes(PARENT_ID, Buffer.from(parentId, "latin1"));
  return writer.finish();
}
