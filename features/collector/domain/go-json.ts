import type { AnyValueJson } from "./otlp-json";

/** A nested value as the JSON Go prints of it: keys sorted, of equal keys the last, markup characters escaped. */
export function printGoJson(value: AnyValueJson | undefined): string {
  if (value?.arrayValue !== undefined) return `[${(value.arrayValue.values ?? []).map(printGoJson).join(",")}]`;
  if (value?.kvlistValue !== undefined) {
    const byKey = new Map((value.kvlistValue.values ?? []).map((pair) => [pair.key, printGoJson(pair.value)]));
    const keys = [...byKey.keys()].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    return `{${keys.map((key) => `${quoted(key)}:${byKey.get(key)}`).join(",")}}`;
  }
  if (value?.intValue !== undefined) return value.intValue;
  if (value?.doubleValue !== undefined) return formatDouble(Number(value.doubleValue));
  if (value?.boolValue !== undefined) return String(value.boolValue);
  const text = value?.stringValue ?? value?.bytesValue;
  return text === undefined ? "null" : quoted(text);
}

/** A double as Go prints it with the fewest digits that read back the same; integers carry no ".0". */
export function formatDouble(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
  return Object.is(value, -0) ? "-0" : String(value);
}

function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
