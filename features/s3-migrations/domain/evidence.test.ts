import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { balanceOf, evidenceParts, provenObjects } from "./evidence";
import { OBJECT_STATES, type ObjectState, PRESENT_STATES } from "./states";

const countsArbitrary = fc
  .tuple(...OBJECT_STATES.map(() => fc.nat(10_000)))
  .map((values) => Object.fromEntries(OBJECT_STATES.map((state, at) => [state, values[at] ?? 0])))
  .map((counts) => counts as Record<ObjectState, number>);

function factsOf(counts: Record<ObjectState, number>) {
  const present = PRESENT_STATES.reduce((sum, state) => sum + counts[state], 0);
  const objects = OBJECT_STATES.reduce((sum, state) => sum + counts[state], 0);
  return {
    counts,
    tiers: [{ tier: "stored" as const, objects: present, bytes: present }],
    bytes: { present, waiting: counts.pending, other: 0 },
    inventory: { sealedAt: null, objects, bytes: objects, chunks: 1 },
  };
}

describe("evidence", () => {
  it("puts every object of a conserving inventory into exactly one part", () => {
    fc.assert(
      fc.property(countsArbitrary, (counts) => {
        const facts = factsOf(counts);
        const balance = balanceOf(evidenceParts(facts), facts.inventory.objects);
        expect(balance.isBalanced).toBe(true);
        expect(balance.terms.every((term) => term > 0)).toBe(true);
      }),
    );
  });

  it("says when an object is lost from the books", () => {
    fc.assert(
      fc.property(countsArbitrary, (counts) => {
        const facts = factsOf(counts);
        expect(balanceOf(evidenceParts(facts), facts.inventory.objects + 1).isBalanced).toBe(false);
      }),
    );
  });

  it("never counts equal size as proof", () => {
    const facts = factsOf({ ...Object.fromEntries(OBJECT_STATES.map((state) => [state, 0])), copied: 9 } as never);
    const sized = { ...facts, tiers: [{ tier: "size" as const, objects: 9, bytes: 9 }] };
    expect(provenObjects(evidenceParts(sized))).toBe(0);
    expect(provenObjects(evidenceParts(facts))).toBe(9);
  });
});
