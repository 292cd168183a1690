import type { ObjectMetadata } from "./object-store";
import type { S3Client } from "./s3-client";
import {
  type CopiedSums,
  type PartsPage,
  parseCompletedEtag,
  parseCopiedPart,
  parseParts,
  parseUploadId,
  parseUploads,
  type StoredPart,
  unquote,
} from "./s3-xml";
import { StoreError } from "./store-error";
import { sumsOf } from "./sums-of";
import { conditionHeaders, type WriteCondition } from "./write-condition";

export type UploadedPart = { partNumber: number; etag: string; crc32: string };
/** A part the server copied: it need not tell a sum. */
type NamedPart = { partNumber: number; etag: string; crc32: string | undefined };
type PartCopy = {
  uploadId: string;
  partNumber: number;
  from: string;
  /** The version of the source all parts are of. */
  fingerprint: string;
  start: number;
  end: number;
  signal: AbortSignal;
};

const ENDED: ReadonlySet<string> = new Set(["NoSuchUpload", "NoSuchBucket"]);

/** Objects that go up in parts. */
export class S3Uploads {
  protected readonly client: S3Client;
  protected readonly prefix: string;

  constructor(client: S3Client, prefix: string) {
    this.client = client;
    this.prefix = prefix;
  }

  /** Asks for the CRC-32 of the whole to be kept; a server that knows only sums of sums keeps that instead. */
  async startUpload(key: string, metadata: ObjectMetadata, signal: AbortSignal): Promise<string> {
    const { text } = await this.client.text({
      method: "POST",
      key: this.prefix + key,
      query: { uploads: "" },
      headers: { ...metadata, "x-amz-checksum-algorithm": "CRC32", "x-amz-checksum-type": "FULL_OBJECT" },
      signal,
    });
    return parseUploadId(text);
  }

  async putPart(
    key: string,
    { uploadId, partNumber, body, signal }: { uploadId: string; partNumber: number; body: Buffer; signal: AbortSignal },
  ): Promise<UploadedPart> {
    const crc32 = sumsOf(body).crc32;
    const { headers } = await this.client.text({
      method: "PUT",
      key: this.prefix + key,
      query: { partNumber: String(partNumber), uploadId },
      headers: { "content-length": String(body.length), "x-amz-checksum-crc32": crc32 },
      body,
      signal,
    });
    return { partNumber, etag: unquote(headers.etag ?? ""), crc32 };
  }

  /** Has the server copy bytes `start` to `end` (exclusive) of exactly this version of another object as a part. */
  async copyPart(
    key: string,
    { uploadId, partNumber, from, fingerprint, start, end, signal }: PartCopy,
  ): Promise<CopiedSums> {
    const { text } = await this.client.text({
      method: "PUT",
      key: this.prefix + key,
      query: { partNumber: String(partNumber), uploadId },
      headers: {
        "x-amz-copy-source": from,
        "x-amz-copy-source-if-match": `"${fingerprint}"`,
        "x-amz-copy-source-range": `bytes=${start}-${end - 1}`,
      },
      signal,
    });
    return parseCopiedPart(text);
  }

  /** Puts the parts together; the answer is trusted only when it carries a result (a 200 may carry an error). */
  async completeUpload(
    key: string,
    {
      uploadId,
      parts,
      condition,
      signal,
    }: { uploadId: string; parts: readonly NamedPart[]; condition: WriteCondition; signal: AbortSignal },
  ): Promise<string> {
    const list = parts
      .map(({ partNumber, etag, crc32 }) => {
        const sum = crc32 === undefined ? "" : `<ChecksumCRC32>${crc32}</ChecksumCRC32>`;
        return `<Part>${sum}<ETag>"${etag}"</ETag><PartNumber>${partNumber}</PartNumber></Part>`;
      })
      .join("");
    const body = Buffer.from(
      `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${list}</CompleteMultipartUpload>`,
    );
    const { text } = await this.client.text({
      method: "POST",
      key: this.prefix + key,
      query: { uploadId },
      headers: {
        ...conditionHeaders(condition),
        "content-type": "application/xml",
        "content-length": String(body.length),
      },
      body,
      signal,
    });
    return parseCompletedEtag(text);
  }

  /** Open uploads to exactly this key, with the server's clock: when each began means little by ours. */
  async listUploads(
    key: string,
    signal: AbortSignal,
  ): Promise<{ uploads: { uploadId: string; initiatedMs: number }[]; serverNowMs: number }> {
    const query = { uploads: "", "encoding-type": "url", prefix: this.prefix + key };
    const { text, headers } = await this.client.text({ method: "GET", query, signal });
    const uploads = parseUploads(text).filter((upload) => upload.key === this.prefix + key);
    return { uploads, serverNowMs: Date.parse(headers.date ?? "") || Date.now() };
  }

  /** What the server has of an upload, by number; `undefined` when it knows the upload no more. */
  async listParts(key: string, uploadId: string, signal: AbortSignal): Promise<Map<number, StoredPart> | undefined> {
    const stored = new Map<number, StoredPart>();
    for (let marker: string | undefined = "0"; marker !== undefined; ) {
      const query = { uploadId, "part-number-marker": marker };
      const text = await unlessEnded(this.client.text({ method: "GET", key: this.prefix + key, query, signal }));
      if (text === undefined) return undefined;
      const page: PartsPage = parseParts(text);
      for (const part of page.parts) stored.set(part.partNumber, part);
      marker = page.nextMarker === marker ? undefined : page.nextMarker;
    }
    return stored;
  }

  /** Everything open under the prefix, whoever began it; the server's first page. */
  async listAllUploads(signal: AbortSignal): Promise<{ key: string; uploadId: string; initiatedMs: number }[]> {
    const { text } = await this.client.text({
      method: "GET",
      query: { uploads: "", "encoding-type": "url", prefix: this.prefix },
      signal,
    });
    return parseUploads(text)
      .filter(({ key }) => key.startsWith(this.prefix))
      .map((upload) => ({ ...upload, key: upload.key.slice(this.prefix.length) }));
  }

  /** Nothing of it is left afterwards, also when it had ended before. */
  async abortUpload(key: string, uploadId: string, signal: AbortSignal): Promise<void> {
    await unlessEnded(this.client.text({ method: "DELETE", key: this.prefix + key, query: { uploadId }, signal }));
  }
}

/**
 * The answer's text; `undefined` when the upload was completed or aborted, or its bucket is gone. By the code alone: some
 * servers say 404 to a key they do not know.
 */
async function unlessEnded(answer: Promise<{ text: string }>): Promise<string | undefined> {
  try {
    return (await answer).text;
  } catch (error) {
    if (error instanceof StoreError && ENDED.has(error.storeCode)) return undefined;
    throw error;
  }
}
