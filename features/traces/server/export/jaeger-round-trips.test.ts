import { describe, expect, it } from "vitest";
import type { DownloadFormat } from "@/features/traces/contract";
import { decodeTraces } from "../decoding/decode-traces";
import { readWholeSpan, type WholeSpan } from "../decoding/read-span";
import { type OpenTrace, toOpenTrace } from "../open-trace";
import { exportTrace } from "./export-trace";

const TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
const openBytes = async (bytes: Uint8Array) => toOpenTrace(await decodeTraces(Buffer.from(bytes)), TRACE_ID, 0);
const throughFile = (trace: OpenTrace, format: DownloadFormat) => openBytes(exportTrace(trace, format));
const spansOf = (trace: OpenTrace): WholeSpan[] =>
  Array.from({ length: trace.skeleton.spanCount }, (_, row) => readWholeSpan(trace, row));

describe("a trace that came as Jaeger JSON", () => {
  const jaeger = {
    data: [
      {
        traceID: TRACE_ID,
        spans: [
          {
            traceID: TRACE_ID,
            spanID: "aa",
            operationName: "GET /boards",
            references: [],
            startTime: 1_795_436_209_867_567,
            duration: 1500,
            tags: [
              { key: "span.kind", type: "string", value: "server" },
              { key: "rows", type: "int64", value: 7 },
              { key: "http.status_code", type: "int64", value: 200 },
              { key: "error", type: "bool", value: true },
            ],
            logs: [
              {
                timestamp: 1_795_436_209_867_600,
                fields: [
                  { key: "event", type: "string", value: "pool.wait" },
                  { key: "event", type: "string", value: "again" },
                ],
              },
            ],
            processID: "p1",
            warnings: ["clock skew adjusted by 3 ms"],
          },
          {
            traceID: TRACE_ID,
            spanID: "bb",
            operationName: "SELECT",
            references: [
              { refType: "CHILD_OF", traceID: TRACE_ID, spanID: "aa" },
              { refType: "FOLLOWS_FROM", traceID: "c".repeat(32), spanID: "cc" },
            ],
            startTime: 1_795_436_209_867_700,
            duration: 0,
            tags: [],
            logs: [],
            processID: "p2",
            warnings: null,
          },
        ],
        processes: {
          p1: { serviceName: "web", tags: [{ key: "host", type: "string", value: "a" }] },
          p2: { serviceName: "db", tags: [] },
        },
        warnings: null,
      },
    ],
  };
  // Jaeger writes 64-bit integers as numbers that JavaScript would round.
  const file = Buffer.from(JSON.stringify(jaeger).replace('"value":7}', '"value":9007199254740993}'));

  it("comes back to the byte of every span and process through Jaeger JSON", async () => {
    const trace = await openBytes(file);
    const again = Buffer.from(exportTrace(trace, "jaeger")).toString();
    expect(again).toContain('"value":9007199254740993}');
    expect(JSON.parse(again)).toMatchObject(JSON.parse(String(file)) as object);
    expect(spansOf(await openBytes(Buffer.from(again)))).toEqual(spansOf(trace));
  });

  it("comes back the same through OTLP JSON: integers to the last digit, warnings, links, what failed", async () => {
    const trace = await openBytes(file);
    const again = await throughFile(trace, "otlp");
    expect(again.version).toBe(trace.version);
    expect(spansOf(again)).toEqual(spansOf(trace));
    const [root] = spansOf(again);
    expect(root).toMatchObject({
      kind: "server",
      status: { code: "error" },
      warnings: ["clock skew adjusted by 3 ms"],
    });
    expect(root?.attributes).toContainEqual({ key: "rows", type: "int", value: "9007199254740993" });
    expect(root?.events[0]).toMatchObject({ name: "pool.wait", attributes: [{ key: "event", value: "again" }] });
  });

  it("leaves warnings about the trace as a whole out, and keeps those about its spans", async () => {
    const warned = { data: [{ ...jaeger.data[0], warnings: ["trace was cut"] }] };
    const again = Buffer.from(exportTrace(await openBytes(Buffer.from(JSON.stringify(warned))), "jaeger")).toString();
    expect(again).not.toContain("trace was cut");
    expect(again).toContain("clock skew adjusted by 3 ms");
  });

  it("is converted where two entries call different processes by one name", async () => {
    const [entry] = jaeger.data;
    const [root, child] = entry?.spans ?? [];
    const process = { p1: { serviceName: "other", tags: [] } };
    const twice = {
      data: [
        { ...entry, spans: [root] },
        { ...entry, spans: [{ ...child, processID: "p1" }], processes: process },
      ],
    };
    const again = await throughFile(await openBytes(Buffer.from(JSON.stringify(twice))), "jaeger");
    expect(spansOf(again).map(({ service }) => service)).toEqual(["web", "other"]);
  });
});
