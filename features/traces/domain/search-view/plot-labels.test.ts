import { describe, expect, it } from "vitest";
import { nearestFree, stepAside } from "./plot-labels";

describe("the words beside the plot", () => {
  it("step down where they are too close to the one above", () => {
    expect(stepAside([10, 15, 60])).toEqual([10, 22, 60]);
  });

  it("stay where they are wanted while nothing else is there", () => {
    expect(nearestFree(40, [10, 60])).toBe(40);
  });

  it("go above what is there, or below it where the top leaves no room", () => {
    expect(nearestFree(37, [40, 80])).toBe(28);
    expect(nearestFree(14, [15, 60])).toBe(27);
  });

  it("go past two that leave no room between them", () => {
    expect(nearestFree(16, [15, 30])).toBe(42);
  });
});
