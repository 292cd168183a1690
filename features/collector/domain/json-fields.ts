import { AppError } from "@/lib/errors";
import { MAX_VALUE_DEPTH } from "./ingest-limits";
import { WireWriter } from "./wire-writer";

export type JsonRecord = { readonly [name: string]: unknown };

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function wrong(name: string, expected: string): AppError {
  return new AppError("invalid_input", `The field "${name}" must be ${expected}.`);
}

/** A list of objects under either spelling of its name; absent and null are empty. */
export function listOf(holder: JsonRecord, name: string, alias: string): JsonRecord[] {
  const value = holder[name] ?? holder[alias] ?? [];
  if (!Array.isArray(value)) throw wrong(name, "a list");
  return value.map((item: unknown) => {
    if (!isRecord(item)) throw wrong(name, "a list of objects");
    return item;
  });
}

/** An id from hexadecimal text; anything else is empty, which no id may be. */
export function idBytes(value: unknown): Buffer {
  return typeof value === "string" && /^(?:[0-9a-f]{2})*$/i.test(value) ? Buffer.from(value, "hex") : Buffer.alloc(0);
}

/** A count or enum: a whole number from 0 to 2^32-1, as a number or as text. */
export function wholeOf(value: unknown): number {
  if (value === undefined || value === null) return 0;
  const number = typeof value === "string" ? Number(value) : value;
  if (typeof number !== "number" || !Number.isInteger(number) || number < 0 || number > 0xffff_ffff) {
    throw new AppError("invalid_input", `"${String(value).slice(0, 40)}" is not a whole number from 0 to 4294967295.`);
  }
  return number;
}

/** Nanoseconds since 1970 as text or number. A number beyond 2^53 has lost its last digits before it got here. */
export function nanosOf(value: unknown): bigint {
  const nanos = int64Of(value ?? 0);
  if (nanos < 0n || nanos > 0xffff_ffff_ffff_ffffn) {
    throw new AppError("invalid_input", "A time must be between 0 and 2^64-1 nanoseconds.");
  }
  return nanos;
}

function int64Of(value: unknown): bigint {
  if (typeof value === "string" && /^-?\d{1,20}$/.test(value)) return BigInt(value);
  if (typeof value === "number" && Number.isInteger(value)) return BigInt(value);
  throw new AppError("invalid_input", `"${String(value).slice(0, 40)}" is not a 64-bit whole number.`);
}

export function encodeText(writer: WireWriter, field: number, value: unknown): void {
  if (value === undefined || value === null || value === "") return;
  if (typeof value !== "string") throw new AppError("invalid_input", "A text field holds something else.");
  writer.text(field, value);
}

export function encodeAttributes(writer: WireWriter, field: number, holder: JsonRecord): void {
  for (const attribute of listOf(holder, "attributes", "attributes")) writer.message(field, encodePair(attribute, 0));
}

function encodePair(pair: JsonRecord, depth: number): WireWriter {
  const writer = new WireWriter();
  encodeText(writer, 1, pair.key);
  if (isRecord(pair.value)) writer.message(2, encodeValue(pair.value, depth));
  return writer;
}

/** Recursion is bounded twice: by the depth of the whole body before it is parsed, and here. */
function encodeValue(value: JsonRecord, depth: number): WireWriter {
  const writer = new WireWriter();
  if (depth > MAX_VALUE_DEPTH + 1) return writer;
  const array = value.arrayValue ?? value.array_value;
  const list = value.kvlistValue ?? value.kvlist_value;
  if (isRecord(array)) {
    const items = new WireWriter();
    for (const item of listOf(array, "values", "values")) items.message(1, encodeValue(item, depth + 1));
    writer.message(5, items);
  } else if (isRecord(list)) {
    const items = new WireWriter();
    for (const item of listOf(list, "values", "values")) items.message(1, encodePair(item, depth + 1));
    writer.message(6, items);
  } else encodeScalar(writer, value);
  return writer;
}

function encodeScalar(writer: WireWriter, value: JsonRecord): void {
  const text = value.stringValue ?? value.string_value;
  const flag = value.boolValue ?? value.bool_value;
  const whole = value.intValue ?? value.int_value;
  const real = value.doubleValue ?? value.double_value;
  const bytes = value.bytesValue ?? value.bytes_value;
  if (typeof text === "string") writer.text(1, text);
  else if (typeof flag === "boolean") writer.number(2, flag ? 1 : 0);
  else if (whole !== undefined && whole !== null) writer.int64(3, BigInt.asIntN(64, int64Of(whole)));
  else if (real !== undefined && real !== null) writer.double(4, realOf(real));
  else if (typeof bytes === "string") writer.bytes(7, Buffer.from(bytes, "base64"));
}

function realOf(value: unknown): number {
  if (value === "NaN") return Number.NaN;
  const number = value === "Infinity" || value === "-Infinity" || typeof value === "string" ? Number(value) : value;
  if (typeof number !== "number" || (Number.isNaN(number) && value !== "NaN")) {
    throw new AppError("invalid_input", `"${String(value).slice(0, 40)}" is not a number.`);
  }
  return number;
}
