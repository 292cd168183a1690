import { describe, expect, it } from "vitest";
import { z } from "zod";
import { AppError } from "@/lib/errors";
import { route, statementOf } from "./route";

const echo = route({
  allow: "traces.read",
  params: z.strictObject({ id: z.string().regex(/^[0-9a-f]+$/) }),
  query: z.strictObject({ limit: z.coerce.number().int().max(100).default(20) }),
  reply: z.object({ id: z.string(), limit: z.number() }),
  handle: async ({ params, query }) => ({ id: params.id, limit: query.limit, secret: "never leaves" }),
});
const create = route({
  allow: "runs.write",
  body: z.strictObject({ title: z.string().min(1) }),
  reply: z.object({ title: z.string() }),
  status: 201,
  handle: async ({ body }) => body,
});

const context = (params: Record<string, string> = {}) => ({ params: Promise.resolve(params) });
const get = (path: string, headers: Record<string, string> = {}) =>
  new Request(`http://127.0.0.1:3000${path}`, { headers: { host: "127.0.0.1:3000", ...headers } });
const post = (body: BodyInit, headers: Record<string, string> = {}) =>
  new Request("http://127.0.0.1:3000/x", {
    method: "POST",
    body,
    headers: { host: "127.0.0.1:3000", "content-type": "application/json", ...headers },
  });

describe("route", () => {
  it("answers with what its reply schema names and nothing else", async () => {
    const response = await echo(get("/x?limit=5"), context({ id: "af" }));
    expect(response.status).toBe(200);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await response.json()).toEqual({ id: "af", limit: 5 });
  });

  it.each([
    ["an unknown parameter, instead of widening the search", "/x?limitt=5", "limitt"],
    ["a value out of range", "/x?limit=500", "limit"],
    ["a parameter given twice", "/x?limit=5&limit=6", "limit"],
  ])("refuses %s, naming the field", async (_what, path, field) => {
    const response = await echo(get(path), context({ id: "af" }));
    expect(response.status).toBe(400);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toMatchObject({ code: "invalid_input", field, status: 400 });
  });

  it("says in plain words what was expected and what came", async () => {
    const response = await echo(get("/x?limit=ten"), context({ id: "af" }));
    const message = 'must be a number, not "ten"';
    expect(await response.json()).toMatchObject({
      detail: `limit: ${message}`,
      problems: [{ field: "limit", message }],
    });
  });

  it("refuses every query parameter of a route that takes none", async () => {
    const plain = route({ allow: "traces.read", reply: z.object({}), handle: async () => ({}) });
    expect((await plain(get("/x"), context())).status).toBe(200);
    const response = await plain(get("/x?limit=5"), context());
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ field: "limit" });
  });

  it("refuses a NUL character or half of a pair anywhere, which no database takes, naming the field", async () => {
    const anything = route({
      allow: "runs.write",
      body: z.strictObject({ title: z.string(), params: z.record(z.string(), z.string()) }),
      reply: z.object({}),
      handle: async () => ({}),
    });
    const inside = await anything(post(JSON.stringify({ title: "a", params: { b: "c\0d" } })), context());
    expect(inside.status).toBe(400);
    expect(await inside.json()).toMatchObject({ code: "invalid_input", field: "params.b" });
    const name = await anything(post(JSON.stringify({ title: "a", params: { "b\0": "c" } })), context());
    expect(name.status).toBe(400);
    const half = await anything(post('{"title":"\\ud800","params":{}}'), context());
    expect(half.status).toBe(400);
    expect(await half.json()).toMatchObject({ field: "title" });
    const text = await anything(post(JSON.stringify({ title: "\\u0000", params: {} })), context());
    expect(text.status).toBe(200);
  });

  it("refuses a malformed path parameter", async () => {
    expect((await echo(get("/x"), context({ id: "../etc" }))).status).toBe(400);
  });

  it.each([
    ["a foreign Host (DNS rebinding)", { host: "evil.example:3000" }, 421],
    ["another site's script", { "sec-fetch-site": "cross-site", "sec-fetch-mode": "cors" }, 403],
    ["an opaque origin", { origin: "null" }, 403],
    ["a foreign origin", { origin: "https://evil.example" }, 403],
  ])("refuses %s", async (_what, headers, status) => {
    expect((await create(post('{"title":"x"}', headers), context())).status).toBe(status);
  });

  it("answers its own pages and plain command-line clients", async () => {
    const own = { origin: "http://127.0.0.1:3000", "sec-fetch-site": "same-origin" };
    expect((await create(post('{"title":"x"}', own), context())).status).toBe(201);
    expect((await create(post('{"title":"x"}'), context())).status).toBe(201);
  });

  it.each([
    [
      "a form post",
      post("title=x", { "content-type": "application/x-www-form-urlencoded" }),
      415,
      "unsupported_media_type",
    ],
    ["broken JSON", post('{"title":'), 400, "invalid_input"],
    ["bytes that are not UTF-8", post(new Uint8Array([0x22, 0xff, 0x22])), 400, "invalid_input"],
    ["nesting that would overflow whatever walks it", post(`${"[".repeat(50)}${"]".repeat(50)}`), 400, "invalid_input"],
    ["an oversized body", post(JSON.stringify({ title: "x".repeat(300_000) })), 413, "payload_too_large"],
    ["an unknown field", post('{"title":"x","admin":true}'), 400, "invalid_input"],
  ])("refuses %s", async (_what, request, status, code) => {
    const response = await create(request, context());
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ code });
  });

  it("shows our own errors as they are and hides everybody else's", async () => {
    const failing = (error: Error) =>
      route({
        allow: "console.read",
        reply: z.object({}),
        handle: async () => {
          throw error;
        },
      })(get("/x"), context());
    const known = await failing(
      new AppError("upstream_timeout", "Jaeger did not answer in 10 s.", { retryAfterSeconds: 2.2 }),
    );
    expect([known.status, known.headers.get("retry-after")]).toEqual([504, "3"]);
    const unknown = await failing(new Error("password=hunter2 at /etc/secret"));
    expect(unknown.status).toBe(500);
    expect(await unknown.text()).not.toContain("hunter2");
  });

  it("wears its permission where a test can see it", () => {
    expect(statementOf(echo)?.allow).toBe("traces.read");
    expect(statementOf(async () => new Response())).toBeUndefined();
  });
});
