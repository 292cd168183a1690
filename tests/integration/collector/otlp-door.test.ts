import http from "node:http";
import { gzipSync } from "node:zlib";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BasicTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeTraces } from "@/features/collector/domain/encode-traces";
import {
  type Collector,
  closeCollectorPool,
  countSpans,
  deleteTracesByResourceAttribute,
  ingestStatus,
  startCollector,
} from "@/features/collector/server";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { oneSpanRequest, randomTraceId } from "./one-span-request";

let database: TestDatabase;
let collector: Collector;

beforeAll(async () => {
  database = await createTestDatabase();
  collector = await startCollector({ host: "127.0.0.1", otlpPort: 0, jaegerApiPort: 0 });
});

afterAll(async () => {
  await collector.stop();
  await closeCollectorPool();
  await database.drop();
});

type Sent = { status: number; headers: http.IncomingHttpHeaders; body: Buffer };

function send(body: Buffer, headers: http.OutgoingHttpHeaders, options: http.RequestOptions = {}): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const target = { port: collector.otlpPort, path: "/v1/traces", method: "POST", ...options };
    const request = http.request({ ...target, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    request.on("error", reject);
    request.end(body);
  });
}

const PROTOBUF = { "content-type": "application/x-protobuf" };
const GZIP = { "content-encoding": "gzip" };
const GZIPPED_PROTOBUF = { ...PROTOBUF, ...GZIP };
const JSON_TYPE = { "content-type": "application/json; charset=utf-8" };
const asJson = (value: object) => Buffer.from(JSON.stringify(value));

async function traceStatus(traceId: string): Promise<number> {
  return (await fetch(`http://127.0.0.1:${collector.jaegerApiPort}/api/v3/traces/${traceId}`)).status;
}

