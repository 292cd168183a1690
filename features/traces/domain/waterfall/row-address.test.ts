import { describe, expect, it } from "vitest";
import { skeletonOf } from "@/tests/support/skeleton-of";
import type { PathUsual } from "../paths/path-schema";
import { makeFoldContexts, SWITCHES } from "./fold-context";
import { findRow, isMissingText, toRowText } from "./row-address";
import { computeTracePlan } from "./trace-plan";

const trace = skeletonOf({
  name: "root",
  duration: 100_000,
  children: [
    { name: "call", start: 10_000, duration: 20_000 },
    { name: "call", start: 50_000, duration: 20_000 },
  ],
});
const context = makeFoldContexts(trace, computeTracePlan(trace))(new Set(SWITCHES));
const usual = {
  missing: [
    { parent: 0, path: 0 },
    { parent: 0, path: 1 },
    { parent: 1, path: 1 },
  ],
  paths: [{ name: "cache get" }, { name: "load menu" }] as PathUsual[],
};

describe("toRowText and findRow", () => {
  it("find the row again that they named: a gap by its place in the span, a missing step by its name", () => {
    for (const row of [
      { kind: "gap", ref: 1, span: 0 },
      { kind: "missing", ref: 1, span: 0 },
      { kind: "missing", ref: 2, span: 1 },
    ] as const) {
      const text = toRowText(context, usual, row);
      expect(findRow(context, usual, { span: row.span, text: text ?? "" }), text).toEqual(row);
    }
    expect(toRowText(context, usual, { kind: "gap", ref: 1, span: 0 })).toBe("gap-2");
  });

  it("name nothing for a span, and find nothing that is not there", () => {
    expect(toRowText(context, usual, { kind: "span", ref: 1, span: 1 })).toBeUndefined();
    for (const text of ["gap-0", "gap-9", "gap-x", "missing-nobody", "group", "short", "span", ""])
      expect(findRow(context, usual, { span: 2, text }), text).toBeUndefined();
  });

  it("leave a missing step for later while nothing is known of what is usual", () => {
    expect(findRow(context, undefined, { span: 0, text: "missing-load menu" })).toBeUndefined();
    expect(isMissingText("missing-load menu")).toBe(true);
    expect(isMissingText("gap-1")).toBe(false);
  });
});
