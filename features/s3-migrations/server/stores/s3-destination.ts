import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import type { KeepNeeds } from "../../domain/keep-policy";
import { keptHeaders } from "../../domain/kept-headers";
import type { DestinationSpec } from "../../domain/plan-spec";
import type { ObjectMetadata, ToldSums } from "./object-store";
import { S3Client } from "./s3-client";
import { type ObjectExtras, readExtras } from "./s3-extras";
import { listPages } from "./s3-source";
import {
  type CopiedSums,
  type PartsPage,
  parseCompletedEtag,
  parseCopied,
  parseParts,
  parseUploadId,
  parseUploads,
  type StoredPart,
  unquote,
} from "./s3-xml";
import type { TrafficGate } from "./traffic-gate";
import { Crc32, TRAILER_CHUNK_BYTES, trailerBody, trailerLengthBytes } from "./trailer-body";
import { conditionHeaders, type WriteCondition } from "./write-condition";

export type StoredObject = {
  sizeBytes: number;
  etag: string;
  crc32: string | undefined;
  contentType: string | undefined;
  /** Kept with it, as the server tells. */
  metadata: ObjectMetadata;
  storageClass: string;
};
export type PutResult = { etag: string; crc32: string; isAcknowledged: boolean };
type Put = { metadata: ObjectMetadata; condition: WriteCondition; signal: AbortSignal };
export type UploadedPart = { partNumber: number; etag: string; crc32: string };

/** The bucket objects go to. A write whose condition does not hold is a `conflict`, as far as the server can tell. */
export class S3Destination {
  readonly #client: S3Client;
  readonly #prefix: string;
  readonly #gate: TrafficGate | undefined;

  constructor(spec: DestinationSpec, connections: number, gate?: TrafficGate) {
    this.#client = new S3Client(spec, "destination", connections, gate);
    this.#gate = gate;
    this.#prefix = spec.prefix;
  }

