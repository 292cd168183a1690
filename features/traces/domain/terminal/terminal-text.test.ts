import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutTo, printable, toTable, wrap } from "./columns";
import { toExplainText } from "./explain-text";

describe("columns", () => {
  it("let no name move the cursor, colour the screen or turn the direction", () => {
    expect(printable("a\u001b[31mb\r\nc\u202ed\u0007")).toBe("a\ufffd[31mb\ufffd\ufffdc\ufffdd\ufffd");
  });

  it("never make a line wider than asked for", () => {
    const words = fc.array(fc.string({ unit: "grapheme", maxLength: 30 }), { maxLength: 40 });
    fc.assert(
      fc.property(words, fc.integer({ min: 31, max: 120 }), (list, width) => {
        for (const line of wrap(list.join(" "), width)) {
          const isOneWord = !line.includes(" ");
          expect(isOneWord || [...line].length <= width).toBe(true);
        }
        expect([...cutTo(list.join(" "), width)].length).toBeLessThanOrEqual(width);
      }),
    );
  });

  it("keep every word of a wrapped text, in order", () => {
    const text = "2.31 s = 1.62 s in 214 × SELECT projects under projects/_card + 0.69 s everything else";
    expect(wrap(text, 30).join(" ")).toBe(text);
  });

  it("stand under each other, numbers to the right", () => {
    const rows = [
      [{ text: "7.94 s", align: "right" as const }, { text: "web" }],
      [{ text: "214 ms", align: "right" as const }, { text: "sidekiq" }],
      [{ text: "5 ms", align: "right" as const }, { text: "a name that is far too long" }],
    ];
    expect(toTable(rows, 20)).toEqual(["7.94 s  web", "214 ms  sidekiq", "  5 ms  a name that…"]);
  });
});

describe("toExplainText", () => {
  const verdict = { durationUs: 2_000_000, unexplainedUs: 0, isConfident: true };

  it("says the sum, each cause, what it saves and what is usual", () => {
    const text = toExplainText(
      {
        verdict: {
          ...verdict,
          sentence: "2.00 s = 1.50 s in 200 × SELECT projects (N+1) + 0.50 s everything else",
          clauses: [
            {
              kind: "finding",
              text: "200 × SELECT projects",
              timeUs: 1_500_000,
              service: "web",
              findingIndex: 0,
              rows: [2],
            },
            { kind: "rest", text: "everything else", timeUs: 500_000, service: "", findingIndex: null, rows: [] },
          ],
        },
        findings: [
          {
            kind: "n-plus-one",
            severity: "critical",
            service: "web",
            operation: "SELECT projects",
            spanIds: ["00f067aa0ba902b7"],
            shareOfTrace: 0.75,
            savesUs: 1_400_000,
            usual: { p50Us: 7_000, p95Us: 12_000, count: 80 },
            sentence: "200 similar calls, one after another.",
          },
        ],
        evidence: { version: "1-a", rows: [[2]], spanCounts: [1], savedDurationsUs: [600_000] },
      },
      { width: 100 },
    );
    expect(text.split("\n").map((line) => line.replaceAll("\u202f", " "))).toEqual([
      "2.00 s = 1.50 s in 200 × SELECT projects (N+1) + 0.50 s everything else",
      "",
      "1.50 s  75 %  200 × SELECT projects",
      "500 ms  25 %  everything else",
      "",
      "!! n-plus-one  web  SELECT projects",
      "   200 similar calls, one after another.",
      "   without it 1.40 s less; usual 7 ms, p95 12 ms in 80 traces",
    ]);
  });

  it("says of a healthy trace that nothing stands out", () => {
    const reply = {
      verdict: { ...verdict, durationUs: 0, sentence: "Nothing took long.", clauses: [] },
      findings: [],
      evidence: { version: "1-a", rows: [], spanCounts: [], savedDurationsUs: [] },
    };
    expect(toExplainText(reply, { width: 80 })).toBe("Nothing took long.\n\nNothing stands out.");
  });

  it("does not say that nothing stands out of a slow trace, nor off which path a step is that saves nothing", () => {
    const standing = { typicalUs: 90_000, isSlow: true, traceCount: 60 };
    const unexplained = {
      ...verdict,
      isConfident: false,
      standing,
      sentence: "2.00 s; slower than usual.",
      clauses: [],
    };
    const evidence = { version: "1-a", rows: [[1]], spanCounts: [1], savedDurationsUs: [2_000_000] };
    expect(toExplainText({ verdict: unexplained, findings: [], evidence }, { width: 80 })).not.toContain("Nothing");
    const usual = {
      kind: "heavy-span" as const,
      severity: "info" as const,
      service: "web",
      operation: "render",
      spanIds: [],
      shareOfTrace: 0.7,
      savesUs: 0,
      sentence: "render worked.",
    };
    expect(toExplainText({ verdict: unexplained, findings: [usual], evidence }, { width: 80 })).not.toMatch(/path/);
  });
});
