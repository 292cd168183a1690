import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AppError } from "@/lib/errors";
import { decodeSpan } from "./decode-span";
import { textOfValue } from "./decode-value";
import { encodeTraces } from "./encode-traces";
import { MAX_SPANS, MAX_VALUE_BYTES } from "./ingest-limits";
import { parseOtlpJson } from "./parse-otlp-json";
import { type ScannedTraces, scanTraces } from "./scan-traces";
import { hasMatch, requiredTokens, type SpanFilter } from "./span-filter";
import { bloomMayHold } from "./token";
import { groupTrace } from "./trace-groups";

const TRACE_ID = "0123456789abcdef0123456789abcdef";
const SPAN_ID = "0123456789abcdef";
const START = 1_795_347_597_955_000_064n;

function span(fields: object = {}): object {
  return {
    traceId: TRACE_ID,
    spanId: SPAN_ID,
    name: "GET /simulator/:id",
    kind: 2,
    startTimeUnixNano: START.toString(),
    endTimeUnixNano: (START + 1_000_000n).toString(),
    ...fields,
  };
}

function request(spans: object[], service = "circuitverse-web"): Buffer {
  const attributes = [{ key: "service.name", value: { stringValue: service } }];
  return encodeTraces({
    resourceSpans: [{ resource: { attributes }, scopeSpans: [{ scope: { name: "gen" }, spans }] }],
  });
}

function onlySpan(scanned: ScannedTraces) {
  const groups = groupTrace(scanned.fragments.map(({ spans }) => spans));
  const [bytes] = groups[0]?.scopes[0]?.spans ?? [];
  if (bytes === undefined) throw new Error("no span was kept");
  return decodeSpan(bytes);
}

const PSEUDO_KEY = /^(?:error|span\.(?:kind|status)|scope\..*|resource\..*)$/;
const anyText = fc.string({ unit: "binary", maxLength: 40 });
const anyAttribute = fc.record({
  key: anyText,
  value: fc.oneof(
    anyText.map((stringValue) => ({ stringValue })),
    fc.boolean().map((boolValue) => ({ boolValue })),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => ({ intValue: value.toString() })),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((doubleValue) => ({ doubleValue })),
  ),
});

