import { describe, expect, it } from "vitest";
import { s3Migration } from "@/tests/support/console-neighbours";
import { toChartLanes } from "./chart-lanes";
import type { Run } from "./neighbours";

const FROM = Date.parse("2026-11-23T12:00:00Z");
const window = { fromMs: FROM, toMs: FROM + 3_600_000 };
const at = (minute: number) => new Date(FROM + minute * 60_000).toISOString();

const run = (id: string, start: number, end: number | null): Run => ({
  id,
  title: "Deploy a release",
  status: end === null ? "active" : "finished",
  startedBy: "ada",
  startedAt: at(start),
  endedAt: end === null ? null : at(end),
  stepCount: 1,
  doneCount: 0,
  skippedCount: 0,
});
const lanes = (over: Partial<Parameters<typeof toChartLanes>[1]>) =>
  toChartLanes(window, { deploys: [], migrations: [], runs: [], nowMs: window.toMs, ...over });

describe("toChartLanes", () => {
  it("places what happened on the window, and leaves out what was before or after", () => {
    const deploy = (minute: number) => ({
      id: `${minute}`,
      service: "web",
      version: "v2",
      atMs: Date.parse(at(minute)),
    });
    const { deploys, runs } = lanes({
      deploys: [deploy(30), deploy(-5), deploy(61)],
      runs: [run("1", -20, -10), run("2", 15, 30), run("3", 70, null)],
    });
    expect(deploys).toEqual([expect.objectContaining({ at: 0.5, label: "web v2" })]);
    expect(runs).toEqual([[expect.objectContaining({ from: 0.25, to: 0.5, label: "#2 Deploy a release" })]]);
  });

  it("ends what lasts at now, not at the edge of a window in the future", () => {
    const { runs, migrations } = lanes({
      nowMs: FROM + 45 * 60_000,
      runs: [run("4", -30, null)],
      migrations: [s3Migration({ startedAt: at(15), finishedAt: null }), s3Migration({ startedAt: null })],
    });
    expect(runs[0]?.[0]).toMatchObject({ from: 0, to: 0.75, toMs: null });
    expect(migrations).toEqual([[expect.objectContaining({ from: 0.25, to: 0.75 })]]);
  });

  it("puts what overlaps, or would hide a name, into rows of its own, two at most, the newest kept", () => {
    const { runs } = lanes({ runs: [run("1", 0, 60), run("2", 10, 11), run("3", 15, 16), run("4", 40, 41)] });
    const ids = runs.map((row) => row.map(({ key }) => key));
    expect(ids).toEqual([["4", "3"], ["2"]]);
  });

  it("names a bar too narrow for its name beside it, to the left at the right edge", () => {
    const { runs } = lanes({ runs: [run("1", 5, 6), run("2", 58, 59), run("3", 20, 45)] });
    const names = runs.flat().map(({ key, nameAt }) => [key, nameAt]);
    expect(Object.fromEntries(names)).toEqual({ "1": "right", "2": "left", "3": "inside" });
  });

  it.each([1, 2, 3, 4, 5])("never lets two bars of a row overlap (seed %i)", (seed) => {
    const { runs } = lanes({
      runs: Array.from({ length: 30 }, (_, no) => {
        const start = (no * 37 * seed) % 60;
        return run(String(no), start, start + ((no * 13) % 20));
      }),
    });
    for (const row of runs) {
      const sorted = row.toSorted((a, b) => a.from - b.from);
      for (const [no, bar] of sorted.entries()) expect(sorted[no + 1]?.from ?? 1).toBeGreaterThanOrEqual(bar.to);
    }
  });
});
