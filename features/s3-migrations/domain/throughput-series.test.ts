import { describe, expect, it } from "vitest";
import { toThroughputSeries } from "./throughput-series";

const START = Date.parse("2026-11-23T15:13:00Z");

/** One sample per given second. */
const samplesAt = (seconds: readonly number[], state = "running") =>
  seconds.map((second) => ({
    at: new Date(START + second * 1000).toISOString(),
    state,
    objectsPerSecond: 15,
    bytesPerSecond: 1e6,
    concurrency: 32,
    throttledMs: second * 10,
    putMs: null,
  }));

const ratesOf = (samples: Parameters<typeof toThroughputSeries>[0]) =>
  toThroughputSeries(samples).points.map(({ rate }) => rate);

describe("toThroughputSeries", () => {
  // An outage of a minute was once drawn as a slope from the last rate before it to the first after it.
  it("breaks the line where nobody looked, and names that stretch", () => {
    const { points, unseen } = toThroughputSeries(samplesAt([0, 5, 10, 15, 77, 82]));
    expect(points.map(({ rate }) => rate)).toEqual([15, 15, 15, 15, null, 15, 15]);
    expect(unseen).toEqual([{ fromMs: START + 15_000, toMs: START + 77_000 }]);
  });

  it("takes a late sample for late, not for an outage", () => {
    expect(toThroughputSeries(samplesAt([0, 5, 10, 22, 27])).unseen).toEqual([]);
  });

  it("keeps the line of a long history, whose samples are thinned evenly", () => {
    expect(toThroughputSeries(samplesAt([0, 60, 120, 180, 240])).unseen).toEqual([]);
  });

  it("shows a pause as a gap that was seen", () => {
    const paused = [...samplesAt([0, 5]), ...samplesAt([10, 300], "paused"), ...samplesAt([305])];
    expect(ratesOf(paused)).toEqual([15, 15, null, null, 15]);
    expect(toThroughputSeries(paused).unseen).toEqual([]);
  });

  it("counts throttling from sample to sample", () => {
    expect(toThroughputSeries(samplesAt([0, 5])).points.map(({ throttled }) => throttled)).toEqual([0, 50]);
  });

  it.each([[[]], [[0]]])("has nothing to say about %j samples", (seconds) => {
    expect(toThroughputSeries(samplesAt(seconds)).points).toHaveLength(seconds.length);
  });
});
