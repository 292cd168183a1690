import { Readable } from "node:stream";
import aws4 from "aws4";
import { type Dispatcher, Pool } from "undici";
import { codeOf } from "@/lib/errors";
import { env } from "@/server/config/env";
import { classifyS3, type StoreSide } from "../../domain/classify";
import { encodeKey } from "../../domain/object-key";
import type { DestinationSpec } from "../../domain/plan-spec";
import { type CredentialSource, credentialSource } from "./credentials";
import { startS3Call } from "./s3-call-span";
import { parseErrorBody } from "./s3-xml";
import { StoreError } from "./store-error";
import type { TrafficGate } from "./traffic-gate";

const CONNECT_TIMEOUT_MS = 5000;
/** No byte for this long means a half-open connection. */
const IDLE_TIMEOUT_MS = 30_000;
const SMALL_BYTES = 256 * 1024;
const MAX_XML_BYTES = 8 * 1024 * 1024;
/** A listing or an error; anything of ours that is larger is read as a stream. */
const UNSIGNED = "UNSIGNED-PAYLOAD";

export type S3Request = {
  method: "GET" | "HEAD" | "PUT" | "POST" | "DELETE";
  key?: string;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: Buffer | AsyncIterable<Buffer>;
  signal: AbortSignal;
  /** Statuses that are answers, not errors, beside 2xx. */
  accept?: readonly number[];
};
export type S3Reply = { status: number; headers: Record<string, string> };
type RawReply = S3Reply & { body: Dispatcher.ResponseData["body"] };

/**
 * A small S3 client for the hot path: `aws4` signs, an undici pool per client sends (a sixth of the SDK's CPU per
 * object, see docs/adr/0010). Source and destination each have their own client, hence their own pool: one shared pool
 * deadlocks once every connection holds a GET that waits for its PUT.
 */
export class S3Client {
  readonly #side: StoreSide;
  readonly #pool: Pool;
  readonly #host: string;
  readonly #basePath: string;
  readonly #region: string;
  readonly #credentials: CredentialSource;
  readonly #bucket: string;
  readonly #identity: string;
  readonly #gate: TrafficGate | undefined;

