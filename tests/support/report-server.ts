import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { POST as complete } from "@/app/api/v1/migrations/[ref]/complete/route";
import { POST as heartbeat } from "@/app/api/v1/migrations/[ref]/heartbeat/route";
import { PUT } from "@/app/api/v1/migrations/[ref]/route";
import { POST as batches } from "@/app/api/v1/migrations/[ref]/streams/[stream]/batches/route";
import { POST as open } from "@/app/api/v1/migrations/[ref]/streams/route";
import { createDoor } from "@/web/create-door";

type Handler = (request: Request, context: { params: Promise<Record<string, string>> }) => Promise<Response>;
const ROUTES: [RegExp, Handler][] = [
  [/^\/api\/v1\/migrations\/(?<ref>[^/]+)$/, PUT as Handler],
  [/^\/api\/v1\/migrations\/(?<ref>[^/]+)\/streams$/, open as Handler],
  [/^\/api\/v1\/migrations\/(?<ref>[^/]+)\/streams\/(?<stream>[^/]+)\/batches$/, batches as Handler],
  [/^\/api\/v1\/migrations\/(?<ref>[^/]+)\/heartbeat$/, heartbeat as Handler],
  [/^\/api\/v1\/migrations\/(?<ref>[^/]+)\/complete$/, complete as Handler],
];

/** What happens to a request beside being answered. */
export type Mishap = "lose the answer" | { status: number; retryAfter: string } | undefined;

/** The console's own door and its reporter routes on a port, without the pages. `mishap` is asked per request. */
export async function startReportServer(mishap: (path: string) => Mishap = () => undefined) {
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const path = new URL(request.url ?? "", "http://x").pathname;
    const what = mishap(path);
    if (typeof what === "object") {
      response.writeHead(what.status, { "retry-after": what.retryAfter, "content-type": "application/problem+json" });
      response.end(JSON.stringify({ status: what.status, code: "unavailable", detail: "later" }));
      return;
    }
    const [match] = ROUTES.flatMap(([pattern, handler]) => {
      const groups = pattern.exec(path)?.groups;
      return groups === undefined ? [] : [{ handler, groups: { ...groups } }];
    });
    if (match === undefined) throw new Error(`no route for ${path}`);
    const init = { method: request.method ?? "GET", duplex: "half" as const };
    const body = Readable.toWeb(request) as ReadableStream;
    const asked = new Request(`http://${request.headers.host}${request.url}`, {
      ...init,
      body,
      headers: new Headers(
        Object.entries(request.headers).map(([name, value]): [string, string] => [name, `${value}`]),
      ),
    });
    const reply = await match.handler(asked, { params: Promise.resolve(match.groups) });
    if (what === "lose the answer") {
      request.socket.destroy();
      return;
    }
    response.writeHead(reply.status, Object.fromEntries(reply.headers));
    response.end(Buffer.from(await reply.arrayBuffer()));
  };
  const server = createDoor(answer);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
