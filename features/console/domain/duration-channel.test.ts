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
    expect(channel.slower).toMatchObject({ operation: "GET /users/:id", slowdown: { figure: "p50", usualUs: 32_500 } });
  });

  it("draws the slowest of each moment while nothing became slower", () => {
    const channel = durationChannel(toTraceDigest(digestReply({ operations: [{ maxUs: 6_440_000 }] })));
    expect(channel).toEqual({ slower: undefined, valuesUs: [6_440_000, null], topUs: 10_000_000 });
  });
});
