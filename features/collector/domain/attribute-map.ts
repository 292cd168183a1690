/** A search's attributes, a JSON object of texts (empty text: none), or Go's own complaint about it. */
export function parseAttributeMap(text: string): { attributes: Map<string, string> } | { problem: string } {
  const attributes = new Map<string, string>();
  if (text === "") return { attributes };
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return { problem: `invalid character '${text[0] ?? ""}' looking for beginning of value` };
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
