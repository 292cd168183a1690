import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { amountText, parseAmount, parseWindow } from "./time-window-text";
import { WEEKDAYS, windowText } from "./time-windows";

describe("parseWindow", () => {
  it("reads back whatever a window's own words say", () => {
    const clock = fc.constantFrom("00:00", "06:30", "22:00", "23:59");
    fc.assert(
      fc.property(fc.subarray([...WEEKDAYS], { minLength: 1 }), clock, clock, (days, from, to) => {
        const window = { days, from, to, timeZone: "Europe/Berlin" };
        expect(parseWindow(windowText(window))).toEqual(window);
      }),
    );
  });

  it("takes a run over the weekend, and refuses what is no window", () => {
    expect(parseWindow("fri-mon 22:00-06:00 UTC")?.days).toEqual(["fri", "sat", "sun", "mon"]);
    for (const text of ["", "22:00-06:00 UTC", "mon-fri 22:00-06:00", "someday 22:00-06:00 UTC", "mon 22-06 UTC"]) {
      expect(parseWindow(text)).toBeUndefined();
    }
  });
});

describe("parseAmount", () => {
  it("reads back what amountText writes", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e12 }), (value) => {
        expect(parseAmount(amountText(value))).toBeCloseTo(value);
      }),
    );
    expect([parseAmount("20M"), parseAmount("1.5 GB"), parseAmount("fast")]).toEqual([20e6, 1.5e9, Number.NaN]);
  });
});
