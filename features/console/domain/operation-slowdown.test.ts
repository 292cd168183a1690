import { describe, expect, it } from "vitest";
import { deployOf, mostWaiting, slowerFirst, toOperationSlowdown } from "./operation-slowdown";

const side = (count: number, p50Us: number, p95Us: number) => ({ count, p50Us, p95Us });
const NOW_MS = Date.parse("2026-11-23T12:52:00Z");
const slowdown = (over = {}) => ({
  sinceUs: NOW_MS * 1000,
  usual: side(300, 100_000, 410_000),
  now: side(200, 240_000, 1_180_000),
  addedUs: 5e6,
  parts: [side(3, 100_000, 410_000), side(0, 0, 0), side(2, 240_000, 1_180_000)],
  ...over,
});

describe("toOperationSlowdown", () => {
  it("tells the 95th percentile where there are requests enough for one", () => {
    expect(toOperationSlowdown(slowdown())).toMatchObject({ figure: "p95", usualUs: 410_000, nowUs: 1_180_000 });
  });

  it("tells the median of a handful, and where only that grew", () => {
    expect(toOperationSlowdown(slowdown({ now: side(60, 240_000, 9e6) }))).toMatchObject({ figure: "p50", ratio: 2.4 });
    expect(toOperationSlowdown(slowdown({ now: side(200, 240_000, 420_000) }))).toMatchObject({ figure: "p50" });
  });

  it("tells the very figure it names over time, nothing where there was no request", () => {
    expect(toOperationSlowdown(slowdown())?.partsUs).toEqual([410_000, null, 1_180_000]);
    expect(toOperationSlowdown(slowdown({ now: side(60, 240_000, 9e6) }))?.partsUs).toEqual([100_000, null, 240_000]);
  });

  it("names nothing that grew by less than half", () => {
    expect(toOperationSlowdown(slowdown({ now: side(200, 140_000, 600_000) }))).toBeNull();
    expect(toOperationSlowdown(null)).toBeNull();
  });
});

describe("slowerFirst", () => {
  it("ranks by the waiting that was added, not by how many times as long it takes", () => {
    const [some, most] = [slowdown(), slowdown({ addedUs: 9e6 })].map(toOperationSlowdown);
    const list = [
      { name: "steady", slowdown: null },
      { name: "some", slowdown: some ?? null },
    ];
    expect(slowerFirst([...list, { name: "most", slowdown: most ?? null }]).map(({ name }) => name)).toEqual([
      "most",
      "some",
    ]);
  });
});

describe("mostWaiting", () => {
  const steady = (totalUs: number) => ({ totalUs, slowdown: null });

  it("goes by the very figure shown, whatever became slower", () => {
    const slower = { totalUs: 114.1e6, slowdown: toOperationSlowdown(slowdown()) };
    const shown = mostWaiting([slower, steady(120e6), steady(53.4e6)], 3);
    expect(shown.map(({ totalUs }) => totalUs)).toEqual([120e6, 114.1e6, 53.4e6]);
  });

  it("leaves out none that became slower, however little it is together", () => {
    const slower = { totalUs: 1e6, slowdown: toOperationSlowdown(slowdown()) };
    const shown = mostWaiting([steady(9e6), steady(8e6), slower], 2);
    expect(shown.map(({ totalUs }) => totalUs)).toEqual([9e6, 1e6]);
  });
});

describe("deployOf", () => {
  const found = toOperationSlowdown(slowdown());
  const deploy = (minutes: number, service = "web") => ({
    id: `${service} ${minutes}`,
    service,
    version: `v${minutes}`,
    atMs: NOW_MS + minutes * 60_000,
  });

  it("names the nearest deploy of the same service around the change", () => {
    const deploys = [deploy(-9), deploy(-1), deploy(30), deploy(0, "sidekiq")];
    expect(found && deployOf("web", found, deploys)?.version).toBe("v-1");
  });

  it("blames no deploy that came later, long before, or to another service", () => {
    expect(found && deployOf("web", found, [deploy(5), deploy(-30), deploy(0, "sidekiq")])).toBeUndefined();
  });
});
