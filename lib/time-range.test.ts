import { describe, expect, it } from "vitest";
import { toFixedWindow, toTimeWindow } from "./time-range";

const NOW_MS = 1_795_348_200_000;

describe("toTimeWindow", () => {
  it("ends a relative range now", () => {
    expect(toTimeWindow({ range: "15m" }, NOW_MS)).toEqual({ fromMs: NOW_MS - 900_000, toMs: NOW_MS });
  });

  it("keeps a fixed window as a colleague sent it", () => {
    expect(toTimeWindow({ from: 1000, to: 2000 }, NOW_MS)).toEqual({ fromMs: 1000, toMs: 2000 });
  });

  it("falls back to the last hour for half a window, or one that runs backwards", () => {
    const lastHour = { fromMs: NOW_MS - 3_600_000, toMs: NOW_MS };
    expect(toTimeWindow({ from: 1000 }, NOW_MS)).toEqual(lastHour);
    expect(toTimeWindow({ from: 2000, to: 1000 }, NOW_MS)).toEqual(lastHour);
    expect(toTimeWindow({}, NOW_MS)).toEqual(lastHour);
  });
});

describe("toFixedWindow", () => {
  it("is the chosen window", () => {
    expect(toFixedWindow({ from: 1000, to: 2000 })).toEqual({ fromMs: 1000, toMs: 2000 });
  });

  it.each([{}, { from: 1000 }, { from: 2000, to: 2000 }, { range: "1h" as const, from: 1000, to: 2000 }])(
    "is none for %o",
    (params) => {
      expect(toFixedWindow(params)).toBeUndefined();
    },
  );
});
