import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { Pool } from "undici";
import { afterEach, describe, expect, it } from "vitest";
import { collectReply } from "./collect-reply";

type Answer = (request: http.IncomingMessage, response: http.ServerResponse) => void;
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function serve(answer: Answer, connections = 4): Promise<Pool> {
  const server = http.createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  const pool = new Pool(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { connections });
  closers.push(
    () => pool.destroy(),
    () => server.closeAllConnections(),
    () => server.close(),
  );
  return pool;
}

const GET = { method: "GET", path: "/" } as const;
const limits = (signal = new AbortController().signal, maxBytes = 1000) => ({
  signal,
  maxBytes,
  tooLarge: () => new Error("too large"),
});

describe("collectReply", () => {
  it("gathers an answer that comes in pieces", async () => {
    const pool = await serve((_, response) => {
      response.writeHead(200, { etag: '"x"' });
      response.write("one ");
      setImmediate(() => response.end("two"));
    });
    const { status, headers, bytes } = await collectReply(pool, GET, limits());
    expect([status, headers.etag, bytes.toString()]).toEqual([200, '"x"', "one two"]);
  });

  it("passes over an interim answer", async () => {
    const pool = await serve((_, response) => {
      response.writeEarlyHints({ link: "</a>; rel=preload" });
      response.end("kept");
    });
    const { status, bytes } = await collectReply(pool, GET, limits());
    expect([status, bytes.toString()]).toEqual([200, "kept"]);
  });

  it("breaks off an answer that is too long, and the next request works", async () => {
    const pool = await serve((request, response) => response.end(request.url === "/" ? "x".repeat(2000) : "short"), 1);
    await expect(collectReply(pool, GET, limits())).rejects.toThrow("too large");
    const { bytes } = await collectReply(pool, { ...GET, path: "/next" }, limits());
    expect(bytes.toString()).toBe("short");
  });

  it("rejects all requests under a signal when it aborts: under way, waiting for a connection, and later ones", async () => {
    const arrived: http.ServerResponse[] = [];
    const pool = await serve((_, response) => arrived.push(response), 1);
    const stop = new AbortController();
    const [first, waiting] = [0, 1].map(() => collectReply(pool, GET, limits(stop.signal)));
    const other = collectReply(pool, GET, limits());
    await expect.poll(() => arrived.length).toBe(1);
    stop.abort(new Error("stopped"));
    await expect(first).rejects.toThrow("stopped");
    await expect(waiting).rejects.toThrow("stopped");
    await expect(collectReply(pool, GET, limits(stop.signal))).rejects.toThrow("stopped");
    await expect.poll(() => arrived.length).toBe(2);
    arrived[1]?.end("of another signal");
    expect((await other).bytes.toString()).toBe("of another signal");
  });

  it("fails when the connection ends before the answer does", async () => {
    const pool = await serve((request, response) => {
      response.writeHead(200, { "content-length": "10" });
      response.write("four");
      setImmediate(() => request.socket.destroy());
    });
    await expect(collectReply(pool, GET, limits())).rejects.toMatchObject({ code: "UND_ERR_SOCKET" });
  });
});
