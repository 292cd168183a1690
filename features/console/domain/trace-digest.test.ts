import { describe, expect, it } from "vitest";
import { digestReply } from "@/tests/support/digest-reply";
import { missingText, toTraceDigest } from "./trace-digest";

const digest = (...input: Parameters<typeof digestReply>) => toTraceDigest(digestReply(...input));

describe("toTraceDigest", () => {
  it("gives zeros and empty lists for no traces", () => {
    expect(digest({})).toMatchObject({ count: 0, errorCount: 0, operations: [], operationCount: 0 });
    expect(digest({}).read).toMatchObject({ isWhole: true, percent: 100, gaps: [] });
  });

  it("says what is missing of a trace without a root", () => {
    expect(digest({ operations: [{ operation: "" }] }).operations[0]?.operation).toBe("(root span missing)");
  });

  it("names no p95 below 100 traces", () => {
    const p95Of = (count: number) => digest({ operations: [{ count, p95Us: 95 }] }).operations[0]?.p95Us;
    expect([p95Of(99), p95Of(100)]).toEqual([null, 95]);
  });

  it("keeps unread stretches apart from those without a trace", () => {
    const gaps = [{ fromUs: 0, toUs: 600_000 }];
    const { read } = digest({ operations: [{}], coverage: { complete: 0.4, gaps, filling: "running" } });
    expect(read).toMatchObject({ isWhole: false, percent: 40, isGoing: true, gaps: [{ fromMs: 0, toMs: 600 }] });
    expect(missingText(read)).toBe("40\u202f% of it read so far");
  });

  it("never calls whole what is not, however little is missing", () => {
    const { read } = digest({ coverage: { complete: 0.996, filling: "failing" } });
    expect(read).toMatchObject({ isWhole: false, percent: 99, isFailing: true });
    expect(missingText(read)).toBe("99\u202f% of it read");
  });

  it("calls a window whole whose reading ended a moment before it was asked how far it is", () => {
    const gaps = [{ fromUs: 990_000, toUs: 1_000_000 }];
    const { read } = digest({ coverage: { complete: 0.99, gaps, filling: "done" } });
    expect(read).toMatchObject({ isWhole: true, gaps: [] });
    expect(missingText(read)).toBe("");
  });

  it("says that more is coming while what was read is read again", () => {
    const { read } = digest({ operations: [{}], coverage: { complete: 1, filling: "running" } });
    expect(read).toMatchObject({ isWhole: true, isGoing: true });
    expect(missingText(read)).toBe("the latest are being read");
  });

  it("says that traces are missing where the source gives no more at once", () => {
    expect(missingText(digest({ coverage: { truncatedCount: 2 } }).read)).toContain("some are missing");
  });
});
