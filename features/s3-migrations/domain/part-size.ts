const MIB = 1024 * 1024;
/** What S3 allows: parts of an upload, bytes of a part (the last may be smaller), bytes of an object. */
export const MAX_PARTS = 10_000;
export const MIN_PART_BYTES = 5 * MIB;
export const MAX_PART_BYTES = 5 * 1024 * MIB;
export const MAX_OBJECT_BYTES = 5 * 1024 * 1024 * MIB;

/**
 * Bytes of every part but the last, near what was wished: grown in whole MiB until the object fits into the parts S3
 * allows. Of size alone, so that whoever resumes an upload cuts it the same way. `undefined`: S3 holds no such object.
 */
export function partSizeOf(sizeBytes: number, wishedBytes: number): number | undefined {
  if (sizeBytes > MAX_OBJECT_BYTES) return undefined;
  const wished = Math.min(Math.max(wishedBytes, MIN_PART_BYTES), MAX_PART_BYTES);
  const needed = Math.ceil(sizeBytes / MAX_PARTS);
  return needed <= wished ? wished : Math.ceil(needed / MIB) * MIB;
}

export type PartRange = { partNumber: number; start: number; end: number };

/** The parts of an object in order, `end` exclusive; one empty part for an empty object. */
export function partsOf(sizeBytes: number, partBytes: number): PartRange[] {
  const count = Math.max(1, Math.ceil(sizeBytes / partBytes));
  return Array.from({ length: count }, (_, at) => ({
    partNumber: at + 1,
    start: at * partBytes,
    end: Math.min(sizeBytes, (at + 1) * partBytes),
  }));
}
