import { describe, expect, it } from "vitest";
import { firstZoom } from "./zoom-window";

const YEAR_US = 365 * 86_400e6;

describe("firstZoom", () => {
  it("is the whole trace", () => {
    expect(firstZoom({ durationUs: 1000, isSkewed: false }, { fromUs: 0, toUs: 5 })).toEqual({ fromUs: 0, toUs: 1000 });
    expect(firstZoom({ durationUs: 1000, isSkewed: true }, { fromUs: 0, toUs: 900 })).toEqual({
      fromUs: 0,
      toUs: 1000,
    });
    expect(firstZoom({ durationUs: 0, isSkewed: true }, undefined)).toEqual({ fromUs: 0, toUs: 1 });
  });

  it("is the request where a clock is a year off", () => {
    const path = { fromUs: YEAR_US - 20_000, toUs: YEAR_US };
    expect(firstZoom({ durationUs: YEAR_US, isSkewed: true }, path)).toEqual(path);
  });
});
