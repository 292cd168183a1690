import type http from "node:http";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { JaegerHttp, type JaegerLimits } from "@/features/traces/server/jaeger/jaeger-http";
import { JaegerSource } from "@/features/traces/server/jaeger/jaeger-source";
import { TraceLibrary } from "@/features/traces/server/trace-library";
import type { ErrorCode } from "@/lib/errors";
import { listenOnLoopback, RECORDED_TRACE_ID, RECORDED_VERSIONS, readRecording } from "../support/replay-jaeger";

const NEWEST = RECORDED_VERSIONS.at(-1) ?? "";
const LIMITS: Partial<JaegerLimits> = { connectTimeoutMs: 300, totalTimeoutMs: 700, maxBytes: 1_000_000 };
const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function serve(handle: http.RequestListener, limits: Partial<JaegerLimits> = {}) {
  const server = await listenOnLoopback(handle);
  const source = new JaegerSource({ url: server.url, limits: { ...LIMITS, ...limits } });
  cleanups.push(() => source.close(), server.close);
  return { server, source };
}

const json = { "content-type": "application/json" };
/** Packed beforehand: packing takes longer than a busy machine leaves within the limits above. */
const GZIP_BOMB = gzipSync(Buffer.alloc(50_000_000, 0x20));

const FAULTS: [title: string, code: ErrorCode, handle: http.RequestListener][] = [
  ["resets the connection", "upstream_unreachable", (request) => request.socket.resetAndDestroy()],
  ["hangs before the first byte", "upstream_timeout", () => {}],
  [
    "hangs in the middle",
    "upstream_timeout",
    (_, response) => void response.writeHead(200, json).write('{"services":['),
  ],
  [
    "closes in the middle",
    "upstream_unreachable",
    (_, response) => {
      response.writeHead(200, { ...json, "content-length": "1000" }).write('{"services":["a"');
      setImmediate(() => response.destroy());
    },
  ],
  [
    "sends half a JSON",
    "upstream_invalid",
    (_, response) => void response.writeHead(200, json).end('{"services":["a"'),
  ],
  [
    "sends random bytes",
    "upstream_invalid",
    (_, response) => void response.writeHead(200, json).end(Buffer.from([0, 255, 17])),
  ],
  ["speaks no HTTP", "upstream_invalid", (request) => void request.socket.end("SSH-2.0-OpenSSH_9.6\r\n\r\n")],
  [
    "answers HTML to everything",
    "upstream_invalid",
    (_, response) => void response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><p>hello"),
  ],
  [
    "redirects",
    "upstream_invalid",
    (_, response) => void response.writeHead(302, { location: "http://127.0.0.1:1/secret" }).end(),
  ],
  [
    "answers the wrong shape",
    "upstream_invalid",
    (_, response) => void response.writeHead(200, json).end('{"services":7}'),
  ],
  ["answers nothing", "upstream_invalid", (_, response) => void response.writeHead(200, json).end()],
  [
    "sends a gzip bomb",
    "upstream_too_large",
    (_, response) => void response.writeHead(200, { ...json, "content-encoding": "gzip" }).end(GZIP_BOMB),
  ],
  [
    "sends broken gzip",
    "upstream_invalid",
    (_, response) => void response.writeHead(200, { ...json, "content-encoding": "gzip" }).end("not gzip at all"),
  ],
  [
    "sends without end",
    "upstream_too_large",
    (_, response) => {
      response.writeHead(200, json).write("[");
      const pump = () => {
        while (!response.destroyed && response.write("1,".repeat(32_768)));
      };
      response.on("drain", pump);
      pump();
    },
  ],
  ["wants a password", "upstream_refused", (_, response) => void response.writeHead(401).end("no basic auth provided")],
  ["is broken itself", "upstream_refused", (_, response) => void response.writeHead(500, json).end('{"errors":[]}')],
];

