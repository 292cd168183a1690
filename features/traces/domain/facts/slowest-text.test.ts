import { describe, expect, it } from "vitest";
import { parseFactsCursor, toCursorText } from "./facts-cursor";
import { asOfText, badgeText, caveatOf, reasonText } from "./slowest-text";

describe("a window that lies ahead", () => {
  it("is not proven of anything: it has not begun", () => {
    const nothing = { proof: "none", seenCount: 0, isSeenWhole: false, foundCount: 0 } as const;
    expect(badgeText({ ...nothing, reason: { code: "not_begun" } }, "duration")).toBe("the window has not begun");
    expect(reasonText({ proof: "none", reason: "not_begun", askedCount: 0 })).toMatch(/^The window lies ahead/);
  });

  it("and one that was read a while ago says when", () => {
    const read = { proof: "every-trace", reason: "proven", askedCount: 0 } as const;
    expect(reasonText(read)).toBe("Every trace of the window was read.");
    expect(reasonText({ ...read, asOf: "18:26 UTC" })).toBe(
      "Every trace of the window that was there at 18:26 UTC was read.",
    );
    const asked = { proof: "every-long-span", reason: "proven", askedCount: 12 } as const;
    expect(reasonText({ ...asked, asOf: "18:26 UTC" })).toBe(
      "12 questions found every trace that was there at 18:26 UTC with a span long enough to belong here.",
    );
  });
});

describe("badgeText", () => {
  it.each([
    ["every-long-span", false, "duration", "proven slowest 50 of 8,412 seen"],
    ["every-trace", true, "duration", "proven slowest 50 of 8,412"],
    ["none", false, "duration", "slowest 50 of 8,412 seen, a lower bound"],
    ["every-trace", true, "errors", "proven 50 of 8,412 with most errors"],
    ["none", false, "spans", "50 of 8,412 seen with most spans, a lower bound"],
  ] as const)("says of %s, seen whole %s, by %s: %s", (proof, isSeenWhole, by, text) => {
    expect(badgeText({ proof, isSeenWhole, seenCount: 8412, foundCount: 50 }, by)).toBe(text);
  });
});

describe("asOfText", () => {
  const nowMs = Date.parse("2026-11-20T14:05:00Z");

  it("names no time while a ranking is as good as new, then the time, and the day when that is another", () => {
    expect(asOfText(nowMs - 59_000, nowMs, "UTC")).toBeUndefined();
    expect(asOfText(nowMs - 120_000, nowMs, "UTC")).toBe("14:03 UTC");
    expect(asOfText(nowMs - 86_400_000, nowMs, "UTC")).toBe("19 Nov 14:05 UTC");
  });

  it("stands at the end of the badge", () => {
    const counted = { proof: "every-trace", isSeenWhole: true, seenCount: 8412, foundCount: 50 } as const;
    expect(badgeText({ ...counted, asOf: "14:03" }, "duration")).toBe("proven slowest 50 of 8,412, as of 14:03");
  });
});

describe("caveatOf", () => {
  it("is there only where traces of short spans may be unseen", () => {
    expect(caveatOf({ proof: "every-trace", unseenBelowUs: null })).toBeNull();
    expect(caveatOf({ proof: "none", unseenBelowUs: 7 })).toBeNull();
    expect(caveatOf({ proof: "every-long-span", unseenBelowUs: 7 })?.spanUs).toBe(7);
  });
});

describe("a page's end", () => {
  it("reads back to where it was, and to nothing when nobody handed it out", () => {
    const end = { value: 1200, traceId: "0".repeat(32) };
    expect(parseFactsCursor(toCursorText(end))).toEqual(end);
    for (const text of ["", "x", "12", `-1.${"0".repeat(32)}`, `9999999999999999.${"0".repeat(32)}`]) {
      expect(parseFactsCursor(text)).toBeUndefined();
    }
  });
});
