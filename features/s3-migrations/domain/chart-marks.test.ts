import { describe, expect, it } from "vitest";
import { chartMarks } from "./chart-marks";

const point = (seconds: number, throttled = 0) => ({
  atMs: seconds * 1000,
  rate: 1,
  bytes: 1,
  limit: 8,
  throttled,
  put: null,
});
const command = (seconds: number, verb: "pause" | "resume" = "pause") => ({
  ...{ verb, actor: "asha", reason: null, at: new Date(seconds * 1000).toISOString() },
});

describe("chartMarks", () => {
  it("letters commands and throttled stretches by time", () => {
    const points = [point(0), point(5), point(10, 300), point(15, 200), point(20), point(200, 100), point(300)];
    const marks = chartMarks(points, [command(100, "resume"), command(7)]);
    expect(marks.map(({ letter, kind, fromMs }) => [letter, kind, fromMs])).toEqual([
      ["A", "throttled", 5000],
      ["B", "command", 7000],
      ["C", "throttled", 20_000],
      ["D", "command", 100_000],
    ]);
    expect(marks[0]).toMatchObject({ toMs: 15_000, throttledMs: 500 });
  });

  it("leaves out what the line does not show, and all but the newest twelve", () => {
    expect(chartMarks([], [command(1)])).toEqual([]);
    const points = [point(0), point(1000)];
    expect(chartMarks(points, [command(2000)])).toEqual([]);
    const many = chartMarks(
      points,
      Array.from({ length: 20 }, (_, at) => command(at)),
    );
    expect(many).toHaveLength(12);
    expect(many[0]).toMatchObject({ letter: "A", fromMs: 8000 });
  });
});
