import http from "node:http";
import type { AddressInfo } from "node:net";
import { URL } from "node:url";

/** What goes wrong with one request. */
export type Fault =
  | "slow-down"
  | "internal-error"
  | "reset"
  /** The server did it; nobody hears of it. */
  | "lost-ack"
  | "truncate"
  | "flip-request-byte"
  | "flip-reply-byte";

export type FaultProxy = {
  endpoint: string;
  setFault: (choose: Choose) => void;
  count: () => number;
  stop: () => Promise<void>;
};
/** `range` is the request's header, "" without one. */
type Choose = (request: { method: string; url: string; range: string; at: number }) => Fault | undefined;

/** Passes requests to an S3 server, with faults chosen by a function. Bodies are buffered: test objects are small. */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const upstream = new URL(target);
  const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
  let choose: Choose = () => undefined;
  let faults = 0;
  let at = 0;
  const server = http.createServer(async (request, response) => {
    const { method = "GET", url = "/" } = request;
    const fault = choose({ method, url, range: request.headers.range ?? "", at: at++ });
    if (fault !== undefined) faults += 1;
    let body = await collect(request);
    if (fault === "slow-down" || fault === "internal-error") return refuse(response, fault);
    if (fault === "reset") return void request.socket.destroy();
    if (fault === "flip-request-byte" && body.length > 0) body = flip(body);
    const forwarded = http.request(
      { host: upstream.hostname, port: upstream.port, method, path: url, headers: request.headers, agent },
      async (reply) => {
        let bytes = await collect(reply);
        if (fault === "lost-ack") return void request.socket.destroy();
        if (fault === "flip-reply-byte" && bytes.length > 0) bytes = flip(bytes);
        response.writeHead(reply.statusCode ?? 502, reply.rawHeaders);
        if (fault === "truncate" && bytes.length > 1) {
          response.write(bytes.subarray(0, bytes.length >> 1), () => request.socket.destroy());
          return;
        }
        response.end(bytes);
      },
    );
    forwarded.on("error", () => request.socket.destroy());
    forwarded.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    // The signature covers the host: the proxy's own name must be the one signed, and passed on.
    endpoint: `http://127.0.0.1:${port}`,
    setFault: (next) => {
      choose = next;
    },
    count: () => faults,
    stop: async () => {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function collect(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  try {
    for await (const piece of stream) pieces.push(piece);
  } catch {
    // The client gave up; whatever came is all there is.
  }
  return Buffer.concat(pieces);
}

function flip(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  const at = copy.length >> 1;
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

function refuse(response: http.ServerResponse, fault: "slow-down" | "internal-error"): void {
  const [status, code] = fault === "slow-down" ? [503, "SlowDown"] : [500, "InternalError"];
  response.writeHead(Number(status), { "content-type": "application/xml" });
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>injected</Message></Error>`);
}
