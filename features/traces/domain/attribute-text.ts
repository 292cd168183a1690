/** The sentence a reader gets for text that is not a list of `key=value`. */
export type AttributeTextResult = { attributes: Record<string, string> } | { problem: string };

/**
 * `http.status_code=500 db.system="my sql"` → a map. Pairs stand apart by spaces or commas; a value with either is
 * quoted, with `\"` and `\\` inside. A key twice is refused: the filter is an AND and would never match.
 */
export function parseAttributeText(text: string): AttributeTextResult {
  const attributes = new Map<string, string>();
  const pair = /[\s,]*([^\s,="]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*))(?=[\s,]|$)/y;
  let at = 0;
  while (/[^\s,]/.test(text.slice(at))) {
    pair.lastIndex = at;
    const match = pair.exec(text);
    if (match === null) return { problem: `Write attributes as key=value; “${text.slice(at).trim()}” is not one.` };
    const [, key = "", quoted, bare = ""] = match;
    if (attributes.has(key)) return { problem: `The attribute ${key} stands here twice.` };
    attributes.set(key, quoted === undefined ? bare : quoted.replaceAll(/\\(.)/g, "$1"));
    at = pair.lastIndex;
  }
  return { attributes: Object.fromEntries(attributes) };
}

/** The text {@link parseAttributeText} reads back to the same map. */
export function toAttributeText(attributes: Readonly<Record<string, string>>): string {
  return Object.entries(attributes)
    .map(([key, value]) => `${key}=${/^[^\s,"]+$/.test(value) ? value : `"${value.replaceAll(/["\\]/g, "\\$&")}"`}`)
    .join(" ");
}
