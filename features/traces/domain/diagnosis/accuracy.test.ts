import { describe, expect, it } from "vitest";
import { Tally } from "@/tests/support/worlds/judge";
import { judgePurely } from "@/tests/support/worlds/judge-purely";
import { FINDING_KINDS } from "./finding";

// The same judge as `npm run bench -- accuracy`, smaller and without a store.
const SEEDS = [41, 42];
const SIZE = { worlds: 4, baselineTraces: 50, troubled: 10, healthy: 30, rounds: 1 };

describe("diagnose", () => {
  it("names trouble put into worlds it has never seen, and leaves their healthy requests alone", async () => {
    const tally = new Tally();
    for (const seed of SEEDS) await judgePurely({ seed, ...SIZE }, tally);
    const seen = [...tally.table(), ...tally.wrong, ...tally.alarms].join("\n");
    expect(tally.rightShare, seen).toBeGreaterThanOrEqual(0.95);
    expect(tally.kindsBelow(0.9), seen).toEqual([]);
    expect(tally.kinds.length).toBe(FINDING_KINDS.length);
    expect(tally.quietShare, seen).toBeGreaterThanOrEqual(0.98);
  }, 120_000);
});
