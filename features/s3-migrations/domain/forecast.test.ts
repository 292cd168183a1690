import { describe, expect, it } from "vitest";
import { type ForecastFacts, forecast } from "./forecast";

const steady = Array.from({ length: 24 }, () => ({ objects: 500, bytes: 5_000_000, elapsedMs: 5000 }));
const base: ForecastFacts = {
  isWorking: true,
  isSealed: true,
  remaining: { objects: 10_000, bytes: 100_000_000 },
  steps: steady,
  doneObjects: 12_000,
  totalObjects: 22_000,
  lastDoneMs: 1_000_000,
  nowMs: 1_000_000,
  windows: [],
};

describe("forecast", () => {
  it("gives remaining work divided by the speed that was seen", () => {
    expect(forecast(base)).toEqual({ kind: "range", earliestMs: 1_100_000, latestMs: 1_100_000 });
  });

  it("lets the slower of objects and bytes decide", () => {
    const heavy = forecast({ ...base, remaining: { objects: 10, bytes: 1_000_000_000 } });
    expect(heavy).toEqual({ kind: "range", earliestMs: 2_000_000, latestMs: 2_000_000 });
  });

  it("leaves out the hours in which it may not run, and is not stalled in them", () => {
    const nowMs = Date.parse("2026-06-01T21:59:00Z");
    const days = ["mon" as const, "tue" as const];
    const windows = [{ days, from: "21:00", to: "22:00", timeZone: "UTC" }];
    const opensMs = Date.parse("2026-06-02T21:00:00Z");
    const end = opensMs + 40_000;
    expect(forecast({ ...base, nowMs, lastDoneMs: nowMs, windows })).toEqual({
      kind: "range",
      earliestMs: end,
      latestMs: end,
    });
    const closedMs = nowMs + 3_600_000;
    const later = forecast({ ...base, nowMs: closedMs, lastDoneMs: nowMs, windows });
    expect(later).toMatchObject({ kind: "range", latestMs: opensMs + 100_000 });
  });

  it("gives no number in the first minute, nor before the inventory is sealed", () => {
    expect(forecast({ ...base, steps: steady.slice(0, 3) })).toEqual({ kind: "estimating" });
    expect(forecast({ ...base, isSealed: false })).toEqual({ kind: "estimating" });
  });

  it("withholds itself while nothing finishes, instead of growing or counting down", () => {
    expect(forecast({ ...base, nowMs: 1_200_000 })).toEqual({ kind: "stalled", sinceMs: 1_000_000 });
  });

  it("has nothing to say when nothing is left or nothing runs", () => {
    expect(forecast({ ...base, remaining: { objects: 0, bytes: 0 } })).toEqual({ kind: "none" });
    expect(forecast({ ...base, isWorking: false })).toEqual({ kind: "none" });
  });

  it("widens with uneven speed", () => {
    const steps = steady.map((step, at) => (at % 12 < 6 ? step : { ...step, objects: 50, bytes: 500_000 }));
    const range = forecast({ ...base, steps });
    expect(range.kind === "range" && range.latestMs - range.earliestMs > 100_000).toBe(true);
  });
});
