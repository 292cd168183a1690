import { describe, expect, it } from "vitest";
import { filtersSchema, globProblem } from "./filter-spec";
import { compileFilters } from "./object-filter";

const filter = (fields: object) => compileFilters(filtersSchema.parse(fields));
const at = (key: string, sizeBytes = 1, modifiedMs?: number) => ({ key, sizeBytes, modifiedMs });

describe("compileFilters", () => {
  it("lets everything pass when nothing is asked", () => {
    expect(filter({})(at("any/thing", 0))).toBeUndefined();
  });

  it("keeps what an include fits, unless an exclude fits too", () => {
    const reason = filter({ include: ["uploads/**"], exclude: ["**/thumb_*", "**/.DS_Store"] });
    expect(reason(at("uploads/a/b.png"))).toBeUndefined();
    expect(reason(at("uploads/.hidden/b.png"))).toBeUndefined();
    expect(reason(at("other/b.png"))).toBe("NotIncluded");
    expect(reason(at("uploads/a/thumb_b.png"))).toBe("Excluded");
    expect(reason(at("uploads/a/.DS_Store"))).toBe("Excluded");
  });

  it("takes sizes as inclusive bounds and times as from, up to but not including", () => {
    const reason = filter({
      minBytes: 2,
      maxBytes: 4,
      modifiedAfter: "2026-01-01T00:00:00Z",
      modifiedBefore: "2026-02-01T00:00:00+01:00",
    });
    const january = Date.parse("2026-01-15T00:00:00Z");
    expect([1, 2, 4, 5].map((size) => reason(at("k", size, january)))).toEqual([
      "TooSmall",
      undefined,
      undefined,
      "TooLarge",
    ]);
    expect(reason(at("k", 2, Date.parse("2026-01-01T00:00:00Z")))).toBeUndefined();
    expect(reason(at("k", 2, Date.parse("2025-12-31T23:59:59Z")))).toBe("TooOld");
    expect(reason(at("k", 2, Date.parse("2026-01-31T23:00:00Z")))).toBe("TooNew");
    expect(reason(at("k", 2))).toBe("AgeUnknown");
  });

  it("meets keys as they are: line breaks, backslashes, dot segments, emoji", () => {
    const all = filter({ include: ["**"] });
    for (const key of ["a\nb", "a\\b", "😀/x", "/leading", "a//b", "tab\t"]) expect(all(at(key)), key).toBeUndefined();
  });

  it.each(["*a*", "**/*a*a/**/b*b*", "**/a*a*/**"])("answers at once for %s on a key made to hurt", (glob) => {
    expect(globProblem(glob)).toBeUndefined();
    const reason = filter({ include: [glob] });
    const startedMs = performance.now();
    for (const key of ["a".repeat(1023), "a/".repeat(511), "aab/".repeat(255), `${"a".repeat(500)}/${"b".repeat(500)}`])
      reason(at(`${key}!`));
    expect(performance.now() - startedMs).toBeLessThan(1500);
  });

  it.each(["*a*b*", "a**b", "**/**/**", "!(a)", "+(a|b)", "!x", ""])("refuses the pattern %j", (glob) => {
    expect(filtersSchema.safeParse({ include: [glob] }).success).toBe(false);
  });
});
