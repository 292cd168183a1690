/**
 * 53 bits of a key with case and Unicode form folded away: keys that some file system, browser or person would take for
 * one another have the same number, and equal keys always. Others have it by chance once in 2^53: look at the keys then.
 */
export const foldedHash = (key: string): number => hash53(foldKey(key));

/** 53 bits of a text: equal texts have equal numbers, others once in 2^53. */
export function hash53(text: string): number {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    high = Math.imul(high ^ code, 2_654_435_761);
    low = Math.imul(low ^ code, 1_597_334_677);
  }
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909);
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909);
  return 4_294_967_296 * (0x1fffff & low) + (high >>> 0);
}

const foldKey = (key: string): string => key.normalize("NFC").toLowerCase();

/** How two different keys resemble each other; `undefined` when only chance put them together. */
export function twinKind(keys: readonly string[]): "case" | "unicode" | undefined {
  const [first = "", ...others] = keys;
  if (others.some((key) => foldKey(key) !== foldKey(first))) return undefined;
  return others.every((key) => key.normalize("NFC") === first.normalize("NFC")) ? "unicode" : "case";
}
