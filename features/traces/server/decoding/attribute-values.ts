import type { Attribute, AttributeValue } from "@/features/traces/contract";
import type { JaegerTag, OtlpKeyValue } from "./span-schemas";

/** Values nested deeper are shown as "…": nobody sends them in earnest, and walking them must end. */
const MAX_DEPTH = 8;

type Typed = Pick<Attribute, "type" | "value">;
const EMPTY: Typed = { type: "empty", value: null };

/** OTLP's `{key, value: {stringValue: …}}` in our words. Integers that JavaScript cannot hold stay text. */
export function toAttribute({ key, value }: OtlpKeyValue): Attribute {
  return { key, ...typedValue(value, 0) };
}

/** Jaeger's `{key, type, value}` in our words. */
export function toAttributeOfTag({ key, type, value }: JaegerTag): Attribute {
  if (type === "bool") return { key, type: "bool", value: value === true || value === "true" };
  if (type === "int64" || type === "long") return { key, type: "int", value: toInteger(value) };
  if (type === "float64" || type === "double") return { key, type: "double", value: toDouble(value) };
  if (type === "binary") return { key, type: "bytes", value: String(value ?? "") };
  return { key, type: "string", value: typeof value === "string" ? value : JSON.stringify(value ?? "") };
}

function typedValue(value: unknown, depth: number): Typed {
  if (depth > MAX_DEPTH) return { type: "string", value: "…" };
  if (typeof value !== "object" || value === null) return EMPTY;
  const [entry] = Object.entries(value);
  if (entry === undefined) return EMPTY;
  const [kind, inner] = entry;
  switch (kind) {
    case "stringValue":
      return { type: "string", value: String(inner ?? "") };
    case "intValue":
      return { type: "int", value: toInteger(inner) };
    case "doubleValue":
      return { type: "double", value: toDouble(inner) };
    case "boolValue":
      return { type: "bool", value: inner === true };
    case "bytesValue":
      return { type: "bytes", value: String(inner ?? "") };
    case "arrayValue":
      return { type: "array", value: listOf(inner).map((item) => typedValue(item, depth + 1).value) };
    case "kvlistValue":
      return { type: "map", value: toMap(inner, depth) };
    default:
      return EMPTY;
  }
}

function listOf(inner: unknown): unknown[] {
  const values = (inner as { values?: unknown } | null)?.values;
  return Array.isArray(values) ? values : [];
}

function toMap(inner: unknown, depth: number): AttributeValue {
  const pairs = listOf(inner).map((pair): [string, AttributeValue] => {
    const { key, value } = (pair ?? {}) as { key?: unknown; value?: unknown };
    return [String(key ?? ""), typedValue(value, depth + 1).value];
  });
  return Object.fromEntries(pairs);
}

function toInteger(value: unknown): AttributeValue {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value ?? "");
}

/** JSON has no NaN or infinity; they travel as text and stay text. */
function toDouble(value: unknown): AttributeValue {
  const number = Number(value);
  return Number.isFinite(number) ? number : String(value ?? "");
}
