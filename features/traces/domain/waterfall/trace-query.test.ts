import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { skeletonOf } from "@/tests/support/skeleton-of";
import { compileQuery, markMatches } from "./match-spans";
import { computeTracePlan } from "./trace-plan";
import { askedOfServer, parseTraceQuery } from "./trace-query";

const trace = skeletonOf({
  name: "GET /users",
  duration: 1000,
  children: [
    { name: "SELECT users", duration: 300, kind: "client", category: "database", detail: "SELECT * FROM users" },
    { name: "GET session", start: 300, duration: 20, service: "redis-cache", category: "cache" },
    {
      name: "charge",
      start: 400,
      duration: 600,
      isError: true,
      children: [{ name: "POST pay", start: 410, duration: 500 }],
    },
  ],
});
const plan = computeTracePlan(trace);

function found(text: string): string[] {
  const query = parseTraceQuery(text);
  const isMatch = compileQuery(query, { trace, selfUs: plan.selfUs, pathUs: plan.path.ownUs });
  const { marks } = markMatches(trace.spanCount, isMatch);
  return [...marks].flatMap((mark, span) => (mark === 1 ? [trace.names[trace.nameIndex[span] ?? 0] ?? ""] : []));
}

describe("parseTraceQuery", () => {
  it.each([
    ["dur>50%", ["GET /users", "charge"]],
    ["dur<=300us dur>=300us", ["SELECT users"]],
    ["duration:300us -svc:web", []],
    ["name:select", ["SELECT users"]],
    ["name:GET -svc:redis", ["GET /users"]],
    ["error", ["charge"]],
    ["-error dur>=50%", ["GET /users", "POST pay"]],
    ['"from users"', ["SELECT users"]],
    ["attr:from", ["SELECT users"]],
    ["is:database", ["SELECT users"]],
    ["kind:client", ["SELECT users"]],
    ["session", ["GET session"]],
    ["self>=50%", ["POST pay"]],
    ["start>=41%", ["POST pay"]],
    ["path -charge -get", ["SELECT users", "POST pay"]],
    ["name=charge", ["charge"]],
    ["name=Charge", []],
    ['name="SELECT users" svc=web kind:client', ["SELECT users"]],
    ["svc=redis", []],
    // Words that every JavaScript object knows are words like others.
    ["constructor", []],
    ["-constructor error", ["charge"]],
    ["", []],
    ["   ", []],
  ])("finds by %s", (text, names) => {
    expect(found(text)).toEqual(names);
  });

  it("holds the words it understands when another has a mistake, and says where and what", () => {
    const { terms, mistakes } = parseTraceQuery("name:pay dur>fast kind:thing dur");
    expect(terms).toHaveLength(1);
    expect(mistakes.map(({ from, to }) => [from, to])).toEqual([
      [9, 17],
      [18, 28],
      [29, 32],
    ]);
    expect(mistakes[0]?.message).toContain("“fast” is no time");
    expect(mistakes[1]?.message).toContain("unspecified, internal, server");
  });

  it("takes an address for a text, not for a key", () => {
    expect(parseTraceQuery("http://shop name<5 a>b").terms).toMatchObject([
      { field: "any", text: "http://shop" },
      { field: "any", text: "name<5" },
      { field: "any", text: "a>b" },
    ]);
  });

  it("takes every other key for that of an attribute, to the letter", () => {
    const { terms, mistakes } = parseTraceQuery(
      'http.status_code:500 DB.name=Shop retry-count>=2 db.statement:"SELECT x" id:*',
    );
    expect(mistakes).toEqual([]);
    expect(terms).toMatchObject([
      { field: "attribute", key: "http.status_code", op: ":", text: "500" },
      { field: "attribute", key: "DB.name", op: "=", text: "Shop" },
      { field: "attribute", key: "retry-count", op: ">=", text: "2" },
      { field: "attribute", key: "db.statement", op: ":", text: "SELECT x" },
      { field: "attribute", key: "id", op: "has", text: "" },
    ]);
    expect(parseTraceQuery("http.method:").mistakes[0]?.message).toContain("http.method:*");
  });

  it("asks the server for attributes and for words, each once", () => {
    expect(askedOfServer(parseTraceQuery("db.name:a -db.name:a charge charge x name:y"))).toEqual([
      { key: "db.name", op: ":", text: "a" },
      { key: "", op: ":", text: "charge" },
    ]);
  });

  it("marks spans by what the server found, beside what their columns say", () => {
    const marks = Uint8Array.from({ length: trace.spanCount }, (_, span) => (span === 2 ? 1 : 0));
    const rows = (text: string) => {
      const isMatch = compileQuery(parseTraceQuery(text), { trace, marksOf: () => marks });
      return [...markMatches(trace.spanCount, isMatch).marks].flatMap((mark, span) => (mark === 1 ? [span] : []));
    };
    expect(rows("http.status_code:500")).toEqual([2]);
    expect(rows("-http.status_code:500")).toEqual([0, 1, 3, 4]);
    expect(rows("charge")).toEqual([2, 3]);
  });

  it("reads any text: every word has its place, in order, and is a test or a mistake", () => {
    const word = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.constantFrom("dur>5%", '"a b"', "-svc:x", "name:", "error", '"open', "-", ":", ">", 'name:"a b"', "a>b"),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), (words) => {
        const text = words.join(" ");
        const { terms, mistakes } = parseTraceQuery(text);
        const places = [...terms, ...mistakes].sort((a, b) => a.from - b.from);
        let reached = 0;
        for (const { from, to } of places) {
          expect(text.slice(reached, from).trim()).toBe("");
          expect(to).toBeGreaterThan(from);
          reached = to;
        }
        expect(text.slice(reached).trim()).toBe("");
        for (const { message } of mistakes) expect(message).toMatch(/\.$/);
      }),
    );
  });

  it("finds without a minus exactly what it leaves out with one", () => {
    fc.assert(
      fc.property(fc.constantFrom("dur>50%", "name:get", "svc:web", "error", "is:cache", "users"), (word) => {
        const all = found("dur>=0us").length;
        expect(found(word).length + found(`-${word}`).length).toBe(all);
      }),
    );
  });
});
