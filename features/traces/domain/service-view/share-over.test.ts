import { describe, expect, it } from "vitest";
import type { RedReply } from "../facts/red-schema";
import { commonCauseOf } from "./common-cause";
import { shareOver } from "./share-over";

const bins = (counts: number[]) =>
  counts.map((count, at) => ({ fromUs: 100_000 * 2 ** at, toUs: 100_000 * 2 ** (at + 1), count, errorCount: 0 }));
const totals = (p95Us: number) => ({
  count: 100,
  errorCount: 0,
  perSecond: 1,
  errorShare: 0,
  quantiles: { p50Us: 1, p75Us: 1, p90Us: 1, p95Us, p99Us: p95Us },
});

describe("shareOver", () => {
  it("counts the requests over a round time above the usual p95, now and before", () => {
    const against = {
      before: { totals: totals(790_000) },
      histogramNow: bins([50, 20, 10, 20]),
      histogramBefore: bins([80, 16, 2, 2]),
    } as unknown as NonNullable<RedReply["against"]>;
    const over = shareOver({ against, histogram: [], totals: totals(1) });
    expect(over).toEqual({ overUs: 800_000, now: 0.2, before: 0.02 });
  });

  it("counts a bin in part, and says nothing of before where nothing is compared", () => {
    const over = shareOver({ against: null, histogram: bins([0, 0, 10, 0]), totals: totals(550_000) });
    expect(over?.overUs).toBe(600_000);
    expect(over?.now).toBeCloseTo(Math.log(8 / 6) / Math.log(2), 5);
    expect(over?.before).toBeNull();
  });

  it("says nothing without requests or durations", () => {
    expect(shareOver({ against: null, histogram: [], totals: totals(500_000) })).toBeUndefined();
    expect(
      shareOver({ against: null, histogram: bins([1]), totals: { ...totals(1), quantiles: null } }),
    ).toBeUndefined();
  });
});

describe("commonCauseOf", () => {
  const cause = (label: string, operation: string) => ({ label, operation, service: "web", share: 0.5 });

  it("tells the cause of most, and of how many", () => {
    const causes = [cause("N+1", "SELECT a"), null, cause("Queued", "job"), cause("N+1", "SELECT a")];
    expect(commonCauseOf(causes)).toEqual({ label: "N+1", operation: "SELECT a", count: 2, of: 4 });
  });

  it("waits for all, and has none where no trace has one", () => {
    expect(commonCauseOf([cause("N+1", "SELECT a"), undefined])).toBeUndefined();
    expect(commonCauseOf([null, null])).toBeNull();
    expect(commonCauseOf([])).toBeNull();
  });
});
