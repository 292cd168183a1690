import { describe, expect, it } from "vitest";
import { digestReply } from "@/tests/support/digest-reply";
import { durationChannel } from "./duration-channel";
import { toTraceDigest } from "./trace-digest";

const side = (count: number, p50Us: number) => ({ count, p50Us, p95Us: p50Us });
const slowdown = {
  sinceUs: 500_000,
  usual: side(60, 32_500),
  now: side(40, 1_110_000),
  addedUs: 9e6,
  parts: [side(5, 32_000), side(4, 1_200_000)],
};

describe("durationChannel", () => {
  it("draws the operation that the headline names, not the slowest of all", () => {
    const operations = [{ maxUs: 6_440_000 }, { operation: "GET /users/:id", slowdown }];
    const channel = durationChannel(toTraceDigest(digestReply({ operations })));
    expect(channel).toMatchObject({ valuesUs: [32_000, 1_200_000], topUs: 2_000_000 });
    expect(channel.slowFrom).toBe(1);
    expect(channel.slower).toMatchObject({ operation: "GET /users/:id", slowdown: { figure: "p50", usualUs: 32_500 } });
  });

  it("draws the slowest of each moment while nothing became slower", () => {
    const channel = durationChannel(toTraceDigest(digestReply({ operations: [{ maxUs: 6_440_000 }] })));
    expect(channel).toMatchObject({ slower: undefined, valuesUs: [6_440_000, null], topUs: 10_000_000 });
    expect(channel.slowFrom).toBe(Number.POSITIVE_INFINITY);
  });

  it.each([
    ["a hair after its edge, as rounding leaves it", 500_001, 1],
    ["a hair before its edge", 499_999, 1],
    ["within the first bucket, early", 100_000, 0],
  ])("colours from the bucket in which most was slow, since %s", (_when, sinceUs, from) => {
    const operations = [{ operation: "GET /users/:id", slowdown: { ...slowdown, sinceUs } }];
    expect(durationChannel(toTraceDigest(digestReply({ operations }))).slowFrom).toBe(from);
  });
});
