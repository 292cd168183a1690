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
    expect(deploys).toEqual([
      expect.objectContaining({ label: "web v2", marks: [expect.objectContaining({ at: 0.5, label: "web v2" })] }),
    ]);
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

  const deploy = (minute: number, service: string, version: string) => ({
    id: `${service} ${version} ${minute}`,
    service,
    version,
    atMs: FROM + minute * 60_000,
  });

  // The sample's own hour: three labels were drawn on top of each other.
  it("names deploys together that are nearer than their names", () => {
    const { deploys } = lanes({
      deploys: [
        deploy(25, "circuitverse-web", "v3.14.2"),
        deploy(25.4, "circuitverse-sidekiq", "v3.14.2"),
        deploy(25.9, "yosys-api", "v3.14.2"),
        deploy(5, "yosys-api", "v3.14.1"),
      ],
    });
    expect(deploys.map(({ label, marks }) => [label, marks.length])).toEqual([
      ["yosys-api v3.14.1", 1],
      ["3 services v3.14.2", 3],
    ]);
  });

  it("counts deploys of several versions, and names the service where it is one", () => {
    const two = lanes({ deploys: [deploy(30, "web", "v2"), deploy(31, "web", "v3")] });
    expect(two.deploys.map(({ label }) => label)).toEqual(["web, 2 deploys"]);
    const mixed = lanes({ deploys: [deploy(30, "web", "v2"), deploy(31, "api", "v3")] });
    expect(mixed.deploys.map(({ label }) => label)).toEqual(["2 deploys"]);
  });

  it.each([1, 2, 3, 4, 5, 6, 7])(
    "never lets the names of two deploys overlap, or leave the chart (seed %i)",
    (seed) => {
      const { deploys } = lanes({
        deploys: Array.from({ length: 3 * seed }, (_, no) =>
          deploy((no * no * 17 * seed) % 60, ["circuitverse-web", "api"][no % 2] ?? "", `v${no % 3}`),
        ),
      });
      expect(deploys.flatMap(({ marks }) => marks)).toHaveLength(3 * seed);
      for (const [no, { from, to }] of deploys.entries()) {
        expect(from).toBeGreaterThanOrEqual(0);
        expect(to).toBeLessThanOrEqual(1);
        expect(deploys[no + 1]?.from ?? 1).toBeGreaterThanOrEqual(to);
      }
    },
  );

  // Ten minutes after the sample was loaded its name ran out of the card: it begins where the bar ends.
  it("keeps every name inside the chart, wherever its bar ends", () => {
    for (let start = -10; start < 60; start += 1) {
      for (let length = 0; start + length <= 60; length += 3) {
        const {
          from,
          to,
          nameAt,
          start: left,
          end: right,
        } = lanes({ runs: [run("1", start, start + length)] }).runs[0]?.[0] ?? {
          from: 0,
          to: 0,
          nameAt: "inside",
          start: 0,
          end: 0,
        };
        const where = `${start} to ${start + length}`;
        expect(left, where).toBeGreaterThanOrEqual(0);
        expect(right, where).toBeLessThanOrEqual(1);
        expect(left, where).toBeLessThanOrEqual(from);
        expect(right, where).toBeGreaterThanOrEqual(to);
        if (nameAt !== "inside") expect(right - left - (to - from), where).toBeGreaterThan(0.1);
      }
    }
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
