import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { traceReplySchema } from "@/features/traces/contract";
import type { ErrorCode } from "@/lib/errors";
import { closeDatabase } from "@/server/db/client";
import { prisma } from "@/server/db/prisma";
import { createTestDatabase, type TestDatabase } from "../../support/database";
import {
  type LoopbackServer,
  RECORDED_TRACE_ID,
  RECORDED_VERSIONS,
  readRecording,
  replayJaeger,
} from "../../support/replay-jaeger";

const NEWEST = RECORDED_VERSIONS.at(-1) ?? "";
const viewer = { id: "local", name: "Ada", role: "local" as const };

let database: TestDatabase;
let jaeger: LoopbackServer;
let traces: typeof import("@/features/traces/server");
let routes: { upload: typeof import("@/app/api/traces/upload/route").POST };

beforeAll(async () => {
  database = await createTestDatabase();
  jaeger = await replayJaeger(NEWEST);
  process.env.JAEGER_URL = jaeger.url;
  // The settings are read once, at the first import that asks.
  traces = await import("@/features/traces/server");
  routes = { upload: (await import("@/app/api/traces/upload/route")).POST };
});
afterAll(async () => {
  await closeDatabase();
  await database.drop();
  await jaeger.close();
});

const upload = (bytes: Uint8Array, fileName = "trace.json") =>
  traces.uploadTraces({
    request: new Request("http://127.0.0.1:3000/", { method: "POST", body: new Uint8Array(bytes) }),
    fileName,
    viewer,
  });
const getTrace = async (traceId: string) =>
  traceReplySchema.parse(await (await traces.getTraceResponse(traceId, new Request("http://127.0.0.1:3000/"))).json());
const textOf = async (traceId: string, format: "otlp" | "jaeger") =>
  Buffer.from(await (await traces.downloadTrace({ traceId, format }, new Request("http://console/"))).arrayBuffer());

describe("an uploaded trace file", () => {
  for (const name of ["v3-trace", "legacy-trace"]) {
    for (const packed of [false, true]) {
      it(`opens as the page opens any trace: ${name}${packed ? ", gzip" : ""}`, async () => {
        const { body } = readRecording(NEWEST, name);
        const reply = await upload(packed ? gzipSync(body) : body, "prod.json");
        const [summary] = reply.traces;
        expect(summary).toMatchObject({ rootService: "circuitverse-web", spanCount: 300 });
        const trace = await getTrace(summary?.traceId ?? "");
        expect(trace.columns.spanCount).toBe(300);
        expect(trace.origin).toMatchObject({ kind: "upload", fileName: "prod.json", uploadedBy: "Ada" });
        const span = await traces.getSpan({ traceId: trace.traceId, spanId: "at-5", version: trace.version });
        expect(span).toMatchObject({ name: "Project.find", service: "circuitverse-web" });
        expect(await traces.getSpan({ traceId: trace.traceId, spanId: span.spanId })).toEqual(span);
      });
    }
  }

  it("is kept once however often it is sent, and written down each time", async () => {
    const { body } = readRecording(NEWEST, "v3-trace");
    const first = await upload(body);
    const second = await upload(body);
    expect(second.traces.map(({ traceId }) => traceId)).toEqual(first.traces.map(({ traceId }) => traceId));
    const rows = await prisma().auditEvent.findMany({ where: { action: "traces.upload" }, select: { actor: true } });
    expect(rows.length).toBeGreaterThanOrEqual(2);
    expect(rows.every(({ actor }) => actor === "Ada")).toBe(true);
  });

  it("comes back the same after a way through the other format", async () => {
    const shapeOf = async (bytes: Buffer) => {
      const [summary] = (await upload(bytes)).traces;
      const { columns } = await getTrace(summary?.traceId ?? "");
      return { count: columns.spanCount, parent: columns.parent, duration: columns.duration, ids: columns.spanIds };
    };
    const [original] = (await upload(readRecording(NEWEST, "v3-trace").body)).traces;
    const id = original?.traceId ?? "";
    expect(await shapeOf(await textOf(id, "jaeger"))).toEqual(await shapeOf(await textOf(id, "otlp")));
  });

  const REFUSED: [title: string, code: ErrorCode, bytes: Uint8Array][] = [
    ["a picture", "unsupported_media_type", Buffer.from("\x89PNG\r\n\x1a\n", "latin1")],
    ["an archive", "unsupported_media_type", Buffer.from("PK\x03\x04", "latin1")],
    ["JSON of something else", "invalid_input", Buffer.from('{"hello":"world"}')],
    ["a trace without spans", "invalid_input", Buffer.from('{"resourceSpans":[]}')],
    ["half a file", "invalid_input", readRecording(NEWEST, "v3-trace").body.subarray(0, 50_000)],
    ["broken gzip", "invalid_input", Buffer.from([0x1f, 0x8b, 0x08, 0x00, 0x01])],
    ["a gzip bomb", "payload_too_large", gzipSync(Buffer.alloc(260 * 1024 * 1024, 0x20), { level: 1 })],
    ["more than 20 MiB", "payload_too_large", Buffer.alloc(21 * 1024 * 1024, 0x20)],
  ];
  for (const [title, code, bytes] of REFUSED) {
    it(`is refused when it is ${title}, and nothing is kept`, async () => {
      const before = await prisma().uploadedTraceFile.count();
      await expect(upload(bytes)).rejects.toMatchObject({ code });
      expect(await prisma().uploadedTraceFile.count()).toBe(before);
    });
  }

  it("does not exist under an id nobody got", async () => {
    const missing = getTrace(`upload-${"0".repeat(32)}`);
    await expect(missing).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("a trace of Jaeger as a file", () => {
  it("is plain OTLP without Jaeger's wrapping, or Jaeger's own JSON", async () => {
    const otlp = JSON.parse(String(await textOf(RECORDED_TRACE_ID, "otlp"))) as { resourceSpans: unknown[] };
    expect(otlp.resourceSpans).toHaveLength(6);
    const legacy = await textOf(RECORDED_TRACE_ID, "jaeger");
    expect(legacy.equals(readRecording(NEWEST, "legacy-trace").body)).toBe(true);
  });
});

describe("POST /api/traces/upload", () => {
  it("answers 201 with the summary of what came, by the request alone", async () => {
    const request = new Request("http://127.0.0.1:3000/api/traces/upload?fileName=a.json", {
      method: "POST",
      headers: { host: "127.0.0.1:3000", origin: "http://127.0.0.1:3000", "content-type": "application/octet-stream" },
      body: new Uint8Array(readRecording(NEWEST, "v3-trace").body),
    });
    const response = await routes.upload(request, { params: Promise.resolve({}) });
    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject({ traces: [{ spanCount: 300 }] });
  });
});
