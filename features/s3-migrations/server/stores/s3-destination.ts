import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import type { KeepNeeds } from "../../domain/keep-policy";
import { keptHeaders } from "../../domain/kept-headers";
import type { DestinationSpec } from "../../domain/plan-spec";
import { acknowledged, type PutResult } from "./acknowledged";
import type { ObjectMetadata, ToldSums } from "./object-store";
import { S3Client } from "./s3-client";
import { type ObjectExtras, readExtras } from "./s3-extras";
import { checkAccess, listPages } from "./s3-source";
import { S3Uploads } from "./s3-uploads";
import { type CopiedSums, parseCopied, unquote } from "./s3-xml";
import { startChecksum, sumsOf } from "./sums-of";
import { extraChecksum, toldChecksums } from "./told-checksums";
import type { TrafficGate } from "./traffic-gate";
import { Crc32, TRAILER_CHUNK_BYTES, trailerBody, trailerLengthBytes } from "./trailer-body";
import { conditionHeaders, type WriteCondition } from "./write-condition";

export type StoredObject = {
  sizeBytes: number;
  etag: string;
  crc32: string | undefined;
  /** Checksums of the whole, of every algorithm. */
  told: ToldSums;
  contentType: string | undefined;
  /** Kept with it, as the server tells. */
  metadata: ObjectMetadata;
  storageClass: string;
};
type Put = { metadata: ObjectMetadata; condition: WriteCondition; signal: AbortSignal };

/** The bucket objects go to. A write whose condition does not hold is a `conflict`, as far as the server can tell. */
export class S3Destination extends S3Uploads {
  readonly #gate: TrafficGate | undefined;
  /** It has told the CRC-32 of a stream: then no MD5 is needed to believe the next, a third of what a large object costs. */
  #tellsCrc32 = false;

  constructor(spec: DestinationSpec, connections: number, gate?: TrafficGate) {
    super(new S3Client(spec, "destination", connections, gate), spec.prefix);
    this.#gate = gate;
  }

  /** One request with the CRC-32 declared. Acknowledged when the server answers with our checksum or our MD5. */
  async put(key: string, body: Buffer, { metadata, condition, signal }: Put, sums = sumsOf(body)): Promise<PutResult> {
    const { headers } = await this.client.text({
      method: "PUT",
      key: this.prefix + key,
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
    const name = extraChecksum(told);
    const extra = name === undefined ? undefined : { name, ...startChecksum(name) };
    const md5 = this.#tellsCrc32 && told.md5 === undefined ? undefined : createHash("md5");
    try {
      const { headers } = await this.client.text({
        method: "PUT",
        key: this.prefix + key,
        headers: {
          ...metadata,
          ...conditionHeaders(condition),
          "content-length": String(trailerLengthBytes(sizeBytes)),
          "content-encoding": ["aws-chunked", metadata["content-encoding"]].filter(Boolean).join(","),
          "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
          "x-amz-decoded-content-length": String(sizeBytes),
          "x-amz-trailer": "x-amz-checksum-crc32",
        },
        body: trailerBody(source, { sizeBytes, chunkBytes: TRAILER_CHUNK_BYTES, crc, md5, told, extra }),
        signal,
      });
      this.#tellsCrc32 ||= headers["x-amz-checksum-crc32"] === crc.toBase64();
      return acknowledged(headers, { crc32: crc.toBase64(), md5: md5?.digest("hex") });
    } finally {
      source.destroy();
    }
  }

  get identity(): string {
    return this.client.identity;
  }

  /** Has the server copy exactly this version of another object, with these headers instead of its own. */
  async copyFrom(
    key: string,
    { from, fingerprint, metadata, condition, signal }: Put & { from: string; fingerprint: string },
  ): Promise<CopiedSums> {
    const { text } = await this.client.text({
      method: "PUT",
      key: this.prefix + key,
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

  /** What is stored under the key, with its stored checksum where the server tells; `undefined` when nothing is. */
  async head(key: string, signal: AbortSignal): Promise<StoredObject | undefined> {
    const headers = { "x-amz-checksum-mode": "ENABLED" };
    const reply = await this.client.bytes(
      { method: "HEAD", key: this.prefix + key, headers, accept: [404], signal },
      0,
    );
    if (reply.status === 404) return undefined;
    return {
      sizeBytes: Number(reply.headers["content-length"] ?? 0),
      etag: unquote(reply.headers.etag ?? ""),
      crc32: reply.headers["x-amz-checksum-crc32"],
      told: toldChecksums(reply.headers),
      contentType: reply.headers["content-type"],
      metadata: keptHeaders(reply.headers),
      storageClass: reply.headers["x-amz-storage-class"] ?? "STANDARD",
    };
  }

  /** Tags and access rules of what is stored under the key. */
  async extras(key: string, needs: Pick<KeepNeeds, "tags" | "grants">, signal: AbortSignal): Promise<ObjectExtras> {
    return readExtras(this.client, this.prefix + key, { needs, signal });
  }

  /** Reads the whole object back; the caller consumes the stream. */
  async read(key: string, signal: AbortSignal): Promise<Readable> {
    const { body } = await this.client.stream({ method: "GET", key: this.prefix + key, signal });
    return this.#gate?.isLimitingBytes() ? Readable.from(this.#gate.bytes(body, signal)) : body;
  }

  /** Removes a probe object; nothing else is ever deleted. */
  async deleteProbe(key: string, signal: AbortSignal): Promise<void> {
    await this.client.text({ method: "DELETE", key: this.prefix + key, accept: [404], signal });
  }

  /** Existing objects under the prefix, in key order, behind `after` when it is given. */
  async *list(signal: AbortSignal, after?: string): AsyncGenerator<{ key: string; sizeBytes: number }[]> {
    const start = after === undefined ? undefined : this.prefix + after;
    for await (const page of listPages(this.client, { prefix: this.prefix, after: start, signal })) {
      yield page.objects.map(({ key, sizeBytes }) => ({ key: key.slice(this.prefix.length), sizeBytes }));
    }
  }

  /** One raw PUT for the probe of abilities: `headers` as given, nothing added. */
  async probePut(key: string, body: Buffer, headers: Record<string, string>, signal: AbortSignal) {
    return this.client.text({
      method: "PUT",
      key: this.prefix + key,
      headers: { "content-length": String(body.length), ...headers },
      body,
      signal,
    });
  }

  async checkAccess(signal: AbortSignal): Promise<void> {
    await checkAccess(this.client, this.prefix, signal);
  }

  async close(): Promise<void> {
    await this.client.close();
  }
}
