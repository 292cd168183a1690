const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;

/** JSON without white space between its tokens; the same bytes when there is none. Strings stay as they are. */
export function compactJson(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) {
      const end = endOfString(bytes, at);
      out.set(bytes.subarray(at, end), length);
      length += end - at;
      at = end - 1;
    } else if (byte > SPACE) {
      out[length] = byte;
      length += 1;
    }
  }
  return length === bytes.length ? bytes : out.slice(0, length);
}

/** The place after the string that begins at `at`; the end of the bytes when it does not end. */
export function endOfString(bytes: Uint8Array, at: number): number {
  for (let end = bytes.indexOf(QUOTE, at + 1); end !== -1; end = bytes.indexOf(QUOTE, end + 1)) {
    let slashes = 0;
    while (bytes[end - 1 - slashes] === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return end + 1;
  }
  return bytes.length;
}
