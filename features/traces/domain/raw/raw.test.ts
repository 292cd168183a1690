import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compactJson } from "./compact-json";
import { findInRaw } from "./find-in-raw";
import { indexRawLines } from "./raw-lines";
import { findSpan, idOfSpan, partsOfLine, type RawDocument, spanOfLine, textOfLines } from "./raw-text";

const bytesOf = (text: string) => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

function documentOf(text: string): RawDocument {
  const bytes = compactJson(bytesOf(text));
  return { bytes, lines: indexRawLines(bytes) };
}
const wholeText = (document: RawDocument) => textOfLines(document, 0, document.lines.count - 1);
const found = (document: RawDocument, text: string) => [...findInRaw(document, text)].flat();

const span = (id: string, name: string) => ({
  traceId: "a".repeat(32),
  spanId: id,
  name,
  attributes: [{ key: "db.query.text", value: { stringValue: `SELECT "a\\b" -- ${"x".repeat(90)}` } }],
  events: [],
});
const SPANS = [span("00000000000000aa", "GET /boards"), span("00000000000000bb", "Größe, {so}")];
const FILE = JSON.stringify({
  resourceSpans: [
    { resource: { attributes: [] }, scopeSpans: [{ scope: { name: "rails" }, spans: SPANS }] },
    { scopeSpans: [{ spans: [{ spanId: "CC00000000000000" }] }] },
  ],
});

describe("compactJson", () => {
  it("takes out white space between tokens and nothing else, whatever the document", () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(0, 2, "\t"), (json, indent) => {
        const value: unknown = JSON.parse(json);
        const spaced = bytesOf(JSON.stringify(value, null, indent));
        expect(textOf(compactJson(spaced))).toBe(JSON.stringify(value));
      }),
    );
  });

  it("gives back what is compact already", () => {
    const bytes = bytesOf('{"a b":"c  d"}');
    expect(compactJson(bytes)).toBe(bytes);
  });
});

describe("indexRawLines", () => {
  it("tells every byte once and in order, and reads as the same document, whatever the document", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (json) => {
        const document = documentOf(json);
        const { lines, bytes } = document;
        let reached = 0;
        for (let line = 0; line < lines.count; line += 1) {
          expect(lines.start[line]).toBe(reached);
          reached = lines.end[line] ?? -1;
        }
        expect(reached).toBe(bytes.length);
        expect(JSON.parse(wholeText(document))).toEqual(JSON.parse(json));
      }),
    );
  });

  it("has lines for text that is no JSON", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => partsOfLine(documentOf(text), 0)).not.toThrow();
      }),
    );
    expect(documentOf("").lines.count).toBe(0);
  });

  it("keeps short objects on a line and gives long ones their own", () => {
    const document = documentOf(FILE);
    const shown = wholeText(document).split("\n");
    expect(shown[0]).toBe("{");
    expect(shown).toContain('          "scope": { "name": "rails" },');
    expect(shown).toContain('              "spanId": "00000000000000aa",');
    expect(shown).toContain('              "events": []');
  });

  it("knows the spans of a file by their lines and ids", () => {
    const document = documentOf(FILE);
    const { lines } = document;
    expect(lines.spanCount).toBe(3);
    expect([0, 1, 2].map((at) => idOfSpan(document, at))).toEqual([
      "00000000000000aa",
      "00000000000000bb",
      "cc00000000000000",
    ]);
    for (const [at, original] of SPANS.entries()) {
      const text = textOfLines(document, lines.spanFirst[at] ?? 0, lines.spanLast[at] ?? 0);
      expect(JSON.parse(text)).toEqual(original);
      expect(spanOfLine(lines, lines.spanFirst[at] ?? 0)).toBe(at);
      expect(spanOfLine(lines, lines.spanLast[at] ?? 0)).toBe(at);
    }
    expect(spanOfLine(lines, 0)).toBe(-1);
    expect(findSpan(document, "cc00000000000000")).toBe(2);
    expect(findSpan(document, "dd00000000000000")).toBe(-1);
  });

  it("knows every span of any list of spans, in files with lines and without", () => {
    const spans = fc.array(fc.record({ spanId: fc.stringMatching(/^[0-9a-f]{16}$/), name: fc.string() }), {
      minLength: 1,
    });
    fc.assert(
      fc.property(spans, fc.constantFrom(0, 2), (list, indent) => {
        const document = documentOf(
          JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: list }] }] }, null, indent),
        );
        expect(document.lines.spanCount).toBe(list.length);
        for (const [at, { spanId }] of list.entries()) expect(idOfSpan(document, at)).toBe(spanId);
      }),
    );
  });

  it("takes lists nested 20,000 deep", () => {
    const document = documentOf("[".repeat(20_000) + "]".repeat(20_000));
    expect(document.lines.count).toBeGreaterThan(30_000);
    expect(document.lines.depth.at(20_000)).toBe(255);
  });
});

describe("partsOfLine", () => {
  it("tells keys, texts and numbers apart", () => {
    const document = documentOf('{"name":"GET","took":-1.5e3,"ok":true,"none":null}');
    expect(partsOfLine(document, 0).map(({ kind, text }) => `${kind} ${text}`)).toEqual([
      "sign { ",
      'key "name": ',
      'text "GET"',
      "sign , ",
      'key "took": ',
      "literal -1.5e3",
      "sign , ",
      'key "ok": ',
      "literal true",
      "sign , ",
      'key "none": ',
      "literal null",
      "sign  }",
    ]);
  });

  it("cuts a very long line and says how much is missing", () => {
    const parts = partsOfLine(documentOf(JSON.stringify("x".repeat(5000))), 0);
    expect(parts.at(-1)?.text).toBe("… 3002 more bytes");
  });
});

describe("findInRaw", () => {
  it("finds lines whatever the case, beyond ASCII, and with the blanks that are shown", () => {
    const document = documentOf(FILE);
    const lineOf = (text: string) => found(document, text).map((line) => textOfLines(document, line, line).trim());
    expect(lineOf("get /BOARDS")).toEqual(['"name": "GET /boards"']);
    expect(lineOf("Größe, {so}")).toEqual(['"name": "Größe, {so}"']);
    expect(lineOf('"name": "rails"')).toEqual(['"scope": { "name": "rails" }']);
    expect(found(document, "")).toEqual([]);
    expect(found(document, "nothing like it")).toEqual([]);
  });

  it("finds exactly the lines that hold the text", () => {
    const word = fc.stringMatching(/^[abAB]{1,3}$/);
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[abAB]{0,60}$/), { minLength: 3 }), word, (texts, needle) => {
        const document = documentOf(JSON.stringify(texts.map((text) => text.padEnd(120, "-"))));
        const wanted = texts.flatMap((text, at) => (text.toLowerCase().includes(needle.toLowerCase()) ? [at + 1] : []));
        expect(found(document, needle)).toEqual(wanted);
      }),
    );
  });
});
