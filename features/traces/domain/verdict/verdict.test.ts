import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FindingsReply } from "../diagnosis/finding";
import { markOperation } from "./finding-words";
import { computeLedger } from "./ledger";
import { findPressable, listPressables } from "./pressables";

type Parts = { times: number[]; ofFinding: (number | null)[]; saves: number[] };

function reply({ times, ofFinding, saves }: Parts): FindingsReply {
  const durationUs = times.reduce((a, b) => a + b, 0);
  return {
    verdict: {
      sentence: "",
      durationUs,
      unexplainedUs: 0,
      isConfident: true,
      clauses: times.map((timeUs, index) => ({
        kind: ofFinding[index] == null ? "own-work" : "finding",
        text: `part ${index}`,
        timeUs,
        service: "web",
        findingIndex: ofFinding[index] ?? null,
        rows: [index],
      })),
    },
    findings: saves.map((savesUs, index) => ({
      kind: "n-plus-one",
      severity: "warning",
      service: "web",
      operation: `SELECT ${index}`,
      spanIds: [],
      shareOfTrace: 0,
      savesUs,
      sentence: "",
    })),
    evidence: {
      version: "1",
      rows: saves.map((_, index) => [index]),
      spanCounts: [],
      savedDurationsUs: saves.map((us) => durationUs - us),
    },
  };
}

const sum = (segments: { timeUs: number }[]) => segments.reduce((total, { timeUs }) => total + timeUs, 0);

describe("computeLedger", () => {
  it("sums both bars to the microsecond, whatever is saved", () => {
    const parts = fc
      .record({
        times: fc.array(fc.integer({ min: 0, max: 5_000_000 }), { maxLength: 8 }),
        share: fc.double({ min: 0, max: 1, noNaN: true }),
        owner: fc.nat({ max: 9 }),
      })
      .map(({ times, share, owner }): Parts => {
        const total = times.reduce((a, b) => a + b, 0);
        return {
          times,
          saves: [Math.floor(total * share)],
          ofFinding: times.map((_, at) => (at === owner ? 0 : null)),
        };
      });
    fc.assert(
      fc.property(parts, (input) => {
        const given = reply(input);
        const { now, fixed, scaleUs } = computeLedger(given);
        expect(sum(now)).toBe(given.verdict.durationUs);
        expect(scaleUs).toBeGreaterThanOrEqual(given.verdict.durationUs);
        if (fixed === undefined) return;
        expect(sum(fixed.segments)).toBe(fixed.durationUs);
        expect(fixed.durationUs + fixed.savesUs).toBe(given.verdict.durationUs);
      }),
    );
  });

  it("takes what is saved from the finding's own part first", () => {
    const { fixed } = computeLedger(reply({ times: [1620, 380, 310], ofFinding: [0, null, null], saves: [1550] }));
    expect(fixed?.segments.map(({ timeUs }) => timeUs)).toEqual([70, 380, 310]);
  });

  it("has no second bar where nothing can be saved", () => {
    expect(computeLedger(reply({ times: [5], ofFinding: [null], saves: [0] })).fixed).toBeUndefined();
    expect(computeLedger(reply({ times: [], ofFinding: [], saves: [] }))).toMatchObject({ now: [], fixed: undefined });
  });
});

describe("listPressables", () => {
  it("names the second of a kind, and clauses of no finding by what they are", () => {
    const pressables = listPressables(reply({ times: [3, 2, 1], ofFinding: [1, null, null], saves: [9, 1] }));
    expect(pressables.map(({ key }) => key)).toEqual(["n-plus-one", "n-plus-one-2", "own-work", "own-work-2"]);
    expect(findPressable(pressables, "n-plus-one-2")).toMatchObject({ findingIndex: 1, clauseIndex: 0 });
    expect(findPressable(pressables, "n-plus-one")).toMatchObject({ findingIndex: 0, clauseIndex: undefined });
  });

  it("finds nothing for an address of another trace", () => {
    expect(
      findPressable(listPressables(reply({ times: [1], ofFinding: [null], saves: [] })), "retries"),
    ).toBeUndefined();
  });
});

describe("markOperation", () => {
  it("keeps the text whole, with the operation apart", () => {
    const phrases = markOperation("214 × SELECT projects under projects/_card", "SELECT projects");
    expect(phrases.map(({ text }) => text).join("")).toBe("214 × SELECT projects under projects/_card");
    expect(phrases.filter(({ isCode }) => isCode)).toEqual([{ text: "SELECT projects", isCode: true }]);
    expect(markOperation("nothing named", "")).toEqual([{ text: "nothing named", isCode: false }]);
  });
});
