import { describe, expect, it } from "vitest";
import { skeletonOf } from "@/tests/support/skeleton-of";
import { foldNameOf } from "./span-text";

function foldOf(...names: string[]): string {
  const trace = skeletonOf({
    name: "root",
    children: names.map((name, at) => ({ name, start: at * 10, duration: 5 })),
  });
  return foldNameOf(
    trace,
    Int32Array.from(names, (_, at) => at + 1),
  );
}

describe("the name of a fold", () => {
  it("is the one name of all its spans", () => {
    expect(foldOf("SELECT orders", "SELECT orders")).toBe("SELECT orders");
  });

  it("is what different names begin with, cut before their numbers and never within a word", () => {
    expect(foldOf("step 0", "step 1", "step 16", "step 1")).toBe("step …");
    expect(foldOf("worker12", "worker13")).toBe("worker…");
    expect(foldOf("GET /users/17/a", "GET /users/181/b")).toBe("GET /users/…");
    expect(foldOf("load cart", "load carrier")).toBe("load …");
  });

  it("is their number where they begin with nothing in common", () => {
    expect(foldOf("1 of 3", "2 of 3", "3 of 3")).toBe("3 names");
    expect(foldOf("send", "select")).toBe("2 names");
  });
});
