import fs from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Collector, closeCollectorPool, startCollector } from "@/features/collector/server";
import { countCalls } from "@/features/collector/server/search-traces";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { oneSpanRequest, randomTraceId } from "./one-span-request";
import { recordedInput } from "./recorded-input";

const RECORDINGS = path.join(import.meta.dirname, "../../fixtures/jaeger");
const NEW = path.join(RECORDINGS, "v2.20+main-2026-08-20");

/**
 * Jaeger's older search, which main of 2026-08-20 no longer has and its UI up to 2.18 still asks for: compared with the
 * recording of v1.76.0. Both recordings hold the same traces; v1.76.0 sorts tags and numbers processes its own way.
 */
let database: TestDatabase;
let collector: Collector;
const otherId = randomTraceId();

beforeAll(async () => {
  database = await createTestDatabase();
  collector = await startCollector({ host: "127.0.0.1", otlpPort: 0, jaegerApiPort: 0 });
  for (const request of recordedInput(NEW)) await send(request);
  await send(oneSpanRequest({ traceId: otherId, service: "a/b c" }));
});

afterAll(async () => {
  await collector.stop();
  await closeCollectorPool();
  await database.drop();
});

async function send(request: object): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${collector.otlpPort}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(request),
  });
  expect(response.status).toBe(200);
}

type Tag = { key: string };
type Span = {
  spanID: string;
  startTime: number;
  duration: number;
  processID: string;
  tags: Tag[];
  logs: { fields: Tag[] }[];
};
type Trace = { traceID: string; spans: Span[]; processes: Record<string, { serviceName: string }> };

async function ask(url: string, init?: RequestInit) {
  const response = await fetch(`http://127.0.0.1:${collector.jaegerApiPort}${url}`, init);
  const text = await response.text();
  return { status: response.status, type: response.headers.get("content-type"), text, body: JSON.parse(text) };
}

const recorded = (name: string) =>
  JSON.parse(fs.readFileSync(path.join(RECORDINGS, "v1.76.0", `${name}.body`), "utf8"));
const RANGE = "start=1795341000000000&end=1795351800000000";
const WEB = `/api/traces?service=circuitverse-web&${RANGE}`;
const sorted = (items: unknown[]) => items.map((item) => JSON.stringify(item)).sort();
const idsOf = (body: { data: Trace[] }) => body.data.map(({ traceID }) => traceID).sort();

/** A trace without what the two recordings differ in: times, tag order, process numbers. */
function comparable({ spans, processes }: Trace) {
  return spans
    .map(({ startTime, processID, tags, logs, ...span }) => ({
      ...span,
      logs: logs.map(({ fields }) => fields),
      tags: [...tags].sort((a, b) => (a.key < b.key ? -1 : 1)),
      process: processes[processID],
    }))
    .sort((a, b) => (a.spanID < b.spanID ? -1 : 1));
}

