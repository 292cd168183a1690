import { Readable } from "node:stream";
import { type Dispatcher, Pool } from "undici";
import { codeOf } from "@/lib/errors";
import { env } from "@/server/config/env";
import { classifyS3, type StoreSide } from "../../domain/classify";
import { encodeKey } from "../../domain/object-key";
import type { DestinationSpec } from "../../domain/plan-spec";
import { type CollectedReply, collectReply } from "./collect-reply";
import { type CredentialSource, credentialSource } from "./credentials";
import { RequestSigner } from "./request-signer";
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
type Outgoing = { method: S3Request["method"]; path: string; headers: string[]; body: Buffer | Readable | null };

/**
 * A small S3 client for the hot path: signs by itself and sends through an undici pool of its own (a twelfth of the SDK's
 * CPU per object, see docs/adr/0010). Source and destination each have their own client, hence their own pool: one shared pool
 * deadlocks once every connection holds a GET that waits for its PUT.
 */
export class S3Client {
  readonly #side: StoreSide;
  readonly #pool: Pool;
  readonly #host: string;
  readonly #basePath: string;
  readonly #credentials: CredentialSource;
  readonly #signer: RequestSigner;
  readonly #bucket: string;
  readonly #identity: string;
  readonly #gate: TrafficGate | undefined;

  constructor(spec: DestinationSpec, side: StoreSide, connections: number, gate?: TrafficGate) {
    const { S3_ENDPOINT, AWS_REGION } = env();
    const endpoint = spec.endpoint ?? S3_ENDPOINT;
    this.#side = side;
    this.#gate = gate;
    const region = spec.region ?? AWS_REGION;
    this.#signer = new RequestSigner(region);
    this.#bucket = spec.bucket;
    this.#identity = [endpoint ?? "amazon", region, spec.profile ?? ""].join("|");
    // Path style for every custom endpoint: bucket names need no DNS there. Dots in a name break TLS names at Amazon's.
    const isPathStyle = endpoint !== undefined || spec.bucket.includes(".");
    const amazon = `https://${isPathStyle ? "" : `${spec.bucket}.`}s3.${region}.amazonaws.com`;
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

  /** Sends and reads the answer as text (XML). */
  async text(request: S3Request): Promise<S3Reply & { text: string }> {
    const { status, headers, bytes } = await this.#collect(request, MAX_XML_BYTES);
    // Most writes are answered without a body.
    const text = bytes.length === 0 ? "" : bytes.toString("utf8");
    // Copy and CompleteMultipartUpload may answer 200 and fail in the body; a status that was asked for is an answer.
    const error = status < 300 && text.includes("<Error>") ? parseErrorBody(text) : undefined;
    if (error !== undefined) throw this.#refused(request, { status: 500, headers }, error);
    return { status, headers, text };
  }

  /** Sends and reads at most `maxBytes` of body. */
  async bytes(request: S3Request, maxBytes: number): Promise<S3Reply & { bytes: Buffer }> {
    const { status, headers, bytes } = await this.#collect(request, maxBytes);
    const declared = Number(headers["content-length"] ?? bytes.length);
    if (request.method !== "HEAD" && declared !== bytes.length) throw this.#broken("TruncatedBody");
    return { status, headers, bytes };
  }

  /** Sends; the caller must read or destroy the body. Throws StoreError for every status not accepted. */
  async stream(request: S3Request): Promise<RawReply> {
    const { signal } = request;
    const { statusCode, headers, body } = await this.#send(request, async (outgoing) => {
      const reply = await this.#pool.request({ ...outgoing, signal });
      return { ...reply, status: reply.statusCode, headersAtMs: performance.now() };
    });
    const reply = { status: statusCode, headers: headers as Record<string, string> };
    if (isAnswer(statusCode, request)) return { ...reply, body };
    throw this.#refused(request, reply, parseErrorBody(await this.#textOf(body)));
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  async #collect(request: S3Request, maxBytes: number): Promise<CollectedReply> {
    const limits = { signal: request.signal, maxBytes: Math.max(maxBytes, MAX_XML_BYTES) };
    const tooLarge = () => this.#broken("ReplyTooLarge");
    const reply = await this.#send(request, (outgoing) =>
      // undici closes the connection after a HEAD unless told not to; a verification is nothing but HEADs.
      collectReply(this.#pool, { ...outgoing, reset: false }, { ...limits, tooLarge }),
    );
    if (isAnswer(reply.status, request)) return reply;
    throw this.#refused(request, reply, parseErrorBody(reply.bytes.toString("utf8")));
  }

  async #send<R extends { status: number; headersAtMs: number }>(
    { method, key, query, headers = {}, body, signal }: S3Request,
    send: (outgoing: Outgoing) => Promise<R>,
  ): Promise<R> {
    // Before it is signed: a signature of long ago is refused.
    if (this.#gate !== undefined) await this.#gate.request(signal);
    const path = this.#basePath + (key === undefined ? "/" : `/${encodeKey(key)}`);
    const queryText = toQuery(query);
    const signed = this.#signer.sign(
      {
        method,
        path,
        query: queryText,
        headers: { host: this.#host, "x-amz-content-sha256": UNSIGNED, ...headers },
      },
      await this.#credentials(),
    );
    const startedMs = performance.now();
    const call = startS3Call({ side: this.#side, host: this.#host, method });
    try {
      const reply = await send({
        method,
        path: queryText === "" ? path : `${path}?${queryText}`,
        headers: signed,
        body: this.#outgoing(body, headers, signal),
      });
      call.end(reply.status);
      if (isSmall(body)) this.#gate?.answered({ kind: `${this.#side} ${method}`, ms: reply.headersAtMs - startedMs });
      return reply;
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

  async #textOf(body: RawReply["body"]): Promise<string> {
    const pieces: Buffer[] = [];
    let total = 0;
    try {
      for await (const piece of body as AsyncIterable<Buffer>) {
        total += piece.length;
        if (total > MAX_XML_BYTES) throw this.#broken("ReplyTooLarge");
        pieces.push(piece);
      }
    } catch (cause) {
      throw cause instanceof StoreError ? cause : this.#broken(connectionCodeOf(cause), cause);
    }
    return Buffer.concat(pieces, total).toString("utf8");
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
    { key }: S3Request,
    { status, headers }: S3Reply,
    error: { code: string; message: string; requestId: string } | undefined,
  ): StoreError {
    const code = error?.code || `Http${status}`;
    const retryAfterMs = Number(headers["retry-after"]) * 1000;
    return new StoreError({
      errorClass: classifyS3({ status, code: error?.code, side: this.#side, isOfBucket: key === undefined }),
      side: this.#side,
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

const isAnswer = (status: number, { accept }: S3Request): boolean =>
  (status >= 200 && status < 300) || accept?.includes(status) === true;

/** Names in order, as a signature wants them; "" when there is none. */
function toQuery(query: Record<string, string> | undefined): string {
  if (query === undefined) return "";
  return Object.keys(query)
    .sort()
    .map((name) => `${encodeURIComponent(name)}=${encodeKey(query[name] ?? "").replaceAll("/", "%2F")}`)
    .join("&");
}

function connectionCodeOf(cause: unknown): string {
  return codeOf(cause) ?? "ConnectionFailed";
}
