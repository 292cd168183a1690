import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseQueryLine, scanTerms } from "./parse-query-line";
import { printQueryLine } from "./print-query-line";
import { COMPARATORS, type QueryTerm } from "./query-line";
import { toFactMeaning, toSearchMeaning } from "./query-meaning";

const text = fc.oneof(
  fc.string({ minLength: 1, maxLength: 20 }),
  fc.string({ unit: fc.constantFrom(...'a :"\\<>=\t=./é-!~'), minLength: 1, maxLength: 12 }),
);
const comparison = { comparator: fc.constantFrom(...COMPARATORS) };
const term = fc.oneof<fc.Arbitrary<QueryTerm>[]>(
  fc.record({ field: fc.constantFrom("service" as const, "operation" as const), value: text }),
  fc.record({ field: fc.constant("status" as const), value: fc.constantFrom("error" as const, "ok" as const) }),
  fc.record({ field: fc.constant("dur" as const), ...comparison, value: fc.nat(2 ** 40) }),
  fc.record({ field: fc.constant("spans" as const), ...comparison, value: fc.nat(1_000_000) }),
  fc.record({
    field: fc.constant("attribute" as const),
    key: fc.oneof(
      text,
      fc.constantFrom("service", "dur", "release", "service.version", "http.route", "has", "-a", "a!", "!"),
    ),
    value: fc.oneof(text, fc.constant("")),
  }),
);
const nameOf = (one: QueryTerm) =>
  JSON.stringify({ ...one, value: 0, ...("comparator" in one ? { comparator: one.comparator[0] } : {}) });
const terms = fc.uniqueArray(term, { selector: nameOf, maxLength: 6 });

describe("a query line", () => {
  it("reads back to the terms it was printed from, whatever they hold", () => {
    fc.assert(
      fc.property(terms, (given) => {
        const line = printQueryLine(given);
        expect(parseQueryLine(line), line).toEqual({ terms: given, problems: [] });
      }),
      { numRuns: 500 },
    );
  });

  it("takes any text, and tells every mistake with a place inside the line", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ maxLength: 60 }), text), (line) => {
        const { problems } = parseQueryLine(line);
        for (const { from, to, message } of problems) {
          expect(from).toBeGreaterThanOrEqual(0);
          expect(to).toBeGreaterThanOrEqual(from);
          expect(to).toBeLessThanOrEqual(line.length);
          expect(message).not.toBe("");
        }
      }),
    );
  });

  it("understands the line of the manual", () => {
    const { terms: read, problems } = parseQueryLine(
      'service:web operation:"GET /users/:id" dur>1s release:v3 status:error spans>=10',
    );
    expect(problems).toEqual([]);
    expect(toFactMeaning(read)).toEqual({
      service: "web",
      operation: "GET /users/:id",
      minDurationUs: 1_000_001,
      attributes: { "service.version": "v3" },
      status: "error",
      minSpans: 10,
    });
    const { search, leftOut } = toSearchMeaning(read);
    expect(search.attributes).toEqual({ "service.version": "v3", error: "true" });
    expect(leftOut).toEqual([{ field: "spans", comparator: ">=", value: 10 }]);
  });

  it.each([
    ["service:web dur>soon", 16, 20, "Write dur>300ms."],
    ["web", 0, 3, 'Write key:value; "web" alone says nothing.'],
    ['a:"open', 0, 7, "The quote is not closed."],
    ["status:maybe", 7, 12, "status is error or ok."],
    ["service:", 0, 8, "service has no value yet."],
    ["service:a service:b", 10, 19, "There is a second term for service."],
    ["http.route>3", 0, 12, "Only dur and spans can be compared; write http.route:3."],
    ["dur:1s", 0, 6, "Write dur>300ms, with > or <."],
    [":x", 0, 2, "A key is missing before the sign."],
  ])("says where %s is wrong", (line, from, to, message) => {
    expect(parseQueryLine(line).problems).toEqual([{ from, to, message }]);
  });

  it.each([
    ["-service:calc", /cannot leave out service:calc/],
    ["tenant!=a", /cannot leave out tenant:a/],
    ["!tenant:a", /cannot leave out tenant:a/],
    ["-dur>1s", /cannot leave out/],
    ["tenant=~a.*", /takes no patterns/],
    ["has:tenant", /finds values, not that an attribute is there.*"has":tenant/],
    ["svc:web", /Write service/],
    ["name:SELECT", /Write operation/],
  ])("refuses %s by name instead of searching for an attribute called so", (line, message) => {
    const { terms: read, problems } = parseQueryLine(line);
    expect(read).toEqual([]);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message).toMatch(message);
  });

  it("takes -status:error for what it says, and quoted keys for attributes", () => {
    expect(parseQueryLine("-status:error").terms).toEqual([{ field: "status", value: "ok" }]);
    expect(parseQueryLine("-status:ok").terms).toEqual([{ field: "status", value: "error" }]);
    expect(parseQueryLine('"has":x "-a":b c="~d"').terms).toEqual([
      { field: "attribute", key: "has", value: "x" },
      { field: "attribute", key: "-a", value: "b" },
      { field: "attribute", key: "c", value: "~d" },
    ]);
  });

  it("shows where each term stands, so that completion knows what is being typed", () => {
    expect(scanTerms("a:b service:we")[1]).toMatchObject({
      from: 4,
      to: 14,
      key: "service",
      value: "we",
      valueFrom: 12,
    });
  });
});
