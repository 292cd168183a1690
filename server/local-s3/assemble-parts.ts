import { createHash } from "node:crypto";
import type { Bucket } from "./bucket";
import { compositeChecksum, hasherFor } from "./checksum";
import type { Hasher } from "./crc";
import { readSpan } from "./data-files";
import { S3Error } from "./s3-error";
import type { StoredObject, StoredPart, StoredUpload } from "./stored-object";

const MIN_PART_BYTES = 5 * 1024 ** 2;

/** A part as the client names it when completing; `Checksum…` fields are optional proof. */
type NamedPart = { PartNumber: number; ETag: string; [field: string]: unknown };

function assertPart(named: NamedPart, part: StoredPart | undefined, upload: StoredUpload): StoredPart {
  const checksum = named[`Checksum${upload.algorithm}`];
  if (checksum === undefined && upload.type === "COMPOSITE")
    throw new S3Error(
      "InvalidRequest",
      `The upload was created using a ${upload.algorithm.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${named.PartNumber} in the request.`,
    );
  const isSame = part !== undefined && named.ETag.replaceAll('"', "") === part.etag;
  if (!isSame || (checksum !== undefined && checksum !== part.checksum))
    throw new S3Error(
      "InvalidPart",
      "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
      { PartNumber: String(named.PartNumber) },
    );
  return part;
}

function choose(
  upload: StoredUpload,
  parts: ReadonlyMap<number, StoredPart>,
  named: readonly NamedPart[],
): StoredPart[] {
  const chosen: StoredPart[] = [];
  for (const entry of named) {
    if (entry.PartNumber <= (chosen.at(-1)?.partNumber ?? 0))
      throw new S3Error(
        "InvalidPartOrder",
        "The list of parts was not in ascending order. Parts must be ordered by part number.",
      );
    chosen.push(assertPart(entry, parts.get(entry.PartNumber), upload));
  }
  const small = chosen.slice(0, -1).find(({ sizeBytes }) => sizeBytes < MIN_PART_BYTES);
  if (small !== undefined)
    throw new S3Error("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size", {
      ETag: small.etag,
      PartNumber: String(small.partNumber),
      MinSizeAllowed: String(MIN_PART_BYTES),
      ProposedSize: String(small.sizeBytes),
    });
  return chosen;
}

async function* concatenated(bucket: Bucket, parts: readonly StoredPart[], hasher: Hasher): AsyncGenerator<Buffer> {
  for (const { dataId, sizeBytes } of parts) {
    const handle = await bucket.data.open(dataId);
    if (handle === undefined)
      throw new S3Error("InvalidPart", "A part was replaced while the upload was being completed.");
    for await (const piece of readSpan(handle, 0, sizeBytes - 1)) {
      hasher.update(piece);
      yield piece;
    }
  }
}

/** Writes the named parts into one body and describes the object; the caller commits it. Throws as S3 does. */
export async function assembleParts(
  bucket: Bucket,
  upload: StoredUpload,
  parts: ReadonlyMap<number, StoredPart>,
  named: readonly NamedPart[],
  nowMs: number,
): Promise<StoredObject> {
  const chosen = choose(upload, parts, named);
  const whole = hasherFor(upload.algorithm);
  const dataId = await bucket.data.write(concatenated(bucket, chosen, whole));
  const { algorithm, type } = upload;
  const value =
    type === "FULL_OBJECT"
      ? whole.digest().toString("base64")
      : compositeChecksum(
          algorithm,
          chosen.map(({ checksum }) => checksum),
        );
  const md5OfMd5s = createHash("md5");
  for (const { etag } of chosen) md5OfMd5s.update(Buffer.from(etag, "hex"));
  return {
    key: upload.key,
    dataId,
    sizeBytes: chosen.reduce((sum, part) => sum + part.sizeBytes, 0),
    etag: `${md5OfMd5s.digest("hex")}-${chosen.length}`,
    lastModifiedMs: nowMs,
    checksum: { algorithm, type, value },
    partCount: chosen.length,
    headers: upload.headers,
    metadata: upload.metadata,
    storageClass: upload.storageClass,
    tags: upload.tags,
    acl: upload.acl,
  };
}
