import { formatBytes, formatCount } from "@/lib/format";
import type { MigrationOptions } from "./plan-spec";

type Policy = Pick<MigrationOptions, "verify" | "verifySample">;
type Load = { objects: number; bytes: number };

/** What is fetched from the destination and hashed again; of a sample about so much, as its keys decide. */
export function readBackOf({ objects, bytes }: Load, { verify, verifySample }: Policy): Load {
  if (verify === "stored") return { objects: 0, bytes: 0 };
  const share = verify === "read_back" ? 1 : verifySample.share;
  return { objects: Math.ceil(objects * share), bytes: Math.ceil(bytes * share) };
}

/** The chance that a sample would have met a wrong object, were there more of them than is said. */
export const CONFIDENCE = 0.95;

/**
 * Of `objects`, `read` drawn at random were read back and none was wrong: no more than so many of all are wrong, with a
 * confidence of 95 %. Never below the truth of drawing without putting back; 0 once everything was read.
 */
export function wrongAtMost(objects: number, read: number): number {
  if (read <= 0) return objects;
  return Math.min(objects - Math.min(read, objects), Math.floor(objects * (1 - (1 - CONFIDENCE) ** (1 / read))));
}

/** What the proof costs and what will be known by it, for a plan. */
export function proofSentence(load: Load, policy: Policy): string {
  const read = readBackOf(load, policy);
  const asked = "the destination is asked for the checksum it stored";
  if (policy.verify === "stored") return `For each object ${asked}. Nothing is read back.`;
  const cost = `${formatBytes(read.bytes)} come back out of the destination`;
  if (policy.verify === "read_back") return `Every object is read back and hashed again: ${cost}.`;
  const share = `${Number((policy.verifySample.share * 100).toPrecision(3))} %`;
  return (
    `${formatCount(read.objects)} objects (${share}) are drawn by their keys, read back and hashed again: ${cost}. ` +
    `If none of them is wrong, at most ${formatCount(wrongAtMost(load.objects, read.objects))} of all are, with 95 % confidence. ` +
    `For the others ${asked}.`
  );
}
