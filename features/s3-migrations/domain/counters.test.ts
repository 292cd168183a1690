import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { brokenLaws, type Counted, count, emptyCounters, move } from "./counters";
import { OBJECT_STATES, VERIFY_TIERS } from "./states";

const counted: fc.Arbitrary<Counted> = fc.record({
  state: fc.constantFrom(...OBJECT_STATES),
  tier: fc.constantFrom(...VERIFY_TIERS),
  sizeBytes: fc.nat(1_000_000),
});

/** What a person would count: from the objects, without any memory. */
function recount(objects: Counted[]) {
  const counters = emptyCounters();
  for (const object of objects) count(counters, object, 1);
  return counters;
}

describe("move", () => {
  it("keeps the conservation law and equals a recount after any sequence of moves", () => {
    const moves = fc.array(fc.tuple(fc.nat(19), counted), { maxLength: 200 });
    fc.assert(
      fc.property(fc.array(counted, { minLength: 1, maxLength: 20 }), moves, (start, steps) => {
        const objects = [...start];
        const counters = recount(objects);
        for (const [position, to] of steps) {
          const at = position % objects.length;
          const from = objects[at];
          if (from === undefined) continue;
          move(counters, from, to);
          objects[at] = to;
          expect(brokenLaws(counters)).toEqual([]);
        }
        expect(counters).toEqual(recount(objects));
        expect(counters.objects).toBe(start.length);
      }),
    );
  });

  it("makes a delta that can be added later: moves commute with the sums they change", () => {
    fc.assert(
      fc.property(counted, counted, (from, to) => {
        const delta = emptyCounters();
        move(delta, from, to);
        expect(delta.objects).toBe(0);
        expect(brokenLaws(delta)).toEqual([]);
      }),
    );
  });
});

describe("brokenLaws", () => {
  it("names a state that lost an object", () => {
    const counters = recount([{ state: "pending", tier: "none", sizeBytes: 1 }]);
    counters.states.pending = 0;
    expect(brokenLaws(counters)).toEqual(["0 objects in states, 1 in all"]);
  });
});
