import { formatDouble, printGoJson } from "./go-json";
import { MAX_VALUE_DEPTH } from "./ingest-limits";
import type { AnyValueJson, KeyValueJson } from "./otlp-json";
import type { WireReader } from "./wire-reader";

/** Reads one attribute. A pair without a value has no `value`. */
export function decodePair(reader: WireReader, depth = 0): KeyValueJson {
  const pair: KeyValueJson = { key: "" };
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === 1) pair.key = reader.text();
    else if (field === 2) pair.value = decodeValue(reader.message(), depth);
    else reader.skip();
  }
  return pair;
}

/** Reads a value; of several, the last one counts. Recursion ends at the depth ingest lets through. */
export function decodeValue(reader: WireReader, depth = 0): AnyValueJson {
  let value: AnyValueJson = {};
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    const read = READ_SCALAR[field];
    if (read !== undefined) value = read(reader);
    else if ((field === 5 || field === 6) && depth <= MAX_VALUE_DEPTH) value = decodeNested(reader, field, depth + 1);
    else reader.skip();
  }
  return value;
}

const READ_SCALAR: { [field: number]: (reader: WireReader) => AnyValueJson } = {
  1: (reader) => ({ stringValue: reader.text() }),
  2: (reader) => ({ boolValue: reader.number() !== 0 }),
  3: (reader) => ({ intValue: reader.int64().toString() }),
  4: (reader) => ({ doubleValue: jsonDouble(reader.double()) }),
  7: (reader) => ({ bytesValue: reader.view().toString("base64") }),
};

function decodeNested(holder: WireReader, kind: 5 | 6, depth: number): AnyValueJson {
  const reader = holder.message();
  const values: AnyValueJson[] = [];
  const pairs: KeyValueJson[] = [];
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field !== 1) reader.skip();
    else if (kind === 5) values.push(decodeValue(reader.message(), depth));
    else pairs.push(decodePair(reader.message(), depth));
  }
  if (kind === 5) return { arrayValue: values.length === 0 ? {} : { values } };
  return { kvlistValue: pairs.length === 0 ? {} : { values: pairs } };
}

function jsonDouble(value: number): number | string {
  if (Number.isFinite(value)) return value;
  return Number.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
}

/** A value as the text Jaeger compares and prints: plain for scalars, JSON for lists and arrays, base64 for bytes. */
export function textOfValue(value: AnyValueJson | undefined): string {
  if (value === undefined) return "";
  if (value.doubleValue !== undefined) return formatDouble(Number(value.doubleValue));
  if (value.boolValue !== undefined) return String(value.boolValue);
  if (value.arrayValue !== undefined || value.kvlistValue !== undefined) return printGoJson(value);
  return value.stringValue ?? value.intValue ?? value.bytesValue ?? "";
}
