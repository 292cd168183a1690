import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Attribute, DownloadFormat, SpanDetail } from "@/features/traces/contract";
import { ANY_TRACE_ID, EVERYTHING, IN_BOTH_FORMATS, otlpDocuments } from "@/tests/support/any-otlp";
import { decodeTraces } from "../decoding/decode-traces";
import { readWholeSpan, type WholeSpan } from "../decoding/read-span";
import { type OpenTrace, toOpenTrace } from "../open-trace";
import { exportTrace } from "./export-trace";

/*
 * What a file of a trace holds: downloaded, uploaded again, it is the same trace. In the format a trace came in nothing
 * is lost, to the byte of every span. Through the other format everything survives that the other has a place for; what
 * has none is listed in docs/trace-files.md and proven below.
 */

const TRACE_ID = ANY_TRACE_ID;
const bytesOf = (value: unknown) => Buffer.from(JSON.stringify(value));
const openBytes = async (bytes: Uint8Array) => toOpenTrace(await decodeTraces(Buffer.from(bytes)), TRACE_ID, 0);
const open = (value: unknown) => openBytes(bytesOf(value));
const throughFile = (trace: OpenTrace, format: DownloadFormat) => openBytes(exportTrace(trace, format));
const spansOf = (trace: OpenTrace): WholeSpan[] =>
  Array.from({ length: trace.skeleton.spanCount }, (_, row) => readWholeSpan(trace, row));

/** Spans with one id, one start and one length stand in no order. */
const inAnyOrder = (spans: readonly WholeSpan[]) =>
  spans.map(({ row: _, version: __, ...span }) => JSON.stringify(span)).sort();

describe("a trace that came as OTLP", () => {
  it("comes back to the byte of every span, resource and scope through OTLP JSON", async () => {
    await fc.assert(
      fc.asyncProperty(otlpDocuments(EVERYTHING), async (document) => {
        const trace = await open(document);
        const file = exportTrace(trace, "otlp");
        expect(JSON.parse(Buffer.from(file).toString())).toEqual(JSON.parse(JSON.stringify(document)));
        const again = await openBytes(file);
        expect(again.version).toBe(trace.version);
        expect(spansOf(again)).toEqual(spansOf(trace));
      }),
      { numRuns: 60 },
    );
  });

  it("keeps what the page does not read: nanoseconds, flags, counts of what was dropped, fields to come", async () => {
    const span = {
      traceId: TRACE_ID,
      spanId: "00000000000000aa",
      startTimeUnixNano: "1795436209867567123",
      endTimeUnixNano: "1795436209867567999",
      flags: 257,
      droppedAttributesCount: 3,
      fieldOfTomorrow: [1, { a: null }],
    };
    const document = { resourceSpans: [{ resource: { droppedAttributesCount: 1 }, scopeSpans: [{ spans: [span] }] }] };
    expect(JSON.parse(Buffer.from(exportTrace(await open(document), "otlp")).toString())).toEqual(document);
  });

  it("leaves the addresses of schemas out, and nothing else beside them", async () => {
    const spans = [{ traceId: TRACE_ID, spanId: "00000000000000aa", startTimeUnixNano: "1", endTimeUnixNano: "2" }];
    const [resource, scope] = [{ attributes: [] }, { name: "http" }];
    const schemaUrl = "https://opentelemetry.io/schemas/1.26.0";
    const document = { resourceSpans: [{ resource, scopeSpans: [{ scope, spans, schemaUrl }], schemaUrl }] };
    expect(JSON.parse(Buffer.from(exportTrace(await open(document), "otlp")).toString())).toEqual({
      resourceSpans: [{ resource, scopeSpans: [{ scope, spans }] }],
    });
  });

  it("takes out one trace of a file that has several", async () => {
    const other = { traceId: "f".repeat(32), spanId: "00000000000000bb", startTimeUnixNano: "1", endTimeUnixNano: "2" };
    const own = { ...other, traceId: TRACE_ID };
    const document = { resourceSpans: [{ scopeSpans: [{ spans: [other, own, other] }, { spans: [other] }] }] };
    const file = JSON.parse(Buffer.from(exportTrace(await open(document), "otlp")).toString());
    expect(file).toEqual({ resourceSpans: [{ scopeSpans: [{ spans: [own] }] }] });
  });

  it("comes back the same through Jaeger JSON as far as Jaeger has a place for it", async () => {
    await fc.assert(
      fc.asyncProperty(otlpDocuments(IN_BOTH_FORMATS), async (document) => {
        const trace = await open(document);
        const again = await throughFile(trace, "jaeger");
        expect(again.version).toBe(trace.version);
        expect(inAnyOrder(spansOf(again))).toEqual(inAnyOrder(spansOf(trace)));
        const back = await throughFile(again, "otlp");
        expect(inAnyOrder(spansOf(back))).toEqual(inAnyOrder(spansOf(trace)));
      }),
      { numRuns: 60 },
    );
  });

  it("gives a trace of the same shape, times and services through Jaeger JSON, whatever it holds", async () => {
    await fc.assert(
      fc.asyncProperty(otlpDocuments(EVERYTHING), async (document) => {
        const trace = await open(document);
        const again = await throughFile(trace, "jaeger");
        expect(again.version).toBe(trace.version);
        expect(again.facts).toMatchObject({ ...trace.facts });
      }),
      { numRuns: 40 },
    );
  });
});

