import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AppError } from "@/lib/errors";
import { toJaeger } from "../export/to-jaeger";
import { toOpenTrace } from "../open-trace";
import { decodeTraces } from "./decode-traces";
import { readSpan, readWholeSpan } from "./read-span";

const TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
const bytesOf = (value: unknown) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value));
const open = async (value: unknown) => toOpenTrace(await decodeTraces(bytesOf(value)), TRACE_ID, 0);

const hexId = fc.integer({ min: 1, max: 2 ** 31 }).map((id) => id.toString(16).padStart(16, "0"));
const anyText = fc.string({ unit: "binary", maxLength: 20 });
const spanArbitrary = fc.record({
  traceId: fc.constant(TRACE_ID),
  spanId: hexId,
  parentSpanId: fc.option(hexId, { nil: undefined }),
  name: anyText,
  kind: fc.integer({ min: 0, max: 5 }),
  startTimeUnixNano: fc.bigInt({ min: 0n, max: 9_000_000_000_000_000_000n }).map(String),
  endTimeUnixNano: fc.bigInt({ min: 0n, max: 9_000_000_000_000_000_000n }).map(String),
  attributes: fc.array(
    fc.record({
      key: anyText,
      value: fc.oneof(fc.record({ stringValue: anyText }), fc.record({ boolValue: fc.boolean() })),
    }),
    { maxLength: 4 },
  ),
  status: fc.oneof(fc.constant({}), fc.record({ code: fc.integer({ min: 0, max: 2 }) })),
});
const documentOf = (spans: unknown[]) => ({
  resourceSpans: [
    {
      resource: { attributes: [{ key: "service.name", value: { stringValue: 'we"b\n' } }] },
      scopeSpans: [{ scope: { name: "gen" }, spans }],
    },
  ],
});

/** Bytes that come piece by piece, each when it is waited for. */
function arriving(bytes: Buffer, pieceBytes: number) {
  let length = 0;
  return {
    bytes: () => bytes.subarray(0, length),
    get isWhole() {
      return length >= bytes.length;
    },
    more: async () => {
      length += pieceBytes;
    },
  };
}

