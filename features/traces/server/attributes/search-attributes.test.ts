import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AttributeTerm } from "@/features/traces/contract";
import { attributeText } from "@/features/traces/domain/attribute-value-text";
import { packMarks, unpackMarks } from "@/features/traces/domain/waterfall/attribute-matches";
import { decodeTraces } from "../decoding/decode-traces";
import { readSpan, readWholeSpan } from "../decoding/read-span";
import { toJaeger } from "../export/to-jaeger";
import { type OpenTrace, toOpenTrace } from "../open-trace";
import { searchAttributes } from "./search-attributes";

const TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
const KEYS = ["http.status_code", "db.statement", "stringValue", "key", "user.id", 'weird"key', "ключ"];
const value = fc.oneof(
  fc.record({
    stringValue: fc.oneof(
      fc.string({ unit: "binary", maxLength: 12 }),
      fc.constantFrom("SELECT 1", "500", 'a "q" b', "<x&y>", "Ünï"),
    ),
  }),
  fc.record({ intValue: fc.integer({ min: 0, max: 600 }).map(String) }),
  fc.record({ boolValue: fc.boolean() }),
  fc.record({
    arrayValue: fc.record({
      values: fc.array(fc.record({ stringValue: fc.constantFrom("a", "select") }), { maxLength: 2 }),
    }),
  }),
);
const attributes = fc.array(fc.record({ key: fc.constantFrom(...KEYS), value }), { maxLength: 4 });
const documents = fc.array(
  fc.record({
    own: attributes,
    events: fc.array(fc.record({ name: fc.constant("500"), timeUnixNano: fc.constant("1"), attributes }), {
      maxLength: 1,
    }),
  }),
  { minLength: 1, maxLength: 6 },
);
const toDocument = (spans: { own: object[]; events: object[] }[], resource: object[]) => ({
  resourceSpans: [
    {
      resource: { attributes: resource },
      scopeSpans: [
        {
          scope: { name: "select" },
          spans: spans.map(({ own, events }, at) => ({
            traceId: TRACE_ID,
            spanId: (at + 1).toString(16).padStart(16, "0"),
            name: "select 500",
            startTimeUnixNano: `${1000 + at}000`,
            endTimeUnixNano: "2000000",
            attributes: own,
            events,
          })),
        },
      ],
    },
  ],
});
const open = async (bytes: Buffer) => toOpenTrace(await decodeTraces(bytes), TRACE_ID, 0);
const rowsOf = async (trace: OpenTrace, term: AttributeTerm) =>
  [...(await searchAttributes(trace, term)).marks].flatMap((mark, row) => (mark === 1 ? [row] : []));

/** The same by reading every span in full. */
function rowsByReading(trace: OpenTrace, isMatch: (key: string, text: string) => boolean): number[] {
  return Array.from({ length: trace.skeleton.spanCount }, (_, row) => row).filter((row) => {
    const span = readSpan(trace, row);
    return [...span.attributes, ...span.resource, ...span.events.flatMap((event) => event.attributes)].some(
      (attribute) => isMatch(attribute.key, attributeText(attribute)),
    );
  });
}

describe("searchAttributes", () => {
  it("finds by key what reading every span finds, however the document is indented", async () => {
    const wanted = fc.constantFrom("500", "SELECT 1", 'a "q" b', "<x&y>", "Ünï", "true", "42");
    await fc.assert(
      fc.asyncProperty(
        documents,
        attributes,
        fc.constantFrom(...KEYS),
        wanted,
        fc.constantFrom(0, 2),
        async (spans, resource, key, text, indent) => {
          const trace = await open(Buffer.from(JSON.stringify(toDocument(spans, resource), null, indent)));
          const plain = (found: string) => !found.startsWith("[");
          expect(await rowsOf(trace, { key, op: "=", text })).toEqual(
            rowsByReading(trace, (its, found) => its === key && found === text),
          );
          expect(await rowsOf(trace, { key, op: "has", text: "" })).toEqual(rowsByReading(trace, (its) => its === key));
          expect(await rowsOf(trace, { key, op: ">=", text: "300" })).toEqual(
            rowsByReading(
              trace,
              (its, found) => its === key && plain(found) && found.trim() !== "" && Number(found) >= 300,
            ),
          );
        },
      ),
      { numRuns: 80 },
    );
  });

  it("finds text in values only: not in keys, names, ids or the format's own words", async () => {
    const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
    const spans = [
      { own: [text("select.key", "nothing")], events: [] },
      { own: [text("db.statement", "please SELECT it")], events: [] },
      { own: [text("say", 'he said \\"select\\" \\\\')], events: [] },
      { own: [{ key: "code", value: { intValue: "500" } }], events: [] },
      { own: [text("url", "/a<b>?x=1&y=2")], events: [] },
    ];
    const trace = await open(Buffer.from(JSON.stringify(toDocument(spans, []))));
    const find = (wanted: string) => rowsOf(trace, { key: "", op: ":", text: wanted });
    expect(await find("select")).toEqual([1, 2]);
    expect(await find("500")).toEqual([3]);
    expect(await find("stringvalue")).toEqual([]);
    expect(await find("gen")).toEqual([]);
    expect(await find("<b>?x=1&")).toEqual([4]);
    const escaped = JSON.stringify(toDocument(spans, [])).replaceAll("<", "\\u003c").replaceAll("&", "\\u0026");
    expect(await rowsOf(await open(Buffer.from(escaped)), { key: "", op: ":", text: "<b>?x=1&" })).toEqual([4]);
  });

  it("finds the same in Jaeger's older format", async () => {
    const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
    const spans = [
      { own: [text("http.method", "GET"), { key: "http.status_code", value: { intValue: "500" } }], events: [] },
      { own: [{ key: "ok", value: { boolValue: true } }], events: [] },
    ];
    const otlp = await open(Buffer.from(JSON.stringify(toDocument(spans, [text("host.name", "web-1")]))));
    const rows = Array.from({ length: otlp.skeleton.spanCount }, (_, row) => readWholeSpan(otlp, row));
    const trace = await open(Buffer.from(toJaeger(TRACE_ID, rows)));
    expect(await rowsOf(trace, { key: "http.status_code", op: "=", text: "500" })).toEqual([0]);
    expect(await rowsOf(trace, { key: "ok", op: ":", text: "true" })).toEqual([1]);
    expect(await rowsOf(trace, { key: "", op: ":", text: "web-1" })).toEqual([0, 1]);
    expect(await rowsOf(trace, { key: "host.name", op: ":", text: "WEB" })).toEqual([0, 1]);
  });
});

describe("marks", () => {
  it("come back as they went", () => {
    const bits = fc.array(fc.boolean(), { maxLength: 50 }).map((list) => Uint8Array.from(list, Number));
    fc.assert(
      fc.property(bits, (marks) => {
        expect(unpackMarks(packMarks(marks), marks.length)).toEqual(marks);
      }),
    );
  });
});