describe("Jaeger's older search", () => {
  it.each([
    ["legacy-services", "/api/services"],
    ["legacy-operations", "/api/operations?service=circuitverse-web"],
    ["legacy-service-operations", "/api/services/circuitverse-web/operations"],
  ])("answers %s as recorded", async (name, url) => {
    const { status, type, body } = await ask(url);
    const theirs = recorded(name);
    expect({ status, type, keys: Object.keys(body) }).toEqual({
      status: 200,
      type: "application/json",
      keys: Object.keys(theirs),
    });
    const mine = sorted(body.data).filter((item) => item !== '"a/b c"');
    expect(mine).toEqual(sorted(theirs.data));
    expect(body.total).toBe(body.data.length);
  });

  it("finds the traces as recorded, span by span", async () => {
    const { type, body } = await ask(`${WEB}&limit=100&minDuration=100ms`);
    expect(type).toBe("application/json");
    const theirs = recorded("legacy-search").data as Trace[];
    const big = theirs.find(({ spans }) => spans.length === 300);
    const mine = (body.data as Trace[]).find(({ traceID }) => traceID === big?.traceID);
    expect(mine && comparable(mine)).toEqual(big && comparable(big));
    expect({ ...body, data: [] }).toEqual({ data: [], total: 0, limit: 0, offset: 0, errors: null });
  });

  it("keeps to the limit, and to operation, tags and durations of one span", async () => {
    expect((await ask(`${WEB}&limit=5`)).body.data).toHaveLength(5);
    const byTags = await ask(`${WEB}&limit=100&tags=${encodeURIComponent('{"error":"true"}')}`);
    expect(byTags.body.data.length).toBeGreaterThan(0);
    expect(idsOf((await ask(`${WEB}&limit=100&tag=error:true`)).body)).toEqual(idsOf(byTags.body));
    expect((await ask(`${WEB}&maxDuration=1ns`)).body.data).toEqual([]);
    expect((await ask(`${WEB}&operation=nothing`)).body.data).toEqual([]);
  });

  it("opens several traces by id and lists the missing ones beside them", async () => {
    const missing = "0123456789abcdef0123456789abcdef";
    const { status, body } = await ask(`/api/traces?traceID=${otherId}&traceID=${missing}&traceID=${otherId}`);
    expect({ status, ids: idsOf(body), errors: body.errors }).toEqual({
      status: 200,
      ids: [otherId],
      errors: [{ msg: "trace not found", traceID: missing }],
    });
    expect((await ask(`/api/traces?traceID=${missing}`)).body).toMatchObject({
      data: [],
      errors: [{ traceID: missing }],
    });
  });

  it("takes service names as Jaeger's UI writes them into the path", async () => {
    expect((await ask("/api/services/a%2Fb%20c/operations")).body.data).toHaveLength(1);
    expect((await ask("/api/services/a%2Fb+c/operations")).body.data).toHaveLength(1);
    expect((await ask("/api/services/nobody/operations")).body.data).toEqual([]);
  });

  it("indents with four spaces when asked to", async () => {
    for (const url of [`${WEB}&limit=1`, `/api/traces/${otherId}?`, "/api/services?"]) {
      const plain = await ask(url);
      const pretty = await ask(`${url}&prettyPrint=true`);
      expect(pretty.text).toBe(JSON.stringify(plain.body, undefined, 4));
      expect((await ask(`${url}&prettyPrint=false`)).text).toBe(plain.text);
    }
  });

  it.each([
    ["/api/operations", "parameter 'service' is required"],
    ["/api/traces", "parameter 'service' is required"],
    [
      "/api/traces?service=x&start=soon",
      `unable to parse param 'start': strconv.ParseInt: parsing "soon": invalid syntax`,
    ],
    ["/api/traces?service=x&limit=many", `strconv.ParseInt: parsing "many": invalid syntax`],
    ["/api/traces?service=x&limit=99999999999", `strconv.ParseInt: parsing "99999999999": value out of range`],
    [
      "/api/traces?service=x&minDuration=10",
      `unable to parse param 'minDuration': time: missing unit in duration "10"`,
    ],
    ["/api/traces?service=x&minDuration=2s&maxDuration=1s", "'maxDuration' should be greater than 'minDuration'"],
    ["/api/traces?service=x&tag=error", "malformed 'tag' parameter, expecting key:value, received: error"],
    [
      "/api/traces?service=x&raw=perhaps",
      `unable to parse param 'raw': strconv.ParseBool: parsing "perhaps": invalid syntax`,
    ],
    ["/api/traces?traceID=xyz", "cannot parse traceID param: invalid length for TraceID"],
  ])("refuses %s in Jaeger's words", async (url, msg) => {
    const { status, type, body } = await ask(url);
    expect({ status, type }).toEqual({ status: 400, type: "text/plain; charset=utf-8" });
    expect(body).toEqual({ data: null, total: 0, limit: 0, offset: 0, errors: [{ code: 400, msg }] });
  });

  it("refuses a time that ends before it begins", async () => {
    const { status, body } = await ask("/api/dependencies?lookback=-5");
    expect({ status, msg: body.errors[0].msg }).toEqual({
      status: 500,
      msg: "end time must be greater than start time",
    });
  });

  it("answers a limit of nothing as a depth of nothing", async () => {
    expect(await ask("/api/traces?service=x&limit=0")).toMatchObject({
      status: 500,
      body: { errors: [{ code: 500 }] },
    });
  });

  it("says when only the latest traces were counted", async () => {
    const counted = await countCalls(0n, 9_223_372_036_854_775_807n, 3);
    expect(counted.isCut).toBe(true);
    expect((await countCalls(0n, 9_223_372_036_854_775_807n)).isCut).toBe(false);
    expect((await ask("/api/dependencies?endTs=1795351800000&lookback=36000000")).body.errors).toBe(null);
  });

  it("prints ids of 64 bits as such, and finds them by either spelling", async () => {
    const short = randomTraceId().slice(16).replace(/^0/, "1");
    await send(oneSpanRequest({ traceId: `${"0".repeat(16)}${short}` }));
    for (const id of [short, `${"0".repeat(16)}${short}`]) {
      expect((await ask(`/api/traces/${id}`)).body.data[0]).toMatchObject({
        traceID: short,
        spans: [{ traceID: short }],
      });
      expect((await ask(`/api/traces?traceID=${id}`)).body).toMatchObject({ data: [{ traceID: short }], errors: null });
    }
  });

  it("turns a file of OTLP into the older shape without storing it, and refuses what is none", async () => {
    const traceId = randomTraceId();
    const body = JSON.stringify(oneSpanRequest({ traceId }));
    const { status, body: answer } = await ask("/api/transform", { method: "POST", body });
    expect({ status, ids: idsOf(answer) }).toEqual({ status: 200, ids: [traceId] });
    expect((await ask(`/api/traces/${traceId}`)).status).toBe(404);
    expect(await ask("/api/transform", { method: "POST", body: "<html>" })).toMatchObject({ status: 400 });
  });

  it("prints whole numbers beyond what JavaScript can hold as text", async () => {
    const traceId = randomTraceId();
    await send(oneSpanRequest({ traceId, attributes: [{ key: "n", value: { intValue: "9007199254740993" } }] }));
    const { body } = await ask(`/api/traces/${traceId}`);
    expect(body.data[0].processes.p1.tags).toContainEqual({ key: "n", type: "int64", value: "9007199254740993" });
  });
});