describe("decodeTraces", () => {
  it("reads the same as JSON.parse, whatever the texts, however it is indented", async () => {
    const spans = fc.uniqueArray(spanArbitrary, { minLength: 1, maxLength: 8, selector: ({ spanId }) => spanId });
    await fc.assert(
      fc.asyncProperty(spans, fc.integer({ min: 0, max: 3 }), async (list, indent) => {
        const trace = await open(JSON.stringify(documentOf(list), null, indent));
        expect(trace.skeleton.spanCount).toBe(list.length);
        for (let row = 0; row < list.length; row += 1) {
          const span = readSpan(trace, row);
          const original = list.find(({ spanId }) => spanId === span.spanId);
          expect(span.name).toBe(original?.name);
          expect(span.service).toBe('we"b\n');
          expect(span.startUs).toBe(Number(BigInt(original?.startTimeUnixNano ?? 0) / 1000n));
          expect(span.attributes.map(({ key, value }) => [key, value])).toEqual(
            original?.attributes.map(({ key, value }) => [key, Object.values(value)[0]]),
          );
        }
      }),
      { numRuns: 60 },
    );
  });

  it("reads bytes that arrive in pieces of any size as if they had been there", async () => {
    const spans = fc.uniqueArray(spanArbitrary, { minLength: 1, maxLength: 6, selector: ({ spanId }) => spanId });
    const formats = fc.constantFrom("otlp", "jaeger");
    const pieces = fc.record({
      pieceBytes: fc.integer({ min: 9, max: 300 }),
      aheadBytes: fc.integer({ min: 1, max: 64 }),
    });
    await fc.assert(
      fc.asyncProperty(spans, formats, pieces, async (list, format, { pieceBytes, aheadBytes }) => {
        const otlp = await open(documentOf(list));
        const rows = Array.from({ length: otlp.skeleton.spanCount }, (_, row) => readWholeSpan(otlp, row));
        const bytes = format === "otlp" ? bytesOf(documentOf(list)) : Buffer.from(toJaeger(TRACE_ID, rows));
        const whole = toOpenTrace(await decodeTraces(bytes), TRACE_ID, 0);
        const source = arriving(bytes, pieceBytes);
        const document = await decodeTraces(source, undefined, { windowBytes: 100, aheadBytes });
        const trace = toOpenTrace(document, TRACE_ID, 0);
        expect(trace.version).toBe(whole.version);
        for (let row = 0; row < list.length; row += 1) expect(readSpan(trace, row)).toEqual(readSpan(whole, row));
      }),
      { numRuns: 40, endOnFailure: true },
    );
  });

  it("refuses what breaks off or breaks while it arrives, naming the byte", async () => {
    const text = JSON.stringify(documentOf([{ traceId: TRACE_ID, spanId: "00f067aa0ba902b7", name: "a".repeat(300) }]));
    const sizes = { windowBytes: 64, aheadBytes: 8 };
    const cut = decodeTraces(arriving(Buffer.from(text.slice(0, -20)), 50), undefined, sizes);
    await expect(cut).rejects.toMatchObject({
      code: "invalid_input",
      message: expect.stringMatching(/^The JSON is not valid: byte \d+/),
    });
    const at = text.indexOf('"spanId"');
    const broken = decodeTraces(arriving(Buffer.from(text.replace('"spanId":', '"spanId";')), 50), undefined, sizes);
    await expect(broken).rejects.toMatchObject({
      message: expect.stringContaining(`byte ${at + 8} should be a colon`),
    });
  });

  it("refuses every cut and every change of a byte with a typed error, or reads it; never anything else", async () => {
    const text = JSON.stringify(documentOf([{ traceId: TRACE_ID, spanId: "00f067aa0ba902b7", name: "a" }]));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: text.length }), fc.integer({ min: 0, max: 255 }), async (at, byte) => {
        const cut = Buffer.from(text.slice(0, at));
        const changed = Buffer.from(text);
        changed[Math.min(at, changed.length - 1)] = byte;
        for (const bytes of [cut, changed]) {
          const result = await decodeTraces(bytes).catch((error: unknown) => error);
          if (result instanceof Error) expect(result).toBeInstanceOf(AppError);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("takes answers of API v3 in several objects as one trace", async () => {
    const piece = (spanId: string) =>
      JSON.stringify({ result: documentOf([{ traceId: TRACE_ID, spanId, name: "a" }]) });
    const trace = await open(`${piece("00f067aa0ba902b7")}\n${piece("00f067aa0ba902b8")}`);
    expect(trace.skeleton.spanCount).toBe(2);
  });

  it("finds Jaeger's parents, errors, warnings and short ids", async () => {
    const span = (spanID: string, extra: object) => ({
      traceID: TRACE_ID,
      spanID,
      operationName: spanID,
      startTime: 5,
      duration: 7,
      processID: "p1",
      tags: [],
      logs: [],
      ...extra,
    });
    const trace = await open({
      data: [
        {
          traceID: TRACE_ID,
          spans: [
            span("a1", { references: [] }),
            span("b2", {
              references: [{ refType: "CHILD_OF", traceID: TRACE_ID, spanID: "a1" }],
              tags: [{ key: "error", type: "bool", value: true }],
              warnings: ["clock skew"],
            }),
          ],
          processes: { p1: { serviceName: "web", tags: [] } },
        },
      ],
    });
    expect(trace.facts).toMatchObject({ errorSpanCount: 1, maxDepth: 1, warnings: [{ text: "clock skew", count: 1 }] });
    expect(readSpan(trace, 1)).toMatchObject({
      parentSpanId: "00000000000000a1",
      service: "web",
      status: { code: "error" },
    });
  });

  it("does not grow its stack with the depth of what it skips", async () => {
    const deep = `{"x":${"[".repeat(200_000)}${"]".repeat(200_000)},"resourceSpans":[]}`;
    expect((await decodeTraces(bytesOf(deep))).spanCount).toBe(0);
  });

  for (const text of ["", "   ", "[]", "nonsense", '{"a":1}', '{"resourceSpans":[{]}', '{"data":[{"spans":[}']) {
    it(`refuses ${text === "" ? "nothing" : text} as input`, async () => {
      await expect(decodeTraces(bytesOf(text))).rejects.toMatchObject({ code: "invalid_input" });
    });
  }
});
