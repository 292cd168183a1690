import type { MigrationOptions } from "./plan-spec";

type Policy = Pick<MigrationOptions, "verify" | "verifySample">;

/**
 * How one object is proven. A sample is drawn by key and seed alone: every worker, retry and later look draws the same
 * objects, and another seed draws others.
 */
export function proofOf({ verify, verifySample }: Policy, key: string): "stored" | "read_back" {
  if (verify !== "sample") return verify;
  return fractionOf(`${verifySample.seed}/${key}`) < verifySample.share ? "read_back" : "stored";
}

/** FNV-1a with the mixing step of MurmurHash3 behind it: keys that differ in their last digit are spread as well. */
function fractionOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 4_294_967_296;
}