describe("scanTraces", () => {
  it("keeps every scalar attribute exactly, 64-bit numbers included", () => {
    fc.assert(
      fc.property(fc.uniqueArray(anyAttribute, { maxLength: 20, selector: ({ key }) => key }), (attributes) => {
        const kept = onlySpan(scanTraces(request([span({ attributes })])));
        const byKey = new Map((kept.attributes ?? []).map(({ key, value }) => [key, value]));
        for (const { key, value } of attributes) {
          // JSON knows no -0, so a number is not sent through it.
          const expected = "doubleValue" in value ? value : wellFormed(value);
          expect(byKey.get(key.toWellFormed?.() ?? key)).toEqual(expected);
        }
      }),
    );
  });

  it("lets a search find every span by any of its attributes, and its filter never rules it out", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(anyAttribute, { minLength: 1, maxLength: 10, selector: ({ key }) => key }),
        (attributes) => {
          const { fragments } = scanTraces(request([span({ attributes })]));
          const groups = groupTrace(fragments.map(({ spans }) => spans));
          for (const pair of onlySpan(scanTraces(request([span({ attributes })]))).attributes ?? []) {
            if (PSEUDO_KEY.test(pair.key)) continue;
            const filter = filterFor({ attributes: new Map([[pair.key, textOfValue(pair.value)]]) });
            expect(hasMatch(groups, filter)).toBe(true);
            const [bloom = Buffer.alloc(8)] = fragments.map((fragment) => fragment.bloom);
            expect(requiredTokens(filter)?.filter((token) => !bloomMayHold(bloom, token))).toEqual([]);
          }
        },
      ),
    );
  });

  it.each([
    [
      "an array",
      { arrayValue: { values: [{ stringValue: "a" }, { intValue: "1" }, { doubleValue: 0.5 }, {}] } },
      '["a",1,0.5,null]',
    ],
    [
      "a list, its keys sorted and its markup escaped as Go does",
      {
        kvlistValue: {
          values: [
            { key: "b", value: { stringValue: "<é>" } },
            { key: "a", value: { boolValue: true } },
          ],
        },
      },
      '{"a":true,"b":"\\u003cé\\u003e"}',
    ],
    [
      "a number beyond 2^53 inside an array",
      { arrayValue: { values: [{ intValue: "9007199254740993" }] } },
      "[9007199254740993]",
    ],
    ["an empty array", { arrayValue: {} }, "[]"],
    ["bytes", { bytesValue: "AP8Q" }, "AP8Q"],
  ])("lets a search find %s by the text Jaeger compares", (_, value, text) => {
    const { fragments } = scanTraces(request([span({ attributes: [{ key: "k", value }] })]));
    const filter = filterFor({ attributes: new Map([["k", text]]) });
    const [bloom = Buffer.alloc(8)] = fragments.map((fragment) => fragment.bloom);
    expect(requiredTokens(filter)?.filter((token) => !bloomMayHold(bloom, token))).toEqual([]);
    expect(hasMatch(groupTrace(fragments.map(({ spans }) => spans)), filter)).toBe(true);
  });

  it("reads a resource whose service name stands first, last, or is missing", () => {
    const name = { key: "service.name", value: { stringValue: "web" } };
    const host = { key: "host.name", value: { stringValue: "cv-prod-1" } };
    const servicesOf = (attributes: object[]) =>
      scanTraces(
        encodeTraces({ resourceSpans: [{ resource: { attributes }, scopeSpans: [{ spans: [span()] }] }] }),
      ).fragments.flatMap(({ services }) => services);
    expect(servicesOf([name, host])).toEqual(["web"]);
    expect(servicesOf([host, name])).toEqual(["web"]);
    expect(servicesOf([host])).toEqual(["missing-service-name"]);
    expect(servicesOf([{ key: "service.name", value: { stringValue: "" } }, host])).toEqual(["empty-service-name"]);
    expect(servicesOf([{ key: "service.name", value: { intValue: 1 } }])).toEqual(["service-name-wrong-type"]);
  });

  it("rejects a span with a bad id by itself and says why", () => {
    const bad = [
      span({ traceId: "" }),
      span({ traceId: "00".repeat(16) }),
      span({ traceId: "ab" }),
      span({ traceId: "not hexadecimal" }),
      span({ spanId: "00".repeat(8) }),
      span({ spanId: "0123" }),
      span({ parentSpanId: "0123" }),
    ];
    const scanned = scanTraces(request([...bad, span()]));
    expect(scanned.rejectedCount).toBe(bad.length);
    expect(scanned.spanCount).toBe(1);
    expect(scanned.message).toMatch(/^7 spans were rejected: trace_id must be 16 bytes/);
  });

  it.each([
    [{ spanId: "00".repeat(8) }, "span_id must be 8 bytes, not all zero"],
    [{ traceId: "00".repeat(16), spanId: "" }, "trace_id must be 16 bytes and span_id 8, neither all zero"],
    [{ parentSpanId: "0123" }, "parent_span_id must be 8 bytes or absent"],
  ])("names the field of %o that is wrong", (fields, problem) => {
    expect(scanTraces(request([span(fields)])).message).toContain(problem);
  });

  it("cuts long values at a whole character and drops attributes beyond 128, and says so", () => {
    const long = "é".repeat(MAX_VALUE_BYTES);
    const many = Array.from({ length: 200 }, (_, index) => ({ key: `k${index}`, value: { intValue: index } }));
    const attributes = [{ key: "sql", value: { stringValue: long } }, ...many];
    const scanned = scanTraces(request([span({ attributes })]));
    const kept = onlySpan(scanned);
    expect(kept.attributes).toHaveLength(128);
    expect(kept.droppedAttributesCount).toBe(73);
    const sql = kept.attributes?.find(({ key }) => key === "sql")?.value?.stringValue ?? "";
    expect(sql).toBe("é".repeat(MAX_VALUE_BYTES / 2));
    expect(scanned).toMatchObject({ spanCount: 1, rejectedCount: 0 });
    expect(scanned.message).toBe("1 spans had attributes dropped or cut at 4096 bytes.");
  });

  it("rejects a span whose value nests too deep", () => {
    let value: object = { stringValue: "x" };
    for (let depth = 0; depth < 17; depth += 1) value = { arrayValue: { values: [value] } };
    expect(scanTraces(request([span({ attributes: [{ key: "deep", value }] })])).message).toMatch(/nests too deep/);
  });

  it("refuses more spans than the limit as a whole", () => {
    const spans = Array.from({ length: MAX_SPANS + 1 }, () => span());
    expect(() => scanTraces(request(spans))).toThrowError(/at most 20000 spans/);
  });

  it("refuses a large resource that many traces would repeat", () => {
    const spans = Array.from({ length: 5000 }, (_, index) =>
      span({ traceId: (index + 1).toString(16).padStart(32, "0") }),
    );
    expect(() => scanTraces(request(spans, "s".repeat(10_000)))).toThrowError(/too large to repeat/);
  });

  it("keeps spans that start more than ten minutes apart in different fragments", () => {
    const later = span({ spanId: "1111111111111111", startTimeUnixNano: (START + 3_600_000_000_000n).toString() });
    expect(scanTraces(request([span(), later])).fragments).toHaveLength(2);
  });
});

