/** S3's limit, in bytes of UTF-8. */
export const MAX_KEY_BYTES = 1024;

/**
 * Why a key cannot be copied as it is, or `undefined`. Found while planning, so that it blocks nothing later.
 * Dot segments are refused although S3 takes them: proxies, browsers and file-backed servers fold them away.
 */
export function keyProblem(key: string): string | undefined {
  if (key === "") return "empty key";
  if (utf8Length(key) > MAX_KEY_BYTES) return `key longer than ${MAX_KEY_BYTES} bytes`;
  if (key.includes("\u0000")) return "key with a NUL byte";
  if (key.split("/").some((segment) => segment === "." || segment === "..")) return "key with a dot segment";
  if (!key.isWellFormed()) return "key that is not valid Unicode";
  return undefined;
}

/** Bytes of a string in UTF-8, without encoding it. */
function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

/** Percent-encodes a key for a URL path exactly as Signature V4 wants it: all but unreserved characters and slashes. */
export function encodeKey(key: string): string {
  return key.split("/").map(encodeSegment).join("/");
}

function encodeSegment(segment: string): string {
  return encodeURIComponent(segment).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}
