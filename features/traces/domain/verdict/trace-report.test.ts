import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FindingsReply } from "../diagnosis/finding";
import { toIssueLink } from "./issue-link";
import { markdownCode, markdownText } from "./markdown-text";
import { type ReportFacts, reportSections, toTraceReport } from "./trace-report";

const FACTS: ReportFacts = {
  rootService: "web",
  rootOperation: "GET /users/:id",
  durationUs: 2_310_000,
  traceId: "7c1f0e9a",
  traceUrl: "http://127.0.0.1:3000/traces/7c1f0e9a",
  startedAt: "Thu, 19 Nov 2026, 14:07:31 IST",
  facts: [["Spans", "312"]],
  doubts: ["1 orphan"],
  usual: { p50Us: 174_000, p95Us: 402_000, count: 618 },
};
const REPLY: FindingsReply = {
  verdict: {
    sentence: "2.31 s = 1.62 s in 214 × SELECT projects (N+1) + 0.69 s everything else.",
    durationUs: 2_310_000,
    unexplainedUs: 0,
    isConfident: true,
    clauses: [
      { kind: "finding", text: "214 × SELECT projects", timeUs: 1_620_000, service: "web", findingIndex: 0, rows: [1] },
      { kind: "rest", text: "everything else", timeUs: 690_000, service: "", findingIndex: null, rows: [0] },
    ],
  },
  findings: [
    {
      kind: "n-plus-one",
      severity: "critical",
      service: "web",
      operation: "SELECT projects",
      spanIds: [],
      shareOfTrace: 0.7,
      savesUs: 1_550_000,
      sentence: "214 similar calls.",
    },
  ],
  evidence: { version: "1", rows: [[1]], spanCounts: [], savedDurationsUs: [760_000] },
};

describe("toTraceReport", () => {
  it("tells the verdict, the sum, the findings and the facts", () => {
    const report = toTraceReport(FACTS, REPLY);
    expect(report).toContain("| 214 × SELECT projects | 1.62\u202fs | 70\u202fms |");
    expect(report).toContain("| **Together** | **2.31\u202fs** | **760\u202fms** |");
    expect(report).toContain("**N+1** `SELECT projects` of `web`: 214 similar calls.");
    expect(report).toContain("[Open the trace](http://127.0.0.1:3000/traces/7c1f0e9a)");
    expect(report).toContain("- Usual: p50 174\u202fms, p95 402\u202fms, of 618 traces");
  });

  it("has a title that agrees with its sum where work of the request went on after its answer", () => {
    const title = toTraceReport({ ...FACTS, durationUs: 1_800_000 }, REPLY).split("\n")[0];
    expect(title).toBe("## GET /users/:id took 2.31\u202fs, answered in 1.80\u202fs");
  });

  it("has a title that tells the longest part from the whole where the root is missing", () => {
    const part = { ...REPLY, verdict: { ...REPLY.verdict, partOfUs: 9_000_000 } };
    const title = toTraceReport({ ...FACTS, durationUs: 9_000_000 }, part).split("\n")[0];
    expect(title).toBe("## GET /users/:id took 2.31\u202fs of 9.00\u202fs that came");
  });

  it("says what is known when the cause could not be computed", () => {
    expect(toTraceReport(FACTS, undefined)).toContain("The cause was not computed.");
  });

  it("lets no name from a trace break a table, start a block or call a person", () => {
    const hostile = "x | y\n# head\n```\n@admin #12 <img src=x> [a](javascript:b) www.example.com https://example.com";
    const report = toTraceReport({ ...FACTS, rootOperation: hostile, rootService: hostile }, undefined);
    expect(report.split("\n").filter((line) => line.startsWith("#"))).toHaveLength(1);
    const outsideCode = report.replace(/`{2,}[^\n]*`{2,}/g, "");
    expect(outsideCode).not.toMatch(/(^|[^\\])<img/);
    expect(outsideCode).not.toMatch(/@admin|#12|https:\/\/example|www\.ex/);
  });
});

describe("markdownText", () => {
  it("stays on one line, with every mark of Markdown escaped", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const line = markdownText(text);
        expect(line).not.toMatch(/[\n\r\u2028\u202e]/);
        expect(line.replace(/\\./g, "")).not.toMatch(/[`*_[\]<>|]/);
      }),
      { numRuns: 40 },
    );
  });
});

describe("markdownText of numbers", () => {
  it.each([
    ["3.1", "3.1"],
    ["3.2 × usual (71.6 ms)", "3.2 × usual \\(71.6 ms\\)"],
    ["12. item", "12\\. item"],
    ["12.", "12\\."],
    ["12) item", "12\\) item"],
  ])("leaves no backslash to be read: %s", (text, line) => {
    expect(markdownText(text)).toBe(line);
  });
});

describe("markdownCode", () => {
  it("closes where it opened, whatever backticks the name has", () => {
    expect(markdownCode("a `b` c")).toBe("`` a `b` c ``");
    expect(markdownCode("a|b")).toBe("`a|b`");
    expect(markdownCode("a|b", { isInTable: true })).toBe("`a\\|b`");
    expect(markdownCode("")).toBe("");
  });
});

describe("toIssueLink", () => {
  it("holds title and report", () => {
    const link = new URL(
      toIssueLink("https://github.com/o/r", { title: "Slow", sections: reportSections(FACTS, REPLY) }),
    );
    expect(link.origin + link.pathname).toBe("https://github.com/o/r/issues/new");
    expect(link.searchParams.get("title")).toBe("Slow");
    expect(link.searchParams.get("body")).toContain("1.62");
  });

  it("is never longer than an address may be, and says what it left out", () => {
    const texts = fc.array(fc.string({ unit: "binary", maxLength: 4000 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 400 }), texts, (title, sections) => {
        expect(toIssueLink("https://github.com/o/r", { title, sections }).length).toBeLessThanOrEqual(8000);
      }),
      { numRuns: 50 },
    );
    const link = new URL(toIssueLink("https://github.com/o/r", { title: "t", sections: ["first", "x".repeat(9000)] }));
    expect(link.searchParams.get("body")).toMatch(/^first\n\n\(Cut here/);
  });
});