describe("the OTLP door", () => {
  it.each([
    ["protobuf, plain", PROTOBUF, encodeTraces, ""],
    ["protobuf, gzip", GZIPPED_PROTOBUF, (value: object) => gzipSync(encodeTraces(value)), ""],
    ["JSON, plain", JSON_TYPE, asJson, '{"partialSuccess":{}}'],
    ["JSON, gzip", { ...JSON_TYPE, ...GZIP }, (value: object) => gzipSync(asJson(value)), '{"partialSuccess":{}}'],
  ])("takes %s, and answers in kind", async (_encoding, headers, encode, reply) => {
    const traceId = randomTraceId();
    const answer = await send(encode(oneSpanRequest({ traceId })), headers);
    expect(answer.status).toBe(200);
    expect(answer.headers["content-type"]).toBe(headers["content-type"].split(";")[0]);
    expect(answer.body.toString()).toBe(reply);
    expect(await traceStatus(traceId)).toBe(200);
  });

  it("says in partial success how many spans it rejected, in both encodings", async () => {
    const value = oneSpanRequest({ traceId: "00".repeat(16) });
    const json = await send(asJson(value), JSON_TYPE);
    expect(JSON.parse(json.body.toString())).toEqual({
      partialSuccess: { rejectedSpans: "1", errorMessage: expect.stringContaining("trace_id must be 16 bytes") },
    });
    const protobuf = await send(encodeTraces(value), PROTOBUF);
    expect(protobuf.status).toBe(200);
    expect([...protobuf.body.subarray(0, 1)]).toEqual([0x0a]);
    expect(protobuf.body.toString()).toContain("trace_id must be 16 bytes");
  });

  const spans = encodeTraces(oneSpanRequest({ traceId: randomTraceId() }));
  it.each([
    ["another content type", 415, spans, { "content-type": "text/plain" }, {}],
    ["another content encoding", 415, spans, { ...PROTOBUF, "content-encoding": "deflate" }, {}],
    ["two content encodings", 415, spans, { ...PROTOBUF, "content-encoding": "gzip, gzip" }, {}],
    ["gzip inside gzip", 400, gzipSync(gzipSync(spans)), GZIPPED_PROTOBUF, {}],
    ["gzip that is none", 400, spans, GZIPPED_PROTOBUF, {}],
    ["gzip that is cut", 400, gzipSync(spans).subarray(0, 40), GZIPPED_PROTOBUF, {}],
    ["protobuf that is none", 400, Buffer.from("hello there"), PROTOBUF, {}],
    ["JSON that is none", 400, Buffer.from("{"), JSON_TYPE, {}],
    ["200 MB of zeros in 200 kB", 413, gzipSync(Buffer.alloc(200_000_000)), GZIPPED_PROTOBUF, {}],
    ["9 MB on the wire", 413, Buffer.alloc(9_000_000), PROTOBUF, {}],
    ["a million objects", 413, Buffer.from(`[${"{},".repeat(1_000_000)}{}]`), JSON_TYPE, {}],
    ["another method", 405, spans, PROTOBUF, { method: "PUT" }],
    ["another path", 404, spans, PROTOBUF, { path: "/v1/logs" }],
    ["another host", 421, spans, { ...PROTOBUF, host: "rebound.example:4318" }, {}],
    ["a web page", 403, spans, { ...PROTOBUF, origin: "https://evil.example" }, {}],
  ])("refuses %s with %i and a status message", async (_what, status, body, headers, options) => {
    const answer = await send(body, headers, options);
    expect(answer.status).toBe(status);
    const isProtobuf = answer.headers["content-type"] === "application/x-protobuf";
    if (isProtobuf) expect(answer.body[0]).toBe(0x08);
    else expect(JSON.parse(answer.body.toString())).toEqual({ code: expect.any(Number), message: expect.any(String) });
  });

  it("stores what the OpenTelemetry SDK for Node exports", async () => {
    const exporter = new OTLPTraceExporter({ url: `http://127.0.0.1:${collector.otlpPort}/v1/traces` });
    const resource = resourceFromAttributes({ "service.name": "node-sdk" });
    const provider = new BasicTracerProvider({ resource, spanProcessors: [new SimpleSpanProcessor(exporter)] });
    const span = provider.getTracer("test").startSpan("from the SDK", { attributes: { list: ["a", "b"], ratio: 0.5 } });
    span.recordException(new Error("boom"));
    span.end();
    await provider.forceFlush();
    await provider.shutdown();
    const url = `http://127.0.0.1:${collector.jaegerApiPort}/api/v3/traces/${span.spanContext().traceId}`;
    const body = JSON.parse(await (await fetch(url)).text());
    expect(body.result.resourceSpans[0].scopeSpans[0].spans[0]).toMatchObject({
      name: "from the SDK",
      attributes: [
        { key: "list", value: { arrayValue: { values: [{ stringValue: "a" }, { stringValue: "b" }] } } },
        { key: "ratio", value: { doubleValue: 0.5 } },
      ],
      events: [{ name: "exception" }],
    });
  });

  it("removes sample traces and their services, and nothing else", async () => {
    const sample = randomTraceId();
    const own = randomTraceId();
    const attributes = [{ key: "ops.sample", value: { stringValue: "true" } }];
    await send(asJson(oneSpanRequest({ traceId: sample, service: "sample-shop", attributes })), JSON_TYPE);
    await send(asJson(oneSpanRequest({ traceId: own, service: "own-shop" })), JSON_TYPE);
    const before = await countSpans();
    expect(await deleteTracesByResourceAttribute("ops.sample", "true")).toBe(1);
    expect(await countSpans()).toBe(before - 1);
    expect([await traceStatus(sample), await traceStatus(own)]).toEqual([404, 200]);
    const { services } = (await (
      await fetch(`http://127.0.0.1:${collector.jaegerApiPort}/api/v3/services`)
    ).json()) as { services: string[] };
    expect(services).toContain("own-shop");
    expect(services).not.toContain("sample-shop");
  });

  it.each([
    ["//", 404],
    ["/api/v3/traces/%ff", 400],
    ["/api/v3/operations?service=%00", 200],
    [
      "/api/v3/trace-summaries?query.serviceName=%00&query.startTimeMin=1000-01-01T00:00:00Z&query.startTimeMax=9999-12-31T23:59:59Z",
      200,
    ],
    ["/api/v3/trace-summaries?query.startTimeMin=2026-02-31T00:00:00Z&query.startTimeMax=2027-01-01T00:00:00Z", 400],
    [
      "/api/v3/trace-summaries?query.attributes=%7B%22a%22:1%7D&query.startTimeMin=2026-01-01T00:00:00Z&query.startTimeMax=2027-01-01T00:00:00Z",
      400,
    ],
    ["/api/dependencies?endTs=soon", 400],
  ])("answers the query %s with %i", async (path, status) => {
    const answer = await send(Buffer.alloc(0), {}, { port: collector.jaegerApiPort, method: "GET", path });
    expect(answer.status).toBe(status);
  });

  it("tells the overview what came in", async () => {
    await expect
      .poll(async () => (await ingestStatus()).receivedSpans, { timeout: 10_000 })
      .toBeGreaterThanOrEqual(await countSpans());
    expect(await ingestStatus()).toMatchObject({
      lastReceivedAt: expect.stringMatching(/Z$/),
      storedBytes: expect.any(Number),
    });
  });
});