describe("scanTraces on hostile bytes", () => {
  const attributes = [
    { key: "http.route", value: { stringValue: "/users/:id" } },
    { key: "list", value: { arrayValue: { values: [{ intValue: 1 }, { kvlistValue: { values: [] } }] } } },
  ];
  const events = [{ name: "exception", timeUnixNano: START.toString(), attributes }];
  const links = [{ traceId: TRACE_ID, spanId: SPAN_ID, attributes }];
  const whole = request([span({ attributes, events, links, status: { code: 2, message: "boom" } }), span()]);

  it("answers a cut at every byte with a result or a typed refusal", () => {
    for (let length = 0; length < whole.length; length += 1) expectTyped(() => scanTraces(whole.subarray(0, length)));
  });

  it("answers any flipped bits with a result or a typed refusal, and what it keeps can be read back", () => {
    const flips = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(7)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(flips, (places) => {
        const bytes = Buffer.from(whole);
        for (const [at, bit] of places) bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
        expectReadable(bytes);
      }),
      { numRuns: 5000 },
    );
  });

  it("answers random bytes with a result or a typed refusal", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => expectReadable(Buffer.from(bytes))),
      { numRuns: 5000 },
    );
  });

  it("answers any JSON with a result or a typed refusal", () => {
    const shaped = fc.letrec((tie) => ({
      any: fc.oneof({ depthSize: "small" }, fc.jsonValue(), tie("list"), tie("object")),
      list: fc.array(tie("any"), { maxLength: 3 }),
      object: fc.dictionary(
        fc.constantFrom(
          "resourceSpans",
          "scopeSpans",
          "spans",
          "resource",
          "attributes",
          "key",
          "value",
          "traceId",
          "kind",
          "arrayValue",
          "values",
          "intValue",
          "events",
          "status",
          "code",
          "startTimeUnixNano",
          "__proto__",
        ),
        tie("any"),
        { maxKeys: 5 },
      ),
    }));
    fc.assert(
      fc.property(shaped.any, (value) =>
        expectTyped(() => scanTraces(parseOtlpJson(Buffer.from(JSON.stringify(value))))),
      ),
      { numRuns: 2000 },
    );
  });

  it("refuses JSON that nests a million levels or holds a million objects before parsing it", () => {
    expect(() => parseOtlpJson(Buffer.from("[".repeat(1_000_000)))).toThrowError(/nests deeper/);
    expect(() => parseOtlpJson(Buffer.from(`[${"{},".repeat(1_000_000)}{}]`))).toThrowError(/at most 200000 objects/);
  });
});

function expectTyped(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    expect(["invalid_input", "payload_too_large"]).toContain((error as AppError).code);
  }
}

function expectReadable(bytes: Buffer): void {
  expectTyped(() => {
    const { fragments } = scanTraces(bytes);
    const groups = groupTrace(fragments.map(({ spans }) => spans));
    for (const { scopes } of groups)
      for (const { spans } of scopes) for (const each of spans) JSON.stringify(decodeSpan(each));
  });
}

function filterFor(fields: Partial<SpanFilter>): SpanFilter {
  return { minStartNs: 0n, maxStartNs: 2n ** 63n - 1n, attributes: new Map(), ...fields };
}

function wellFormed<T>(value: T): T {
  return JSON.parse(Buffer.from(JSON.stringify(value), "utf8").toString("utf8"));
}
