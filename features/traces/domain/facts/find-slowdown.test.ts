import { describe, expect, it } from "vitest";
import { sampleHour } from "@/features/sample-data/domain/sample-hour";
import { seededRandom } from "@/tests/support/seeded-random";
import { BINS_PER_DECADE } from "./fact-buckets";
import { findSlowdown, type TimedBin } from "./find-slowdown";

const binOf = (durationUs: number) => Math.floor(Math.log10(durationUs) * BINS_PER_DECADE);

/** `perPart` traces in each part, with durations spread around what `usual` says. */
function traffic(parts: number, perPart: number, usual: (part: number) => number, seed = 1): TimedBin[] {
  const random = seededRandom(seed);
  return Array.from({ length: parts * perPart }, (_, at) => {
    const part = Math.floor(at / perPart);
    return { part, durationBin: binOf(usual(part) * 2 ** (4 * (random.next() - 0.5))), count: 1 };
  });
}

describe("findSlowdown", () => {
  it.each([1, 2, 3, 4, 5])("finds when requests began to take three times as long (seed %i)", (seed) => {
    const found = findSlowdown(traffic(48, 10, (part) => (part < 30 ? 1e5 : 3e5), seed));
    expect(found?.sincePart).toBeGreaterThanOrEqual(29);
    expect(found?.sincePart).toBeLessThanOrEqual(31);
  });

  it.each(Array.from({ length: 20 }, (_, at) => at + 10))("finds nothing in steady traffic (seed %i)", (seed) => {
    expect(findSlowdown(traffic(48, 10, () => 1e5, seed))).toBeUndefined();
  });

  it("says nothing of what became faster, or has recovered", () => {
    expect(findSlowdown(traffic(48, 10, (part) => (part < 30 ? 3e5 : 1e5)))).toBeUndefined();
    expect(findSlowdown(traffic(48, 10, (part) => (part > 10 && part < 40 ? 3e5 : 1e5)))).toBeUndefined();
  });

  it("lets one very slow request decide nothing", () => {
    expect(findSlowdown([...traffic(48, 10, () => 1e5), { part: 47, durationBin: 64, count: 1 }])).toBeUndefined();
  });

  it("does not judge by a handful", () => {
    expect(findSlowdown(traffic(10, 2, (part) => (part < 5 ? 1e5 : 1e6)))).toBeUndefined();
    expect(findSlowdown([])).toBeUndefined();
  });

  it("takes operations that always take the same for what they are", () => {
    const same = Array.from({ length: 40 }, (_, part) => ({ part, durationBin: 40, count: 5 }));
    expect(findSlowdown(same)).toBeUndefined();
    const later = same.map((bin) => (bin.part < 20 ? bin : { ...bin, durationBin: 42 }));
    expect(findSlowdown(later)).toEqual({ sincePart: 20 });
  });
});

// The sample has one operation that a deploy made slower; journeys begin at the sentence that names it.
describe("findSlowdown over the sample hour", () => {
  const endUnixUs = Date.parse("2026-11-20T12:00:00Z") * 1000;
  const parts = new Map<string, TimedBin[]>();
  for (const { trace, startUnixUs } of sampleHour({ seed: 7, endUnixUs, traceCount: 1200 })) {
    const [root] = trace.spans;
    const durationUs = Math.max(...trace.spans.map(({ endUs }) => endUs));
    const part = Math.floor(((startUnixUs - endUnixUs + 3.6e9) / 3.6e9) * 48);
    const name = root?.name ?? "";
    parts.set(name, [...(parts.get(name) ?? []), { part, durationBin: binOf(durationUs), count: 1 }]);
  }

  it("names the operation the deploy made slower, from about the deploy on, and no other", () => {
    const slower = [...parts].flatMap(([name, bins]) => {
      const found = findSlowdown(bins);
      return found === undefined ? [] : [{ name, at: found.sincePart / 48 }];
    });
    expect(slower).toEqual([{ name: "GET /users/:id", at: expect.closeTo(0.62, 1) }]);
  });
});