  /** One request with the CRC-32 declared. Acknowledged when the server answers with our checksum or our MD5. */
  async put(key: string, body: Buffer, { metadata, condition, signal }: Put, sums = sumsOf(body)): Promise<PutResult> {
    const { headers } = await this.#client.text({
      method: "PUT",
      key: this.#prefix + key,
      headers: {
        ...metadata,
        ...conditionHeaders(condition),
        "content-length": String(body.length),
        "x-amz-checksum-crc32": sums.crc32,
      },
      body,
      signal,
    });
    return acknowledged(headers, sums);
  }

  /** Streams in one request; the CRC-32 follows the bytes as a trailer, so the source is read once. */
  async putStream(
    key: string,
    source: Readable,
    { metadata, condition, signal, sizeBytes, told }: Put & { sizeBytes: number; told: ToldSums },
  ) {
    const crc = new Crc32();
    const md5 = createHash("md5");
    try {
      const { headers } = await this.#client.text({
        method: "PUT",
        key: this.#prefix + key,
        headers: {
          ...metadata,
          ...conditionHeaders(condition),
          "content-length": String(trailerLengthBytes(sizeBytes)),
          "content-encoding": ["aws-chunked", metadata["content-encoding"]].filter(Boolean).join(","),
          "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
          "x-amz-decoded-content-length": String(sizeBytes),
          "x-amz-trailer": "x-amz-checksum-crc32",
        },
        body: trailerBody(source, { sizeBytes, chunkBytes: TRAILER_CHUNK_BYTES, crc, md5, told }),
        signal,
      });
      return acknowledged(headers, { crc32: crc.toBase64(), md5: md5.digest("hex") });
    } finally {
      source.destroy();
    }
  }

  get identity(): string {
    return this.#client.identity;
  }

  /** Has the server copy exactly this version of another object, with these headers instead of its own. */
  async copyFrom(
    key: string,
    { from, fingerprint, metadata, condition, signal }: Put & { from: string; fingerprint: string },
  ): Promise<CopiedSums> {
    const { text } = await this.#client.text({
      method: "PUT",
      key: this.#prefix + key,
      headers: {
        ...metadata,
        ...conditionHeaders(condition),
        "x-amz-copy-source": from,
        "x-amz-copy-source-if-match": `"${fingerprint}"`,
        "x-amz-metadata-directive": "REPLACE",
        "x-amz-tagging-directive": "REPLACE",
        "x-amz-checksum-algorithm": "CRC32",
      },
      signal,
    });
    return parseCopied(text);
  }

  /** Asks for the CRC-32 of the whole to be kept; a server that knows only sums of sums keeps that instead. */
  async startUpload(key: string, metadata: ObjectMetadata, signal: AbortSignal): Promise<string> {
    const { text } = await this.#client.text({
      method: "POST",
      key: this.#prefix + key,
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
    const { headers } = await this.#client.text({
      method: "PUT",
      key: this.#prefix + key,
      query: { partNumber: String(partNumber), uploadId },
      headers: { "content-length": String(body.length), "x-amz-checksum-crc32": crc32 },
      body,
      signal,
    });
    return { partNumber, etag: unquote(headers.etag ?? ""), crc32 };
  }

  /** Puts the parts together; the answer is trusted only when it carries a result (a 200 may carry an error). */
  async completeUpload(
    key: string,
    {
      uploadId,
      parts,
      condition,
      signal,
    }: { uploadId: string; parts: UploadedPart[]; condition: WriteCondition; signal: AbortSignal },
  ): Promise<string> {
    const list = parts
      .map(
        ({ partNumber, etag, crc32 }) =>
          `<Part><ChecksumCRC32>${crc32}</ChecksumCRC32><ETag>"${etag}"</ETag><PartNumber>${partNumber}</PartNumber></Part>`,
      )
      .join("");
    const body = Buffer.from(
      `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${list}</CompleteMultipartUpload>`,
    );
    const { text } = await this.#client.text({
      method: "POST",
      key: this.#prefix + key,
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
    const query = { uploads: "", "encoding-type": "url", prefix: this.#prefix + key };
    const { text, headers } = await this.#client.text({ method: "GET", query, signal });
    const uploads = parseUploads(text).filter((upload) => upload.key === this.#prefix + key);
    return { uploads, serverNowMs: Date.parse(headers.date ?? "") || Date.now() };
  }

  /** What the server has of an upload, by number; `undefined` when it knows the upload no more. */
  async listParts(key: string, uploadId: string, signal: AbortSignal): Promise<Map<number, StoredPart> | undefined> {
    const stored = new Map<number, StoredPart>();
    for (let marker: string | undefined = "0"; marker !== undefined; ) {
      const query = { uploadId, "part-number-marker": marker };
      const reply = await this.#client.text({ method: "GET", key: this.#prefix + key, query, accept: [404], signal });
      if (reply.status === 404) return undefined;
      const page: PartsPage = parseParts(reply.text);
      for (const part of page.parts) stored.set(part.partNumber, part);
      marker = page.nextMarker === marker ? undefined : page.nextMarker;
    }
    return stored;
  }

  /** Everything open under the prefix, whoever began it; the server's first page. */
  async listAllUploads(signal: AbortSignal): Promise<{ key: string; uploadId: string; initiatedMs: number }[]> {
    const { text } = await this.#client.text({
      method: "GET",
      query: { uploads: "", "encoding-type": "url", prefix: this.#prefix },
      signal,
    });
    return parseUploads(text)
      .filter(({ key }) => key.startsWith(this.#prefix))
      .map((upload) => ({ ...upload, key: upload.key.slice(this.#prefix.length) }));
  }

  async abortUpload(key: string, uploadId: string, signal: AbortSignal): Promise<void> {
    await this.#client.text({ method: "DELETE", key: this.#prefix + key, query: { uploadId }, accept: [404], signal });
  }

  /** What is stored under the key, with its stored checksum where the server tells; `undefined` when nothing is. */
  async head(key: string, signal: AbortSignal): Promise<StoredObject | undefined> {
    const headers = { "x-amz-checksum-mode": "ENABLED" };
    const reply = await this.#client.bytes(
      { method: "HEAD", key: this.#prefix + key, headers, accept: [404], signal },
      0,
    );
    if (reply.status === 404) return undefined;
    return {
      sizeBytes: Number(reply.headers["content-length"] ?? 0),
      etag: unquote(reply.headers.etag ?? ""),
      crc32: reply.headers["x-amz-checksum-crc32"],
      contentType: reply.headers["content-type"],
      metadata: keptHeaders(reply.headers),
      storageClass: reply.headers["x-amz-storage-class"] ?? "STANDARD",
    };
  }

  /** Tags and access rules of what is stored under the key. */
  async extras(key: string, needs: Pick<KeepNeeds, "tags" | "grants">, signal: AbortSignal): Promise<ObjectExtras> {
    return readExtras(this.#client, this.#prefix + key, { needs, signal });
  }

  /** Reads the whole object back; the caller consumes the stream. */
  async read(key: string, signal: AbortSignal): Promise<Readable> {
    const { body } = await this.#client.stream({ method: "GET", key: this.#prefix + key, signal });
    return this.#gate?.isLimitingBytes() ? Readable.from(this.#gate.bytes(body, signal)) : body;
  }

  /** Removes a probe object; nothing else is ever deleted. */
  async deleteProbe(key: string, signal: AbortSignal): Promise<void> {
    await this.#client.text({ method: "DELETE", key: this.#prefix + key, accept: [404], signal });
  }

  /** Existing objects under the prefix, in key order, behind `after` when it is given. */
  async *list(signal: AbortSignal, after?: string): AsyncGenerator<{ key: string; sizeBytes: number }[]> {
    const start = after === undefined ? undefined : this.#prefix + after;
    for await (const page of listPages(this.#client, { prefix: this.#prefix, after: start, signal })) {
      yield page.objects.map(({ key, sizeBytes }) => ({ key: key.slice(this.#prefix.length), sizeBytes }));
    }
  }

  /** One raw PUT for the probe of abilities: `headers` as given, nothing added. */
  async probePut(key: string, body: Buffer, headers: Record<string, string>, signal: AbortSignal) {
    return this.#client.text({
      method: "PUT",
      key: this.#prefix + key,
      headers: { "content-length": String(body.length), ...headers },
      body,
      signal,
    });
  }

  async close(): Promise<void> {
    await this.#client.close();
  }
}

export type Sums = { crc32: string; md5: string };

/** Both sums of a buffer: CRC-32 for the server to check, MD5 to compare with a plain ETag. */
export function sumsOf(body: Buffer): Sums {
  const crc = new Crc32();
  crc.update(body);
  return { crc32: crc.toBase64(), md5: createHash("md5").update(body).digest("hex") };
}

function acknowledged(headers: Record<string, string>, { crc32, md5 }: Sums): PutResult {
  const etag = unquote(headers.etag ?? "");
  const answered = headers["x-amz-checksum-crc32"];
  return { etag, crc32, isAcknowledged: answered === crc32 || (answered === undefined && etag === md5) };
}
