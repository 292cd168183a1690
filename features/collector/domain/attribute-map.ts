/** A search's attributes, a JSON object of texts (empty text: none), or Go's own complaint about it. */
export function parseAttributeMap(text: string): { attributes: Map<string, string> } | { problem: string } {
  const attributes = new Map<string, string>();
  if (text === "") return { attributes };
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    return { problem: goComplaint(text, error instanceof Error ? error.message : "") };
  }
  if (parsed === null) return { attributes };
  if (typeof parsed !== "object" || Array.isArray(parsed)) {
    return { problem: `json: cannot unmarshal ${goKind(parsed)} into Go value of type map[string]string` };
  }
  for (const [key, value] of Object.entries(parsed)) {
    if (typeof value !== "string") {
      return { problem: `json: cannot unmarshal ${goKind(value)} into Go value of type string` };
    }
    attributes.set(key, value);
  }
  return { attributes };
}

function goKind(value: unknown): string {
  if (Array.isArray(value)) return "array";
  return typeof value === "boolean" ? "bool" : typeof value;
}

/** What V8 expected, and Go's words for it. */
const PLACES: [RegExp, string][] = [
  [/':'/, "after object key"],
  [/property name/, "looking for beginning of object key string"],
  [/'}'/, "after object key:value pair"],
  [/']'/, "after array element"],
  [/after JSON/, "after top-level value"],
];

function goComplaint(text: string, message: string): string {
  const at = Number(/position (\d+)/.exec(message)?.[1] ?? (/end of JSON/.test(message) ? text.length : 0));
  if (at >= text.length) return "unexpected end of JSON input";
  const place = PLACES.find(([pattern]) => pattern.test(message))?.[1] ?? "looking for beginning of value";
  return `invalid character '${text[at] ?? ""}' ${place}`;
}
