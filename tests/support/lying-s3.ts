import http, { type IncomingHttpHeaders, type OutgoingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

export type AskedOf = {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: Buffer;
};
export type Told = { status: number; headers: OutgoingHttpHeaders; body: Buffer };
/** What to answer instead; `stall` = nothing, for ever. `ask` passes the request on as it came. */
export type Lie = (asked: AskedOf, ask: () => Promise<Told>) => Promise<Told | "stall">;

export type LyingS3 = { endpoint: string; setLie: (lie: Lie) => void; stop: () => Promise<void> };

/** An S3 endpoint in front of an honest one, that answers whatever a test wants. Bodies are held in memory. */
export async function startLyingS3(target: string): Promise<LyingS3> {
  const upstream = new URL(target);
  const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
  const honest: Lie = (_asked, ask) => ask();
  let lie = honest;
  const server = http.createServer(async (request, response) => {
    try {
      const { pathname: path, searchParams: query } = new URL(request.url ?? "/", "http://x");
      const asked = {
        method: request.method ?? "",
        path,
        query,
        headers: request.headers,
        body: await collect(request),
      };
      const told = await lie(asked, () => forward(upstream, agent, request, asked.body));
      if (told === "stall") return;
      response.writeHead(told.status, told.headers);
      response.end(told.body);
    } catch {
      request.socket.destroy();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    setLie: (next) => {
      lie = next;
    },
    stop: async () => {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** An error document, as S3 writes it, under any status. */
export function errorTold(status: number, code: string): Told {
  const body = Buffer.from(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>told</Message></Error>`);
  return { status, headers: { "content-type": "application/xml", "content-length": body.length }, body };
}

function forward(upstream: URL, agent: http.Agent, request: http.IncomingMessage, body: Buffer): Promise<Told> {
  const { method = "GET", url: path = "/", headers } = request;
  return new Promise((resolve, reject) => {
    const asked = http.request(
      { host: upstream.hostname, port: upstream.port, method, path, headers, agent },
      async (reply) => {
        const { "transfer-encoding": _framing, connection: _hop, ...kept } = reply.headers;
        const bytes = await collect(reply);
        const isBodyless = method === "HEAD" || reply.statusCode === 204;
        resolve({
          status: reply.statusCode ?? 502,
          headers: isBodyless ? kept : { ...kept, "content-length": bytes.length },
          body: bytes,
        });
      },
    );
    asked.on("error", reject);
    asked.end(body);
  });
}

async function collect(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces);
}
