/**
 * A token is a 32-bit FNV-1a hash of "this span has value V under key K". A stored fragment keeps its tokens in a Bloom
 * filter, so a search rules out nearly every fragment without reading its spans. Keys that OTLP cannot spell (they
 * begin with a control character) stand for a span's own fields.
 */
export const OPERATION_KEY = "\u0001operation";
export const STATUS_KEY = "\u0001status";
export const KIND_KEY = "\u0001kind";
export const SCOPE_NAME_KEY = "\u0001scope.name";
export const SCOPE_VERSION_KEY = "\u0001scope.version";

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
const SEPARATOR = 0xff;

/** Bits per token and probes per token: 0.24 % false positives (1 - e^(-4/16))^4. */
const BITS_PER_TOKEN = 16;
export const BLOOM_PROBES = 4;
/** Rows must stay far below a Postgres page: beyond about 1,000 tokens the filter rather lets more through. */
const MAX_BLOOM_BYTES = 2000;

/** Continues a hash over a range of bytes; UTF-8 never contains the separator. */
export function hashBytes(hash: number, bytes: Buffer, start: number, end: number): number {
  let value = hash;
  for (let at = start; at < end; at += 1) value = Math.imul(value ^ (bytes[at] ?? 0), FNV_PRIME);
  return value;
}

/** The hash state after a key: continue it with the value's bytes. */
export function hashKey(bytes: Buffer, start: number, end: number): number {
  return Math.imul(hashBytes(FNV_OFFSET, bytes, start, end) ^ SEPARATOR, FNV_PRIME);
}

/** Token of a key and a value given as text; equal to hashing their UTF-8 bytes. */
export function tokenOf(key: string, value: string): number {
  const keyBytes = Buffer.from(key, "utf8");
  const valueBytes = Buffer.from(value, "utf8");
  return hashBytes(hashKey(keyBytes, 0, keyBytes.length), valueBytes, 0, valueBytes.length) >>> 0;
}

/** The two numbers from which a token's probes follow: bit `(first + i * step) mod bits`. Both are below 2^32. */
export function probeSeeds(token: number): { first: number; step: number } {
  const mixed = Math.imul(token ^ (token >>> 16), 0x45d9f3b);
  return { first: token >>> 0, step: ((mixed ^ (mixed >>> 15)) | 1) >>> 0 };
}

/** A Bloom filter of a set of tokens, at least 8 bytes. Bit n is bit n%8 (least significant first) of byte n/8, as `get_bit`. */
export function bloomOf(tokens: ReadonlySet<number>): Buffer {
  const wanted = Math.ceil((tokens.size * BITS_PER_TOKEN) / 64) * 8;
  const filter = Buffer.alloc(Math.min(MAX_BLOOM_BYTES, Math.max(8, wanted)));
  const bits = filter.length * 8;
  for (const token of tokens) {
    const { first, step } = probeSeeds(token);
    for (let probe = 0; probe < BLOOM_PROBES; probe += 1) {
      const bit = (first + probe * step) % bits;
      const at = bit >>> 3;
      filter[at] = (filter[at] ?? 0) | (1 << (bit & 7));
    }
  }
  return filter;
}

/** Whether a filter may hold a token. Never false for a token it was made of. */
export function bloomMayHold(filter: Buffer, token: number): boolean {
  const bits = filter.length * 8;
  const { first, step } = probeSeeds(token);
  for (let probe = 0; probe < BLOOM_PROBES; probe += 1) {
    const bit = (first + probe * step) % bits;
    if (((filter[bit >>> 3] ?? 0) & (1 << (bit & 7))) === 0) return false;
  }
  return true;
}
