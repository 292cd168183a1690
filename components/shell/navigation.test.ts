import { describe, expect, it } from "vitest";
import { needsWidth } from "./navigation";

describe("needsWidth", () => {
  it("gives the rail's room to one trace and to comparisons, and to no list", () => {
    expect(["/traces/7c1f0e9a", "/traces/compare", "/traces/critical-path"].map(needsWidth)).toEqual([
      true,
      true,
      true,
    ]);
    expect(["/", "/traces", "/services/web", "/runs/7"].map(needsWidth)).toEqual([false, false, false, false]);
  });
});
