import type { BigIntStats } from "node:fs";

/** Changes whenever the bytes may have: when it was written, how long it is, and which file it is. */
export function fingerprintOf(stat: BigIntStats): string {
  return `${stat.mtimeNs.toString(36)}-${stat.size.toString(36)}-${stat.ino.toString(36)}`;
}

/** Whether both have the same {@link fingerprintOf}. */
export function isUnchanged(before: BigIntStats, after: BigIntStats): boolean {
  return before.mtimeNs === after.mtimeNs && before.size === after.size && before.ino === after.ino;
}

/** The size that {@link fingerprintOf} wrote down. */
export const sizeIn = (fingerprint: string): number => Number.parseInt(fingerprint.split("-", 2)[1] ?? "", 36);
