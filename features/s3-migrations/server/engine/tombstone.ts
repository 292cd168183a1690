import { createHash } from "node:crypto";
import type { S3Destination } from "../stores/s3-destination";
import type { ChunkLease } from "./chunk-repository";
import { hasTombstone, listTombstoneLines, saveTombstone } from "./retire-repository";

/** Under the destination's prefix; one manifest per chunk, so that a million objects need no file of their own size. */
export const tombstoneKey = (migrationId: string, chunkId: number): string =>
  `.ops-console/${migrationId}/tombstones/${String(chunkId).padStart(8, "0")}.ndjson`;

/** Writes down at the destination what is about to be deleted at the source, once, before the first delete. */
export async function writeTombstone(
  destination: S3Destination,
  migrationId: string,
  lease: ChunkLease,
  signal: AbortSignal,
): Promise<void> {
  if (await hasTombstone(lease)) return;
  const lines = await listTombstoneLines(lease);
  const body = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  const key = tombstoneKey(migrationId, lease.chunkId);
  const metadata = { "content-type": "application/x-ndjson" };
  await destination.put(key, body, { metadata, condition: "any", signal });
  await saveTombstone(lease, {
    key,
    objects: lines.length,
    bytes: lines.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    sha256: createHash("sha256").update(body).digest("hex"),
  });
}
