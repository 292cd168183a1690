import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PRIORITIES } from "./limits";
import { sharesOf } from "./priority-shares";

describe("sharesOf", () => {
  it("leaves one that works alone all it may have", () => {
    expect(sharesOf([{ id: "a", priority: "low", concurrency: 64 }])).toEqual(new Map([["a", 64]]));
  });

  it("gives nine parts, three and one", () => {
    const shares = sharesOf(PRIORITIES.map((priority) => ({ id: priority, priority, concurrency: 130 })));
    expect(Object.fromEntries(shares)).toEqual({ high: 90, normal: 30, low: 10 });
  });

  it("starves none, exceeds no one's own limit, and lets a higher one never have less", () => {
    const contender = fc.record({
      priority: fc.constantFrom(...PRIORITIES),
      concurrency: fc.integer({ min: 1, max: 256 }),
    });
    fc.assert(
      fc.property(fc.array(contender, { minLength: 2, maxLength: 40 }), (list) => {
        const contenders = list.map((item, at) => ({ ...item, id: String(at) }));
        const shares = sharesOf(contenders);
        const most = Math.max(...contenders.map(({ concurrency }) => concurrency));
        expect([...shares.values()].reduce((sum, share) => sum + share, 0)).toBeLessThanOrEqual(
          most + contenders.length,
        );
        for (const a of contenders) {
          const mine = shares.get(a.id) ?? 0;
          expect(mine).toBeGreaterThanOrEqual(1);
          expect(mine).toBeLessThanOrEqual(a.concurrency);
          for (const b of contenders) {
            const isAbove = PRIORITIES.indexOf(a.priority) <= PRIORITIES.indexOf(b.priority);
            if (isAbove && a.concurrency >= b.concurrency) expect(mine).toBeGreaterThanOrEqual(shares.get(b.id) ?? 0);
          }
        }
      }),
    );
  });
});
