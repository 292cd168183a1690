import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export const S3_FAULTS = [
  /** 503 SlowDown; the server never sees the request. */
  "slow-down",
  /** 500 InternalError; the server never sees the request. */
  "internal-error",
  /** The server does the work, its answer is lost. */
  "lost-ack",
  /** One bit of the request's body is flipped. */
  "flip-request",
  /** One bit of the answer's body is flipped. */
  "flip-response",
  /** 403 ExpiredToken; the server never sees the request. */
  "expired",
  /** 403 AccessDenied; the server never sees the request. */
  "denied",
] as const;
export type S3Fault = (typeof S3_FAULTS)[number];

type Rates = Partial<Record<S3Fault, number>>;
type ProxyOptions = {
  upstream: string;
  /** The same seed and the same order of requests give the same faults. */
  seed: number;
  /** Probability of each fault per request, 0 to 1. */
  rates?: Rates;
  /** Requests that may be hurt; all by default. */
  only?: (method: string, path: string) => boolean;
};

export type S3FaultProxy = {
  endpoint: string;
  /** How often each fault has happened. */
  injected: ReadonlyMap<S3Fault, number>;
  /** Requests seen, hurt or not. */
  requests: () => number;
  setRates: (rates: Rates) => void;
  stop: () => Promise<void>;
};

/** mulberry32: small, seeded, good enough to choose faults. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const ANSWERS: Partial<Record<S3Fault, [status: number, code: string]>> = {
  "slow-down": [503, "SlowDown"],
  "internal-error": [500, "InternalError"],
  expired: [403, "ExpiredToken"],
  denied: [403, "AccessDenied"],
};

async function readAll(message: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of message) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

/** A copy with one bit in the middle turned over; an empty body stays. */
function flipped(body: Buffer): Buffer {
  const copy = Buffer.from(body);
  const at = copy.length >> 1;
  if (copy.length > 0) copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

type Exchange = { message: IncomingMessage; response: ServerResponse; body: Buffer; upstream: string };

function forward({ message, body, upstream }: Exchange): Promise<{ reply: IncomingMessage; bytes: Buffer }> {
  const { hostname, port } = new URL(upstream);
  const { "transfer-encoding": _framing, expect: _expect, ...headers } = message.headers;
  return new Promise((resolve, reject) => {
    // Host stays the proxy's, because it is part of the signature.
    const outgoing = request(
      {
        hostname,
        port,
        method: message.method,
        path: message.url,
        headers: { ...headers, connection: "close", "content-length": body.length },
      },
      (reply) => readAll(reply).then((bytes) => resolve({ reply, bytes }), reject),
    );
    outgoing.once("error", reject);
    outgoing.end(body);
  });
}

function answerWithError({ message, response }: Exchange, [status, code]: [number, string]): void {
  const text = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>Injected.</Message><RequestId>0</RequestId></Error>`;
  response.writeHead(status, { "content-type": "application/xml", "content-length": Buffer.byteLength(text) });
  response.end(message.method === "HEAD" ? undefined : text);
}

async function pass(exchange: Exchange, fault: S3Fault | undefined): Promise<void> {
  const { message, response } = exchange;
  const { reply, bytes } = await forward(
    fault === "flip-request" ? { ...exchange, body: flipped(exchange.body) } : exchange,
  );
  if (fault === "lost-ack") {
    message.socket.resetAndDestroy();
    return;
  }
  const { connection: _hop, "transfer-encoding": _framing, ...headers } = reply.headers;
  if (message.method !== "HEAD" && reply.statusCode !== 304 && reply.statusCode !== 204)
    headers["content-length"] = String(bytes.length);
  response.writeHead(reply.statusCode ?? 502, headers);
  response.end(fault === "flip-response" ? flipped(bytes) : bytes);
}

async function hurt(exchange: Exchange, fault: S3Fault | undefined): Promise<void> {
  const answer = fault === undefined ? undefined : ANSWERS[fault];
  if (answer !== undefined) answerWithError(exchange, answer);
  else await pass(exchange, fault);
}

/** An S3 endpoint that behaves badly on purpose, in front of a good one. Bodies are held in memory. */
export async function startS3FaultProxy(options: ProxyOptions): Promise<S3FaultProxy> {
  const random = seededRandom(options.seed);
  const injected = new Map<S3Fault, number>();
  let rates = options.rates ?? {};
  let seen = 0;

  const choose = (message: IncomingMessage): S3Fault | undefined => {
    seen += 1;
    let left = random();
    if (options.only !== undefined && !options.only(message.method ?? "", message.url ?? "")) return undefined;
    for (const fault of S3_FAULTS) {
      left -= rates[fault] ?? 0;
      if (left < 0) {
        injected.set(fault, (injected.get(fault) ?? 0) + 1);
        return fault;
      }
    }
    return undefined;
  };
  const server = createServer((message, response) => {
    const fault = choose(message);
    readAll(message)
      .then((body) => hurt({ message, response, body, upstream: options.upstream }, fault))
      .catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    injected,
    requests: () => seen,
    setRates(next) {
      rates = next;
    },
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
