import { lastAtMost, type RawDocument } from "./raw-text";

/** Found lines kept; who finds more will not walk through them. */
export const MAX_FOUND_LINES = 100_000;
/** Bytes looked at before other work gets its turn: about 10 ms. */
const BYTES_PER_TURN = 2 * 1024 * 1024;

/**
 * Yields the lines that hold a text, in order, a batch each turn; letters of ASCII match in either case. Text is looked
 * for as it stands in the file: a quote inside a string is `\"`. Blanks after `:` and `,` may be given or not.
 */
export function* findInRaw({ bytes, lines }: RawDocument, text: string): Generator<number[]> {
  const needle = new TextEncoder().encode(asInFile(text).replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase()));
  if (needle.length === 0) return;
  const skips = toSkips(needle);
  let last = -1;
  for (let from = 0; from + needle.length <= bytes.length; from += BYTES_PER_TURN) {
    const found: number[] = [];
    const to = Math.min(bytes.length, from + BYTES_PER_TURN + needle.length - 1);
    for (
      let at = nextMatch(bytes, needle, skips, from, to);
      at !== -1;
      at = nextMatch(bytes, needle, skips, at + 1, to)
    ) {
      const line = lastAtMost(lines.start, lines.count, at);
      if (line !== last && line !== -1) found.push(line);
      last = line;
    }
    yield found;
  }
}

/** What is shown with blanks stands without them. */
function asInFile(text: string): string {
  return text
    .replaceAll(/":\s+/g, '":')
    .replaceAll(/,\s+"/g, ',"')
    .replaceAll(/\{\s+"/g, '{"');
}

/** How far to go when the byte under the needle's end does not match: Horspool's table, for both cases of a letter. */
function toSkips(needle: Uint8Array): Uint32Array {
  const skips = new Uint32Array(256).fill(needle.length);
  for (let at = 0; at < needle.length - 1; at += 1) {
    const byte = needle[at] ?? 0;
    skips[byte] = needle.length - 1 - at;
    if (isLower(byte)) skips[byte - 32] = needle.length - 1 - at;
  }
  return skips;
}

function nextMatch(bytes: Uint8Array, needle: Uint8Array, skips: Uint32Array, from: number, to: number): number {
  const last = needle.length - 1;
  let at = from;
  while (at + last < to) {
    let place = last;
    while (place >= 0 && folded(bytes[at + place] ?? 0) === needle[place]) place -= 1;
    if (place < 0) return at;
    at += skips[bytes[at + last] ?? 0] ?? 1;
  }
  return -1;
}

const isLower = (byte: number): boolean => byte >= 0x61 && byte <= 0x7a;
const folded = (byte: number): number => (byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte);
