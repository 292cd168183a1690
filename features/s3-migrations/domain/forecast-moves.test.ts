import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { explainForecast, type ForecastSample, rangesHeld } from "./forecast-moves";

const START_MS = Date.parse("2026-11-24T10:00:00Z");
const TOTAL = { objects: 10_000, bytes: 100_000_000 };
const iso = (ms: number) => new Date(ms).toISOString();

/** A sample `seconds` after the start whose forecast is `finish` ± 60 s, in seconds after the start. */
function sample(seconds: number, finish: number | null, more: Partial<ForecastSample> = {}): ForecastSample {
  return {
    at: iso(START_MS + seconds * 1000),
    state: "running",
    objects: seconds * 10,
    bytes: seconds * 100_000,
    objectsPerSecond: 10,
    throttledMs: 0,
    eta:
      finish === null
        ? null
        : { earliestAt: iso(START_MS + (finish - 60) * 1000), latestAt: iso(START_MS + (finish + 60) * 1000) },
    ...more,
  };
}
const context = { commands: [], total: TOTAL };

describe("explainForecast", () => {
  it("has nothing to say before there are two forecasts of what runs now", () => {
    expect(explainForecast([], context)).toBeUndefined();
    expect(explainForecast([sample(0, null), sample(5, 1000)], context)).toBeUndefined();
    const verifying = sample(10, 1000, { state: "verifying" });
    expect(explainForecast([sample(0, 1000), sample(5, 1000), verifying], context)).toBeUndefined();
  });

  it("puts a pause at the door of whoever paused, for as long as it was", () => {
    const before = Array.from({ length: 12 }, (_, at) => sample(at * 5, 1000));
    const after = Array.from({ length: 12 }, (_, at) => sample(355 + at * 5, 1300));
    const commands = [
      { verb: "resume" as const, actor: "asha", at: iso(START_MS + 350_000) },
      { verb: "pause" as const, actor: "asha", at: iso(START_MS + 54_000) },
    ];
    const story = explainForecast([...before, ...after], { commands, total: TOTAL });
    expect(story?.byMs).toBe(300_000);
    expect(story?.moves[0]).toMatchObject({ kind: "paused", actor: "asha", byMs: 295_000 });
    expect(story?.moves.at(-1)).toMatchObject({ kind: "pace", byMs: 5000 });
  });

  it("puts at a store's door what its throttling took of the pace, and no more", () => {
    const samples = Array.from({ length: 40 }, (_, at) => {
      const isThrottled = at >= 20 && at < 30;
      const throttledMs = 1000 * Math.min(Math.max(0, at - 19), 10);
      return sample(at * 5, 1000 + throttledMs / 400, { throttledMs, objectsPerSecond: isThrottled ? 5 : 10 });
    });
    const story = explainForecast(samples, context);
    expect(story?.moves[0]).toMatchObject({ kind: "throttled", byMs: 25_000 });
    expect(story?.moves[0]).toMatchObject({ fromMs: START_MS + 95_000, toMs: START_MS + 145_000 });
  });

  it("tells the size of what is left beside the pace", () => {
    const samples = [sample(0, 1000, { bytes: 0 }), sample(5, 1010, { objects: 5000, bytes: 20_000_000 })];
    const story = explainForecast(samples, context);
    expect(story?.moves).toEqual([{ kind: "pace", byMs: 10_000, rates: [10, 10], sizes: [10_000, 16_000] }]);
  });

  it("adds up to what the forecast moved, whatever happened", () => {
    const step = fc.record({
      gap: fc.constantFrom(5, 5, 5, 5, 7, 90, 600),
      finish: fc.option(fc.integer({ min: 0, max: 100_000 }), { nil: null, freq: 5 }),
      rate: fc.double({ min: 0, max: 100, noNaN: true }),
      throttle: fc.constantFrom(0, 0, 0, 500, 4000),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let seconds = 0;
        let throttledMs = 0;
        const samples = steps.map(({ gap, finish, rate, throttle }) => {
          seconds += gap;
          throttledMs += throttle;
          return sample(seconds, finish, { objectsPerSecond: rate, throttledMs });
        });
        const story = explainForecast(samples, context);
        if (story === undefined) return;
        const sum = story.moves.reduce((all, { byMs }) => all + byMs, 0);
        expect(sum).toBeCloseTo(story.byMs, 3);
        for (const move of story.moves) if (move.kind !== "pace") expect(move.byMs).toBeGreaterThan(0);
        expect(story.sinceMs).toBeGreaterThanOrEqual(START_MS + (seconds - 3600) * 1000);
      }),
    );
  });
});

describe("rangesHeld", () => {
  it("counts the ranges that the end fell into, bounds included", () => {
    const points = [
      { atMs: 0, earliestMs: 10, latestMs: 20 },
      { atMs: 1, earliestMs: 15, latestMs: 30 },
      { atMs: 2, earliestMs: 21, latestMs: 30 },
    ];
    expect(rangesHeld(points, 20)).toBe(2);
  });
});
