import { describe, expect, it } from "vitest";
import prices from "@/config/s3-prices.json";
import { costOf, durationOf, priceTableSchema } from "./plan-forecast";
import { optionsSchema } from "./plan-spec";

const options = optionsSchema.parse({});
const table = priceTableSchema.parse(prices);
const pace = {
  kind: "rehearsal" as const,
  objectsPerSecond: { quick: 200, slow: 100 },
  bytesPerSecond: { quick: 2e6, slow: 1e6 },
  verifiesPerSecond: { quick: 400, slow: 200 },
  sentence: "Measured.",
};

describe("durationOf", () => {
  it("is decided by requests for small objects and by bytes for large ones", () => {
    expect(durationOf({ objects: 1000, bytes: 1000 }, pace, options)).toMatchObject({
      copySeconds: { quick: 5, slow: 10 },
      verifySeconds: { quick: 2.5, slow: 5 },
    });
    expect(durationOf({ objects: 1, bytes: 1e9 }, pace, options)).toMatchObject({
      copySeconds: { quick: 500, slow: 1000 },
    });
  });

  it("keeps to the plan's own limit and says so", () => {
    const limited = durationOf({ objects: 1000, bytes: 0 }, pace, {
      ...options,
      limits: { objectsPerSecond: 10, windows: [] },
    });
    expect(limited).toMatchObject({ copySeconds: { quick: 100, slow: 100 } });
    expect(limited.sentence).toContain("limit of 10 objects/s decides");
  });

  it("takes nothing for nothing, and claims nothing when nothing was measured", () => {
    expect(durationOf({ objects: 0, bytes: 0 }, pace, options)).toMatchObject({ copySeconds: { quick: 0, slow: 0 } });
    expect(durationOf({ objects: 9, bytes: 9 }, undefined, options).kind).toBe("none");
  });

  it("never ends with the quick end behind the slow one", () => {
    for (const load of [
      { objects: 1e6, bytes: 1 },
      { objects: 1, bytes: 1e12 },
    ]) {
      const duration = durationOf(load, pace, { ...options, verify: "read_back" });
      if (duration.kind === "none") throw new Error("measured");
      expect(duration.copySeconds.quick).toBeLessThanOrEqual(duration.copySeconds.slow);
    }
  });
});

const shares = (...pairs: [number, number][]) => pairs.map(([objects, bytes]) => ({ objects, bytes }));
const factsOf = (histogram: { objects: number; bytes: number }[]) => {
  const toCopy = histogram.reduce((a, b) => ({ objects: a.objects + b.objects, bytes: a.bytes + b.bytes }));
  const none = { objects: 0, bytes: 0 };
  return { histogram, counts: { total: toCopy, toCopy, leftOut: [], missing: none, invalid: none } };
};

describe("costOf", () => {
  const amazon = { host: "s3.us-east-1.amazonaws.com", region: "us-east-1" };

  it("counts a PUT and a HEAD for each object, at the list price of its place and day", () => {
    const cost = costOf(factsOf(shares([1e6, 50e9])), options, { table, place: amazon, looksFirst: false });
    expect(cost.lines.map(({ requests, usd }) => [requests, usd])).toEqual([
      [1e6, 5],
      [1e6, 0.4],
    ]);
    expect(cost).toMatchObject({ onceUsd: 5.4, storageUsdPerMonth: 1.15, price: { asOf: table.asOf } });
    expect(cost.sentence).toContain(`List price of Amazon S3 Standard as of ${table.asOf}`);
  });

  it("counts parts for large objects, looks before writes and reads back when the plan does", () => {
    const cost = costOf(
      factsOf(shares([10, 100], [2, 20e9])),
      { ...options, verify: "read_back", partSizeBytes: 1e9 },
      { table, place: amazon, looksFirst: true },
    );
    expect(cost.lines.map(({ requests }) => requests)).toEqual([10, 24, 12, 12, 12]);
  });

  it("counts the reads of a sample by its share, and says what is known by it", () => {
    const sampled = { ...options, verify: "sample" as const, verifySample: { share: 0.1, seed: 1 } };
    const cost = costOf(factsOf(shares([1000, 50e6])), sampled, { table, place: amazon, looksFirst: false });
    expect(cost.lines.at(-1)).toMatchObject({ what: "GET, a sample read back", requests: 100 });
    expect(cost.proof).toContain("100 objects (10 %)");
    const duration = durationOf({ objects: 1000, bytes: 0 }, pace, sampled);
    // 100 as quickly as they were copied, 900 asked.
    expect(duration).toMatchObject({ verifySeconds: { quick: 0.5 + 2.25, slow: 1 + 4.5 } });
  });

  it("counts requests but names no sum where no price is known", () => {
    for (const place of [
      { host: "127.0.0.1:9000", region: "us-east-1" },
      { host: "s3.ap-south-1.amazonaws.com", region: "ap-south-1" },
      { host: "notamazonaws.com", region: "us-east-1" },
    ]) {
      const cost = costOf(factsOf(shares([5, 5])), options, { table, place, looksFirst: false });
      expect(cost).toMatchObject({ price: null, onceUsd: null, lines: [{ requests: 5, usd: null }, { requests: 5 }] });
    }
  });
});
