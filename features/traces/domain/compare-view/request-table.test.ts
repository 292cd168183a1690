import { describe, expect, it } from "vitest";
import type { ComparedSide } from "../paths/compare-schema";
import { toRequestRows } from "./request-table";

/** Requests whose last span ends after 6.5 ms in the mean, and which were answered after `answeredUs`. */
const side = (answeredUs: number): ComparedSide => ({
  seenCount: 30,
  readCount: 30,
  skippedCount: 0,
  sinceUs: 0,
  untilUs: 1,
  ticksUs: Array.from({ length: 30 }, (_, at) => 6_000 + at),
  quantiles: { p5Us: 6_000, p50Us: 6_400, p75Us: 6_600, p90Us: 6_700, p95Us: 6_800, p99Us: 6_900, meanUs: 6_500 },
  perRequest: { durationUs: answeredUs, queries: 2, spans: 10, errorShare: 0, perMinute: 3 },
  systems: [],
  exemplars: [],
});

describe("toRequestRows", () => {
  it("says that the mean is of the answer, where the quantiles beside it are of all that was caused", () => {
    const labels = (after: ComparedSide) => toRequestRows({ before: side(6_500), after }).map(({ label }) => label);
    expect(labels(side(3_000))).toContain("Mean until answered");
    expect(labels(side(6_500))).toContain("Mean");
  });
});
