import { describe, expect, it } from "vitest";
import { groupRequests, isRequest, type RequestSpan } from "./request-spans";

const [UNSPECIFIED, INTERNAL, SERVER, CLIENT, PRODUCER, CONSUMER] = [0, 1, 2, 3, 4, 5];
const inside = { isRoot: false, isOfOtherCaller: false };

describe("isRequest", () => {
  it("takes spans of servers and consumers wherever they are, and roots of any kind", () => {
    expect(isRequest({ ...inside, kind: SERVER })).toBe(true);
    expect(isRequest({ ...inside, kind: CONSUMER })).toBe(true);
    for (const kind of [UNSPECIFIED, INTERNAL, CLIENT, PRODUCER]) {
      expect(isRequest({ ...inside, kind })).toBe(false);
      expect(isRequest({ ...inside, kind, isRoot: true })).toBe(true);
    }
  });

  it("takes the first span in another service where nobody names kinds, but no call it makes", () => {
    expect(isRequest({ kind: UNSPECIFIED, isRoot: false, isOfOtherCaller: true })).toBe(true);
    expect(isRequest({ kind: CLIENT, isRoot: false, isOfOtherCaller: true })).toBe(false);
  });
});

describe("groupRequests", () => {
  const many = (count: number): RequestSpan[] =>
    Array.from({ length: count }, (_, at) => ({
      service: `s${at % 3}`,
      operation: `op ${at % 2}`,
      startUs: 1_700_000_000_000_000 + at * 1000,
      durationUs: (at * 7919) % 1_000_000,
      isFailed: at % 10 === 0,
      count: 1,
    }));

  it("leaves some requests as they are", () => {
    const few = many(1000);
    expect(groupRequests(few)).toBe(few);
  });

  it("keeps counts and failures of very many exact, and durations within one in a hundred", () => {
    const all = many(100_000);
    const groups = groupRequests(all);
    expect(groups.length).toBeLessThan(40_000);
    const sum = (rows: readonly RequestSpan[], of: (row: RequestSpan) => number) =>
      rows.reduce((total, row) => total + of(row) * row.count, 0);
    expect(sum(groups, () => 1)).toBe(100_000);
    expect(sum(groups, ({ isFailed }) => Number(isFailed))).toBe(10_000);
    expect(sum(groups, ({ service }) => Number(service === "s1"))).toBe(
      sum(all, ({ service }) => Number(service === "s1")),
    );
    const ratio = sum(groups, ({ durationUs }) => durationUs) / sum(all, ({ durationUs }) => durationUs);
    expect(Math.abs(ratio - 1)).toBeLessThan(0.01);
  });
});