describe("a connection that is cut as it is used again", () => {
  it("is asked for once more, and says nothing of the source", async () => {
    let asked = 0;
    const { source } = await serve((request, response) => {
      asked += 1;
      if (asked === 1) request.socket.resetAndDestroy();
      else response.writeHead(200, json).end('{"services":["web"]}');
    });
    expect(await source.listServices()).toContain("web");
    expect(source.health().downSince).toBeUndefined();
  });
});

describe("a Jaeger that misbehaves", () => {
  for (const [title, code, handle] of FAULTS) {
    it(`gives a typed error in time when it ${title}`, async () => {
      const { source } = await serve(handle);
      const startedAt = performance.now();
      await expect(source.listServices()).rejects.toMatchObject({ code });
      expect(performance.now() - startedAt).toBeLessThan(2 * 700 + 1500);
      expect(await source.status()).toMatchObject({ state: "down", downSince: expect.any(String) });
    });
  }

  it("gives a typed error when nobody listens", async () => {
    const { server, source } = await serve(() => {});
    await server.close();
    await expect(source.listServices()).rejects.toMatchObject({ code: "upstream_unreachable" });
  });

  it("cuts a trace off at every kind of place without ever crashing", async () => {
    const whole = readRecording(NEWEST, "v3-trace").body;
    const { source } = await serve((request, response) => {
      const cut = Number(new URL(request.url ?? "", "http://x").pathname.split("/").at(-1)?.slice(0, 8) ?? 0);
      response
        .writeHead(200, json)
        .end(request.url?.includes("/traces/") ? whole.subarray(0, cut) : '{"summaries":[]}');
    });
    const library = new TraceLibrary(source);
    for (let cut = 1; cut < whole.length; cut += 6151) {
      const id = `${String(cut).padStart(8, "0")}${"0".repeat(24)}`;
      await expect(library.open(id), `cut at ${cut}`).rejects.toMatchObject({
        code: expect.stringMatching(/^(upstream_|not_found)/),
      });
    }
  });
});

