import { createHash } from "node:crypto";
import { S3Error } from "./s3-error";
import { chunkSignature, type SignatureContext, trailerSignature } from "./sigv4";

const MAX_LINE_BYTES = 1024;
const MAX_TRAILER_LINES = 8;

/** How an `aws-chunked` body is signed: not at all, per chunk, or per chunk and trailer. */
export type ChunkSigning = "none" | "chunks" | "chunks-and-trailer";

function incomplete(): S3Error {
  return new S3Error("IncompleteBody", "The request body terminated unexpectedly");
}

/** Pulls lines and byte runs out of a stream of buffers, holding at most one buffer and one line. */
class ByteReader {
  readonly #source: AsyncIterator<Buffer>;
  #held: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  async #pull(): Promise<boolean> {
    const next = await this.#source.next();
    if (next.done === true) return false;
    this.#held = this.#held.length === 0 ? next.value : Buffer.concat([this.#held, next.value]);
    return true;
  }

  /** The next line without its CRLF; undefined at the end of the stream. */
  async line(): Promise<string | undefined> {
    for (;;) {
      const at = this.#held.indexOf("\r\n");
      if (at >= 0) {
        const text = this.#held.toString("latin1", 0, at);
        this.#held = this.#held.subarray(at + 2);
        return text;
      }
      if (this.#held.length > MAX_LINE_BYTES) throw new S3Error("InvalidRequest", "A chunk header is too long.");
      if (!(await this.#pull())) {
        if (this.#held.length > 0) throw incomplete();
        return undefined;
      }
    }
  }

  /** Exactly `sizeBytes` bytes, in the pieces they come in. */
  async *bytes(sizeBytes: number): AsyncGenerator<Buffer> {
    let left = sizeBytes;
    while (left > 0) {
      if (this.#held.length === 0 && !(await this.#pull())) throw incomplete();
      const piece = this.#held.subarray(0, left);
      this.#held = this.#held.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }
}

function parseChunkHeader(line: string | undefined): { sizeBytes: number; signature: string } {
  const match = /^([0-9a-fA-F]{1,12})(?:;chunk-signature=([0-9a-f]{64}))?$/.exec(line ?? "");
  if (match === null)
    throw line === undefined ? incomplete() : new S3Error("InvalidRequest", "A chunk header is malformed.");
  return { sizeBytes: Number.parseInt(match[1] ?? "", 16), signature: match[2] ?? "" };
}

/** Decodes one `aws-chunked` body. `trailers` is complete once `chunks` has ended. */
export class AwsChunkedDecoder {
  readonly trailers = new Map<string, string>();
  readonly #reader: ByteReader;
  readonly #context: SignatureContext;
  readonly #signing: ChunkSigning;
  #previous: string;

  constructor(source: AsyncIterable<Buffer>, signing: ChunkSigning, context: SignatureContext) {
    this.#reader = new ByteReader(source);
    this.#signing = signing;
    this.#context = context;
    this.#previous = context.seedSignature;
  }

  /** The bytes inside the framing. Throws SignatureDoesNotMatch, IncompleteBody or InvalidRequest. */
  async *chunks(): AsyncGenerator<Buffer> {
    for (;;) {
      const { sizeBytes, signature } = parseChunkHeader(await this.#reader.line());
      const hash = createHash("sha256");
      for await (const piece of this.#reader.bytes(sizeBytes)) {
        if (this.#signing !== "none") hash.update(piece);
        yield piece;
      }
      this.#verifyChunk(signature, hash.digest("hex"));
      if (sizeBytes === 0) break;
      if ((await this.#reader.line()) !== "")
        throw new S3Error("InvalidRequest", "A chunk is longer than its header says.");
    }
    await this.#readTrailers();
  }

  #verifyChunk(given: string, chunkHash: string): void {
    if (this.#signing === "none") return;
    const expected = chunkSignature(this.#context, this.#previous, chunkHash);
    if (expected !== given) throw new S3Error("SignatureDoesNotMatch", "A chunk's signature does not match.");
    this.#previous = expected;
  }

  async #readTrailers(): Promise<void> {
    for (let count = 0; ; count += 1) {
      const line = await this.#reader.line();
      if (line === undefined || line === "") break;
      if (count >= MAX_TRAILER_LINES) throw new S3Error("InvalidRequest", "Too many trailers.");
      const at = line.indexOf(":");
      this.trailers.set(line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim());
    }
    if (this.#signing === "chunks-and-trailer") this.#verifyTrailer();
  }

  #verifyTrailer(): void {
    const given = this.trailers.get("x-amz-trailer-signature");
    const text = [...this.trailers]
      .filter(([name]) => name !== "x-amz-trailer-signature")
      .map(([name, value]) => `${name}:${value}\n`)
      .join("");
    if (given !== trailerSignature(this.#context, this.#previous, text))
      throw new S3Error("SignatureDoesNotMatch", "The trailer's signature does not match.");
  }
}
