import { decodePair } from "./decode-value";
import {
  compact,
  type EventJson,
  type KeyValueJson,
  type LinkJson,
  type ResourceJson,
  type ScopeJson,
  type SpanJson,
} from "./otlp-json";
import { WireReader } from "./wire-reader";

const ZERO_ID = /^0*$/;
export const EMPTY_SPAN_NAME = "empty-span-name";

/** Reads a stored span into Jaeger's JSON: attributes sorted by key, events by time, links without ids dropped. */
export function decodeSpan(bytes: Buffer): SpanJson {
  const reader = new WireReader(bytes);
  const draft: Draft = { ids: {}, name: "", attributes: [], events: [], links: [], numbers: {}, times: {}, status: {} };
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) readSpanField(reader, field, draft);
  const { ids, numbers, times } = draft;
  return compact<SpanJson>({
    traceId: ids[1] ?? "",
    spanId: ids[2] ?? "",
    traceState: draft.traceState,
    parentSpanId: ids[4] !== undefined && ZERO_ID.test(ids[4]) ? undefined : ids[4],
    flags: numbers[16],
    name: draft.name === "" ? EMPTY_SPAN_NAME : draft.name,
    kind: numbers[6],
    startTimeUnixNano: times[7],
    endTimeUnixNano: times[8],
    attributes: sortedByKey(draft.attributes),
    droppedAttributesCount: numbers[10],
    events: draft.events.sort((a, b) => compareNanos(a.timeUnixNano, b.timeUnixNano)),
    droppedEventsCount: numbers[12],
    links: draft.links.filter(({ traceId, spanId }) => !ZERO_ID.test(traceId) || !ZERO_ID.test(spanId)),
    droppedLinksCount: numbers[14],
    status: draft.status,
  });
}

type ByField<T> = { [field: number]: T };
type Draft = {
  ids: ByField<string>;
  numbers: ByField<number>;
  times: ByField<string>;
  name: string;
  traceState?: string;
  attributes: KeyValueJson[];
  events: EventJson[];
  links: LinkJson[];
  status: { message?: string; code?: number };
};

const READ_SPAN_FIELD: ByField<(reader: WireReader, draft: Draft, field: number) => void> = {
  1: readId,
  2: readId,
  3: (reader, draft) => {
    draft.traceState = reader.text();
  },
  4: readId,
  5: (reader, draft) => {
    draft.name = reader.text();
  },
  6: readNumber,
  7: readTime,
  8: readTime,
  9: (reader, draft) => draft.attributes.push(decodePair(reader.message())),
  10: readNumber,
  11: (reader, draft) => draft.events.push(decodeEvent(reader.message())),
  12: readNumber,
  13: (reader, draft) => draft.links.push(decodeLink(reader.message())),
  14: readNumber,
  15: (reader, draft) => {
    draft.status = decodeStatus(reader.message());
  },
  16: (reader, draft) => {
    draft.numbers[16] = reader.fixed32();
  },
};

function readSpanField(reader: WireReader, field: number, draft: Draft): void {
  const read = READ_SPAN_FIELD[field];
  if (read === undefined) reader.skip();
  else read(reader, draft, field);
}

function readId(reader: WireReader, draft: Draft, field: number): void {
  draft.ids[field] = reader.view().toString("hex");
}

function readNumber(reader: WireReader, draft: Draft, field: number): void {
  draft.numbers[field] = reader.number();
}

function readTime(reader: WireReader, draft: Draft, field: number): void {
  const nanos = reader.fixed64();
  if (nanos !== 0n) draft.times[field] = nanos.toString();
}

function decodeEvent(reader: WireReader): EventJson {
  const attributes: KeyValueJson[] = [];
  const event: EventJson = {};
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === 1) event.timeUnixNano = reader.fixed64().toString();
    else if (field === 2) event.name = reader.text();
    else if (field === 3) attributes.push(decodePair(reader.message()));
    else if (field === 4) event.droppedAttributesCount = reader.number();
    else reader.skip();
  }
  return compact<EventJson>({
    timeUnixNano: event.timeUnixNano === "0" ? undefined : event.timeUnixNano,
    name: event.name,
    attributes: sortedByKey(attributes),
    droppedAttributesCount: event.droppedAttributesCount,
  });
}

function decodeLink(reader: WireReader): LinkJson {
  const attributes: KeyValueJson[] = [];
  const link: LinkJson = { traceId: "", spanId: "" };
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === 1) link.traceId = reader.view().toString("hex");
    else if (field === 2) link.spanId = reader.view().toString("hex");
    else if (field === 3) link.traceState = reader.text();
    else if (field === 4) attributes.push(decodePair(reader.message()));
    else if (field === 5) link.droppedAttributesCount = reader.number();
    else if (field === 6) link.flags = reader.fixed32();
    else reader.skip();
  }
  const { traceId, spanId } = link;
  const rest = compact<Omit<LinkJson, "traceId" | "spanId">>({
    traceState: link.traceState,
    attributes: sortedByKey(attributes),
    droppedAttributesCount: link.droppedAttributesCount,
    flags: link.flags,
  });
  return { traceId, spanId, ...rest };
}

function decodeStatus(reader: WireReader): { message?: string; code?: number } {
  let message = "";
  let code = 0;
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === 2) message = reader.text();
    else if (field === 3) code = reader.number();
    else reader.skip();
  }
  return compact<{ message?: string; code?: number }>({ message, code });
}

/** Reads a resource; a missing or unusable service name gets Jaeger's stand-in. */
export function decodeResource(bytes: Buffer, service: string): ResourceJson {
  const { attributes, dropped } = decodeHolder(bytes, 1, 2);
  const own = attributes.find(({ key }) => key === "service.name");
  if (own === undefined) attributes.push({ key: "service.name", value: { stringValue: service } });
  else own.value = { stringValue: service };
  return compact<ResourceJson>({ attributes: sortedByKey(attributes), droppedAttributesCount: dropped });
}

export function decodeScope(bytes: Buffer): ScopeJson {
  const { attributes, dropped, texts } = decodeHolder(bytes, 3, 4);
  return compact<ScopeJson>({
    name: texts[1],
    version: texts[2],
    attributes: sortedByKey(attributes),
    droppedAttributesCount: dropped,
  });
}

function decodeHolder(bytes: Buffer, attributesField: number, droppedField: number) {
  const reader = new WireReader(bytes);
  const attributes: KeyValueJson[] = [];
  const texts: ByField<string> = {};
  let dropped = 0;
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === attributesField) attributes.push(decodePair(reader.message()));
    else if (field === droppedField) dropped = reader.number();
    else if (field < attributesField) texts[field] = reader.text();
    else reader.skip();
  }
  return { attributes, dropped, texts };
}

function sortedByKey(pairs: KeyValueJson[]): KeyValueJson[] {
  return pairs.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

function compareNanos(a = "0", b = "0"): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}