describe("a Jaeger that is down for a while", () => {
  it("is asked five times, then left alone, then looked at once, then trusted again", async () => {
    let nowMs = 1_000_000;
    let isUp = false;
    let requestCount = 0;
    const server = await listenOnLoopback((_, response) => {
      requestCount += 1;
      response.writeHead(isUp ? 200 : 503, json).end('{"services":[]}');
    });
    const client = new JaegerHttp({ url: server.url, limits: LIMITS, now: () => nowMs });
    cleanups.push(() => client.close(), server.close);
    const ask = () => client.get("/api/v3/services", new URLSearchParams());
    for (let call = 0; call < 5; call += 1) expect((await ask()).status).toBe(503);
    await expect(ask()).rejects.toMatchObject({ code: "upstream_unreachable", retryAfterSeconds: 10 });
    expect(requestCount).toBe(5);
    nowMs += 10_000;
    expect((await ask()).status).toBe(503);
    await expect(ask()).rejects.toMatchObject({ code: "upstream_unreachable" });
    expect(requestCount).toBe(6);
    nowMs += 10_000;
    isUp = true;
    expect((await ask()).status).toBe(200);
    expect((await ask()).status).toBe(200);
    expect(client.health()).toMatchObject({ downSince: undefined, reason: undefined });
  });

  it("gives its reason once, however often it is looked at while it is left alone", async () => {
    const { server } = await serve((_, response) => void response.writeHead(500).end());
    let nowMs = 1_000_000;
    const source = new JaegerSource({ url: server.url, limits: LIMITS, now: () => nowMs });
    cleanups.push(() => source.close());
    for (let look = 0; look < 12; look += 1) {
      await source.status();
      nowMs += 10_000;
    }
    for (let call = 0; call < 6; call += 1) await source.listServices().catch(() => {});
    for (let look = 0; look < 3; look += 1) {
      nowMs += 1000;
      await source.status();
      const error = await source.listServices().catch((thrown: unknown) => thrown);
      expect(String(error).split("answers with status 500")).toHaveLength(2);
      // A countdown in it would be another sentence with every look.
      expect(String(error)).not.toMatch(/again for/);
    }
  });

  it("names whose fault it is where the source knows, also while it is left alone", async () => {
    const { source } = await serve((_, response) => {
      response.writeHead(503).end('{"error":{"httpCode":503,"message":"its database does not answer"}}\n');
    });
    for (let call = 0; call < 7; call += 1) {
      const error = await source.listServices().catch((thrown: unknown) => thrown);
      expect(String(error)).toMatch(/ cannot answer now: its database does not answer\.$/);
    }
    expect((await source.status()).reason).toMatch(/ cannot answer now: its database does not answer\.$/);
  });

  it("is looked at every two seconds, so that nobody is told of an outage that is over", async () => {
    let isUp = false;
    const { server } = await serve((request, response) => {
      const body = request.url?.includes("summaries") ? '{"summaries":[]}' : '{"services":[]}';
      response.writeHead(isUp ? 200 : 503, json).end(isUp ? body : "{}");
    });
    let nowMs = 1_000_000;
    const source = new JaegerSource({ url: server.url, limits: LIMITS, now: () => nowMs });
    cleanups.push(() => source.close());
    expect((await source.status()).state).toBe("down");
    isUp = true;
    nowMs += 1000;
    expect((await source.status()).state).toBe("down");
    nowMs += 1000;
    expect((await source.status()).state).toBe("up");
  });

  it("is never called Jaeger where it is the console's own collector", async () => {
    const called = "The console's own collector";
    for (const [, , handle] of FAULTS) {
      const server = await listenOnLoopback(handle);
      const source = new JaegerSource({ url: server.url, limits: LIMITS, called });
      cleanups.push(() => source.close(), server.close);
      const error = await source.listServices().catch((thrown: unknown) => thrown);
      expect(String(error)).toContain(called);
      expect(String(error).replaceAll("JAEGER_", "")).not.toMatch(/jaeger/i);
      expect((await source.status()).reason).toContain(called);
    }
  });

  it("leaves alone a Jaeger that keeps answering the wrong shape", async () => {
    let asked = 0;
    const { source } = await serve((request, response) => {
      const isProbe = request.url?.startsWith("/api/v3/trace-summaries");
      if (!isProbe) asked += 1;
      response.writeHead(200, json).end(isProbe ? '{"summaries":[]}' : '{"services":7}');
    });
    for (let i = 0; i < 5; i += 1)
      await expect(source.listServices()).rejects.toMatchObject({ code: "upstream_invalid" });
    await expect(source.listServices()).rejects.toMatchObject({ code: "upstream_unreachable" });
    expect(asked).toBe(5);
  });

  it("still shows a trace that was read before, and says that it is from memory", async () => {
    let isUp = true;
    const trace = readRecording(NEWEST, "v3-trace").body;
    const { source } = await serve((request, response) => {
      if (!isUp) response.writeHead(503).end();
      else response.writeHead(200, json).end(request.url?.includes("/traces/") ? trace : '{"summaries":[]}');
    });
    let nowMs = Date.parse("2026-11-22T12:00:00Z");
    const library = new TraceLibrary(source, { now: () => nowMs });
    await library.open(RECORDED_TRACE_ID);
    isUp = false;
    nowMs += 60_000;
    const { origin } = await library.open(RECORDED_TRACE_ID);
    expect(origin).toMatchObject({ kind: "jaeger", isFromCache: true });
  });
});

describe("a caller that gives up", () => {
  it("cancels the request to Jaeger and blames nobody", async () => {
    let isClosed: () => void = () => {};
    const closed = new Promise<void>((resolve) => {
      isClosed = resolve;
    });
    const server = await listenOnLoopback((request) => request.on("close", isClosed));
    const client = new JaegerHttp({ url: server.url, limits: { totalTimeoutMs: 30_000 } });
    cleanups.push(() => client.close(), server.close);
    const abort = new AbortController();
    const pending = client.get("/api/v3/services", new URLSearchParams(), abort.signal);
    setImmediate(() => abort.abort());
    await expect(pending).rejects.toThrow();
    await closed;
    expect(client.health().downSince).toBeUndefined();
  });
});