  constructor(spec: DestinationSpec, side: StoreSide, connections: number, gate?: TrafficGate) {
    const { S3_ENDPOINT, AWS_REGION } = env();
    const endpoint = spec.endpoint ?? S3_ENDPOINT;
    this.#side = side;
    this.#gate = gate;
    this.#region = spec.region ?? AWS_REGION;
    this.#bucket = spec.bucket;
    this.#identity = [endpoint ?? "amazon", this.#region, spec.profile ?? ""].join("|");
    // Path style for every custom endpoint: bucket names need no DNS there. Dots in a name break TLS names at Amazon's.
    const isPathStyle = endpoint !== undefined || spec.bucket.includes(".");
    const amazon = `https://${isPathStyle ? "" : `${spec.bucket}.`}s3.${this.#region}.amazonaws.com`;
    const base = new URL(endpoint ?? amazon);
    this.#host = base.host;
    this.#basePath = base.pathname.replace(/\/$/, "") + (isPathStyle ? `/${spec.bucket}` : "");
    this.#credentials = credentialSource(spec.profile, endpoint === undefined ? undefined : base);
    this.#pool = new Pool(base.origin, {
      connections,
      pipelining: 1,
      connect: { timeout: CONNECT_TIMEOUT_MS },
      headersTimeout: IDLE_TIMEOUT_MS,
      bodyTimeout: IDLE_TIMEOUT_MS,
      keepAliveTimeout: 10_000,
    });
  }

  /** Whose server, as whom: two clients that agree on it may copy without the bytes coming by here. */
  get identity(): string {
    return this.#identity;
  }

  /** How a copy on the server names an object of this bucket. */
  copySource(key: string): string {
    return `/${this.#bucket}/${encodeKey(key)}`;
  }

  /** Sends and reads the answer as text (XML); the body is always drained, an unread one blocks its connection. */
  async text(request: S3Request): Promise<S3Reply & { text: string }> {
    const { body, ...reply } = await this.stream(request);
    const bytes = await this.#collect(body, MAX_XML_BYTES);
    const text = bytes.toString("utf8");
    // Copy and CompleteMultipartUpload may answer 200 and fail in the body.
    const error = text.includes("<Error>") ? parseErrorBody(text) : undefined;
    if (error !== undefined) throw this.#refused(reply.status === 200 ? 500 : reply.status, error, reply.headers);
    return { ...reply, text };
  }

  /** Sends and reads at most `maxBytes` of body. */
  async bytes(request: S3Request, maxBytes: number): Promise<S3Reply & { bytes: Buffer }> {
    const { body, ...reply } = await this.stream(request);
    const bytes = await this.#collect(body, maxBytes);
    const declared = Number(reply.headers["content-length"] ?? bytes.length);
    if (request.method !== "HEAD" && declared !== bytes.length) throw this.#broken("TruncatedBody");
    return { ...reply, bytes };
  }

  /** Sends; the caller must read or destroy the body. Throws StoreError for every status not accepted. */
  async stream(request: S3Request): Promise<RawReply> {
    const reply = await this.#send(request);
    if ((reply.status >= 200 && reply.status < 300) || request.accept?.includes(reply.status)) return reply;
    const text = (await this.#collect(reply.body, MAX_XML_BYTES)).toString("utf8");
    throw this.#refused(reply.status, parseErrorBody(text), reply.headers);
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  async #send({ method, key, query, headers = {}, body, signal }: S3Request): Promise<RawReply> {
    // Before it is signed: a signature of long ago is refused.
    await this.#gate?.request(signal);
    const path = `${this.#basePath}${key === undefined ? "/" : `/${encodeKey(key)}`}${toQuery(query)}`;
    const credentials = await this.#credentials();
    const signed = aws4.sign(
      {
        service: "s3",
        region: this.#region,
        method,
        path,
        headers: { host: this.#host, "x-amz-content-sha256": UNSIGNED, ...headers },
      },
      credentials,
    );
    const startedMs = performance.now();
    const call = startS3Call({ side: this.#side, host: this.#host, method });
    try {
      const reply = await this.#pool.request({
        method,
        path: signed.path ?? path,
        headers: signed.headers as Record<string, string>,
        body: this.#outgoing(body, headers, signal),
        signal,
        // undici closes the connection after a HEAD unless told not to; a verification is nothing but HEADs.
        reset: false,
      });
      call.end(reply.statusCode);
      if (isSmall(body)) this.#gate?.answered({ kind: `${this.#side} ${method}`, ms: performance.now() - startedMs });
      return { status: reply.statusCode, headers: reply.headers as Record<string, string>, body: reply.body };
    } catch (cause) {
      call.fail(cause instanceof StoreError ? cause.code : connectionCodeOf(cause));
      // A body of ours that failed (the source broke) keeps its own class.
      if (cause instanceof StoreError || signal.aborted) throw cause;
      throw this.#broken(connectionCodeOf(cause), cause);
    }
  }

  #outgoing(body: S3Request["body"], headers: Record<string, string>, signal: AbortSignal): Buffer | Readable | null {
    if (body === undefined) return null;
    // Without a length of its own a stream would be sent in chunks, which S3 refuses; those bodies are small XML.
    const isObject = this.#side === "destination" && headers["content-length"] !== undefined;
    if (isObject && this.#gate?.isLimitingBytes()) return Readable.from(this.#gate.bytes(body, signal));
    return Buffer.isBuffer(body) ? body : Readable.from(body);
  }

  async #collect(body: RawReply["body"], maxBytes: number): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let total = 0;
    try {
      for await (const chunk of body as AsyncIterable<Buffer>) {
        total += chunk.length;
        if (total > maxBytes) throw this.#broken("ReplyTooLarge");
        chunks.push(chunk);
      }
    } catch (cause) {
      if (cause instanceof StoreError) throw cause;
      throw this.#broken(connectionCodeOf(cause), cause);
    }
    return chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks, total);
  }

  #broken(code: string, cause?: unknown): StoreError {
    return new StoreError({
      errorClass: "transient",
      code,
      message: `The connection to the ${this.#side} (${this.#host}) broke: ${code}.`,
      cause,
    });
  }

  #refused(
    status: number,
    error: { code: string; message: string; requestId: string } | undefined,
    headers: Record<string, string>,
  ): StoreError {
    const code = error?.code || `Http${status}`;
    const retryAfterMs = Number(headers["retry-after"]) * 1000;
    return new StoreError({
      errorClass: classifyS3({ status, code: error?.code, side: this.#side }),
      code,
      httpStatus: status,
      message: `The ${this.#side} answered ${status} ${code}${error?.message ? `: ${error.message}` : "."}`,
      requestId: error?.requestId || headers["x-amz-request-id"],
      retryAfterMs: Number.isFinite(retryAfterMs) ? retryAfterMs : undefined,
    });
  }
}

/** Whose time to the answer tells of the store rather than of the bytes. */
function isSmall(body: S3Request["body"]): boolean {
  return body === undefined || (Buffer.isBuffer(body) && body.length <= SMALL_BYTES);
}

function toQuery(query: Record<string, string> | undefined): string {
  if (query === undefined) return "";
  const pairs = Object.entries(query).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeKey(value).replaceAll("/", "%2F")}`,
  );
  return `?${pairs.join("&")}`;
}

function connectionCodeOf(cause: unknown): string {
  return codeOf(cause) ?? "ConnectionFailed";
}
