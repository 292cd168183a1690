import { MAX_ATTRIBUTES, MAX_VALUE_BYTES } from "./ingest-limits";
import { WIRE_BYTES, WireReader } from "./wire-reader";
import { WireWriter } from "./wire-writer";

/** Where a message keeps its attributes, its count of dropped ones, and further messages with attributes. */
type Layout = { attributes: number; dropped: number; inner: ReadonlyMap<number, Layout> };
const EVENT: Layout = { attributes: 3, dropped: 4, inner: new Map() };
const LINK: Layout = { attributes: 4, dropped: 5, inner: new Map() };
const SPAN: Layout = {
  attributes: 9,
  dropped: 10,
  inner: new Map([
    [11, EVENT],
    [13, LINK],
  ]),
};

/**
 * Rewrites a span within the limits: attributes beyond {@link MAX_ATTRIBUTES} are dropped and counted in
 * `dropped_attributes_count`, text and bytes are cut at {@link MAX_VALUE_BYTES} (text at a character), nested values
 * that are larger are dropped and counted. Everything else keeps its bytes.
 */
export function trimSpan(span: Buffer): Buffer {
  return trimHolder(span, SPAN);
}

function trimHolder(bytes: Buffer, layout: Layout): Buffer {
  const reader = new WireReader(bytes);
  const writer = new WireWriter();
  const count = { kept: 0, dropped: 0 };
  let start = reader.position;
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    const inner = layout.inner.get(field);
    if (field === layout.attributes) trimAttribute(reader.view(), field, writer, count);
    else if (field === layout.dropped) count.dropped += reader.number();
    else if (inner !== undefined) writer.bytes(field, trimHolder(reader.view(), inner));
    else {
      reader.skip();
      writer.raw(bytes.subarray(start, reader.position));
    }
    start = reader.position;
  }
  if (count.dropped > 0) writer.number(layout.dropped, count.dropped);
  return writer.finish();
}

function trimAttribute(
  pair: Buffer,
  field: number,
  writer: WireWriter,
  count: { kept: number; dropped: number },
): void {
  const trimmed = count.kept < MAX_ATTRIBUTES ? trimPair(pair) : undefined;
  if (trimmed === undefined) {
    count.dropped += 1;
    return;
  }
  count.kept += 1;
  writer.bytes(field, trimmed);
}

/** The pair within the limits; `undefined` when its value cannot be cut. */
function trimPair(pair: Buffer): Buffer | undefined {
  if (pair.length <= MAX_VALUE_BYTES) return pair;
  const reader = new WireReader(pair);
  const writer = new WireWriter();
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (reader.wireType !== WIRE_BYTES) {
      reader.skip();
      continue;
    }
    const content = reader.view();
    if (field === 1) writer.bytes(1, cutText(content));
    else if (field === 2) {
      const value = trimValue(content);
      if (value === undefined) return undefined;
      writer.bytes(2, value);
    }
  }
  return writer.finish();
}

function trimValue(value: Buffer): Buffer | undefined {
  const reader = new WireReader(value);
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === 1 || field === 7) {
      const content = reader.view();
      const writer = new WireWriter();
      writer.bytes(field, field === 1 ? cutText(content) : content.subarray(0, MAX_VALUE_BYTES));
      return writer.finish();
    }
    reader.skip();
  }
  return value.length > MAX_VALUE_BYTES ? undefined : value;
}

/** Cuts UTF-8 at the last whole character that fits. */
function cutText(text: Buffer): Buffer {
  if (text.length <= MAX_VALUE_BYTES) return text;
  let end = MAX_VALUE_BYTES;
  while (end > 0 && ((text[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return text.subarray(0, end);
}