const one = async (attributes: unknown[], rest: object = {}) => {
  const span = {
    traceId: TRACE_ID,
    spanId: "00000000000000aa",
    startTimeUnixNano: "1000",
    endTimeUnixNano: "3000",
    attributes,
    ...rest,
  };
  return spansOf(await throughFile(await open({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }), "jaeger"))[0];
};
const attributeOf = (span: SpanDetail | undefined, name: string): Attribute | undefined =>
  span?.attributes.find((attribute) => attribute.key === name);

describe("what Jaeger JSON has no place for", () => {
  it("makes lists and maps text, and nothing an empty text", async () => {
    const span = await one([
      { key: "list", value: { arrayValue: { values: [{ intValue: "1" }, { stringValue: "a" }] } } },
      { key: "map", value: { kvlistValue: { values: [{ key: "a", value: { boolValue: true } }] } } },
      { key: "nothing", value: {} },
    ]);
    expect(attributeOf(span, "list")).toEqual({ key: "list", type: "string", value: '[1,"a"]' });
    expect(attributeOf(span, "map")).toEqual({ key: "map", type: "string", value: '{"a":true}' });
    expect(attributeOf(span, "nothing")).toEqual({ key: "nothing", type: "string", value: "" });
  });

  it("keeps every digit of a 64-bit integer, and the kind of every other value", async () => {
    const span = await one([
      { key: "int", value: { intValue: "-9223372036854775808" } },
      { key: "double", value: { doubleValue: 3 } },
      { key: "bytes", value: { bytesValue: "AQID" } },
      { key: "flag", value: { boolValue: false } },
    ]);
    expect(span?.attributes.map(({ type, value }) => [type, value])).toEqual([
      ["int", "-9223372036854775808"],
      ["double", 3],
      ["bytes", "AQID"],
      ["bool", false],
    ]);
  });

  it("drops what is below a microsecond, attributes of links, and takes an end before the start for no time", async () => {
    const link = {
      traceId: "b".repeat(32),
      spanId: "00000000000000bb",
      attributes: [{ key: "a", value: { intValue: "1" } }],
    };
    const span = await one([], { startTimeUnixNano: "1999", endTimeUnixNano: "1001", links: [link] });
    expect(span).toMatchObject({ startUs: 1, durationUs: 0, links: [{ ...link, attributes: [] }] });
  });

  it("drops trace state of links, attributes of scopes, flags and counts of what was dropped, and keeps the rest beside them", async () => {
    const link = { traceId: "b".repeat(32), spanId: "00000000000000bb", traceState: "vendor=1", flags: 1 };
    const attributes = [{ key: "scope.kind", value: { stringValue: "library" } }];
    const scope = { name: "http", version: "2.1.0", attributes, droppedAttributesCount: 4 };
    const span = {
      traceId: TRACE_ID,
      spanId: "00000000000000aa",
      traceState: "own=1",
      startTimeUnixNano: "1000",
      endTimeUnixNano: "3000",
      flags: 257,
      droppedAttributesCount: 1,
      droppedLinksCount: 2,
      links: [link],
    };
    const trace = await open({ resourceSpans: [{ scopeSpans: [{ scope, spans: [span] }] }] });
    const file = Buffer.from(exportTrace(trace, "jaeger")).toString();
    for (const lost of ["vendor=1", "scope.kind", "257", "ropped"]) expect(file, lost).not.toContain(lost);
    expect(spansOf(await openBytes(Buffer.from(file)))[0]).toMatchObject({
      traceState: "own=1",
      scope: { name: "http", version: "2.1.0" },
      links: [{ traceId: link.traceId, spanId: link.spanId, attributes: [] }],
    });
    const kept = Buffer.from(exportTrace(trace, "otlp")).toString();
    for (const held of ["vendor=1", "scope.kind", "257", "droppedLinksCount"]) expect(kept, held).toContain(held);
  });

  it("reads a link of a root to a span of its own trace as its parent, as Jaeger does", async () => {
    const span = await one([], { links: [{ traceId: TRACE_ID, spanId: "00000000000000bb" }] });
    expect(span).toMatchObject({ parentSpanId: "00000000000000bb", links: [] });
  });
});
