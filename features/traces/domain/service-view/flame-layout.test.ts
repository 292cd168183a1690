import { describe, expect, it } from "vitest";
import type { FlameFrame } from "../paths/aggregate-path-schema";
import { layOutFlame, sumByStep } from "./flame-layout";

describe("the flame", () => {
  const frame = (parent: number, totalUs: number, ownUs: number, name: string): FlameFrame => ({
    service: "web",
    name,
    detail: "",
    parent,
    ownUs,
    restUs: 0,
    totalUs,
    traceCount: 3,
    calls: 1,
    exemplars: [],
  });
  const frames = [
    frame(-1, 100, 10, "root"),
    frame(0, 60, 60, "query"),
    frame(0, 30, 20, "render"),
    frame(2, 10, 10, "query"),
  ];

  it("stands the called side by side below their caller, and zooms to one", () => {
    expect(layOutFlame({ frames, totalUs: 100 })).toEqual([
      { frame: 0, from: 0, to: 1, depth: 0 },
      { frame: 1, from: 0, to: 0.6, depth: 1 },
      { frame: 2, from: 0.6, to: 0.9, depth: 1 },
      { frame: 3, from: 0.6, to: 0.7, depth: 2 },
    ]);
    expect(
      layOutFlame({ frames, totalUs: 100 }, 2).map(({ frame: at, from, to }) => [at, from, Math.round(to * 100)]),
    ).toEqual([
      [0, 0, 100],
      [2, 0, 100],
      [3, 0, 33],
    ]);
  });

  it("sums the same step wherever it stands; the shares add up to all that is in frames", () => {
    const steps = sumByStep({ frames, totalUs: 100 });
    expect(steps.map(({ name, ownUs }) => [name, ownUs])).toEqual([
      ["query", 70],
      ["render", 20],
      ["root", 10],
    ]);
    expect(steps.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
  });
});
