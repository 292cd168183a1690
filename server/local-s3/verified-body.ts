import type { IncomingHttpHeaders } from "node:http";
import { AwsChunkedDecoder, type ChunkSigning } from "./aws-chunked";
import {
  assertChecksumValue,
  type ChecksumAlgorithm,
  checksumHeader,
  cryptoHasher,
  hasherFor,
  type PromisedChecksum,
  promisedChecksum,
} from "./checksum";
import type { Hasher } from "./crc";
import { S3Error } from "./s3-error";
import type { Authenticated } from "./sigv4";

/** Digests of a body that has been read to its end and found as promised. Checksums are base64. */
export type BodyDigests = {
  sizeBytes: number;
  md5Hex: string;
  checksums: ReadonlyMap<ChecksumAlgorithm, string>;
  /** The algorithm the client named, if it named one. */
  promised: ChecksumAlgorithm | undefined;
};

type Source = AsyncIterable<Buffer>;

const CHUNK_SIGNING: Record<string, ChunkSigning> = {
  "STREAMING-UNSIGNED-PAYLOAD-TRAILER": "none",
  "STREAMING-AWS4-HMAC-SHA256-PAYLOAD": "chunks",
  "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER": "chunks-and-trailer",
};

function contentMd5(headers: IncomingHttpHeaders): Buffer | undefined {
  const text = headers["content-md5"];
  if (text === undefined) return undefined;
  const bytes = Buffer.from(String(text), "base64");
  if (bytes.length !== 16) throw new S3Error("InvalidDigest", "The Content-MD5 you specified was invalid.");
  return bytes;
}

function declaredSize(headers: IncomingHttpHeaders, isChunked: boolean): number | undefined {
  const text = headers[isChunked ? "x-amz-decoded-content-length" : "content-length"];
  if (text === undefined) {
    if (isChunked)
      throw new S3Error("MissingContentLength", "You must provide the x-amz-decoded-content-length header.");
    return undefined;
  }
  const sizeBytes = Number(text);
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0)
    throw new S3Error("InvalidArgument", "The length is not a number.");
  return sizeBytes;
}

/**
 * A request body checked while it streams: framing, payload hash, Content-MD5, checksum header or trailer, length and
 * limit. Read `chunks` to the end, then ask for `digests`; a broken promise throws before the end is reached, so nothing
 * may be kept until then. Holds one network buffer.
 */
export class VerifiedBody {
  readonly #auth: Authenticated;
  readonly #source: Source;
  readonly #limitBytes: number;
  readonly #promised: PromisedChecksum | undefined;
  readonly #md5: Buffer | undefined;
  readonly #declaredBytes: number | undefined;
  readonly #signing: ChunkSigning | undefined;
  readonly #md5Hasher = cryptoHasher("md5");
  readonly #hashers: Map<ChecksumAlgorithm, Hasher>;
  #digests: BodyDigests | undefined;

  /** `also` is computed besides whatever the client promises. Refuses wrong headers before a byte is read. */
  constructor(
    request: { headers: IncomingHttpHeaders; body: Source },
    auth: Authenticated,
    limitBytes: number,
    also: readonly ChecksumAlgorithm[] = [],
  ) {
    this.#auth = auth;
    this.#source = request.body;
    this.#limitBytes = limitBytes;
    this.#signing = CHUNK_SIGNING[auth.payloadHash];
    this.#promised = promisedChecksum(request.headers);
    this.#md5 = contentMd5(request.headers);
    this.#declaredBytes = declaredSize(request.headers, this.#signing !== undefined);
    if ((this.#declaredBytes ?? 0) > limitBytes) throw tooLarge();
    const algorithms = this.#promised === undefined ? also : [this.#promised.algorithm, ...also];
    this.#hashers = new Map(algorithms.map((algorithm) => [algorithm, hasherFor(algorithm)]));
  }

  get promisedAlgorithm(): ChecksumAlgorithm | undefined {
    return this.#promised?.algorithm;
  }

  /** The checked bytes. Throws the S3Error of the first promise that does not hold. */
  async *chunks(): AsyncGenerator<Buffer> {
    const decoder =
      this.#signing === undefined ? undefined : new AwsChunkedDecoder(this.#source, this.#signing, this.#auth);
    const isHashed = /^[0-9a-f]{64}$/.test(this.#auth.payloadHash);
    if (decoder === undefined && !isHashed && this.#auth.payloadHash !== "UNSIGNED-PAYLOAD")
      throw new S3Error(
        "InvalidArgument",
        "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, a streaming form or a sha256.",
      );
    const payloadHasher = isHashed ? cryptoHasher("sha256") : undefined;
    let sizeBytes = 0;
    for await (const piece of decoder?.chunks() ?? this.#source) {
      sizeBytes += piece.length;
      if (sizeBytes > this.#limitBytes) throw tooLarge();
      payloadHasher?.update(piece);
      this.#md5Hasher.update(piece);
      for (const hasher of this.#hashers.values()) hasher.update(piece);
      yield piece;
    }
    this.#verify(sizeBytes, payloadHasher, decoder?.trailers);
  }

  #verify(sizeBytes: number, payloadHasher: Hasher | undefined, trailers?: ReadonlyMap<string, string>): void {
    if (this.#declaredBytes !== undefined && this.#declaredBytes !== sizeBytes)
      throw new S3Error(
        "IncompleteBody",
        "You did not provide the number of bytes specified by the Content-Length HTTP header",
      );
    if (payloadHasher !== undefined && payloadHasher.digest().toString("hex") !== this.#auth.payloadHash)
      throw new S3Error(
        "XAmzContentSHA256Mismatch",
        "The provided 'x-amz-content-sha256' header does not match what was computed.",
      );
    const md5 = this.#md5Hasher.digest();
    if (this.#md5 !== undefined && !md5.equals(this.#md5))
      throw new S3Error("BadDigest", "The Content-MD5 you specified did not match what we received.");
    const checksums = new Map([...this.#hashers].map(([name, hasher]) => [name, hasher.digest().toString("base64")]));
    this.#verifyChecksum(checksums, trailers);
    this.#digests = { sizeBytes, md5Hex: md5.toString("hex"), checksums, promised: this.#promised?.algorithm };
  }

  #verifyChecksum(computed: ReadonlyMap<ChecksumAlgorithm, string>, trailers?: ReadonlyMap<string, string>): void {
    if (this.#promised === undefined) return;
    const { algorithm } = this.#promised;
    const expected = this.#promised.value ?? trailers?.get(checksumHeader(algorithm));
    if (expected === undefined)
      throw new S3Error("InvalidRequest", `The promised trailer ${checksumHeader(algorithm)} is missing.`);
    assertChecksumValue(algorithm, expected);
    if (computed.get(algorithm) !== expected)
      throw new S3Error("BadDigest", `The ${algorithm} you specified did not match the calculated checksum.`);
  }

  /** What was read. Only after `chunks` has ended by itself. */
  digests(): BodyDigests {
    if (this.#digests === undefined) throw new S3Error("InternalError", "The body has not been read to its end.");
    return this.#digests;
  }
}

function tooLarge(): S3Error {
  return new S3Error("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size");
}

/** Reads a small verified body whole, such as a request document. */
export async function readText(body: VerifiedBody): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of body.chunks()) pieces.push(piece);
  return Buffer.concat(pieces).toString("utf8");
}
