import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { brokenLaws, emptyCounters } from "./counters";
import { foldReport, type KnownItem, type ReportItem } from "./fold-report";
import { REPORT_RANKS, REPORT_STATES } from "./reported";

const items = fc.array(
  fc.record({
    key: fc.constantFrom("a", "b", "c", "d"),
    state: fc.constantFrom(...REPORT_STATES),
    sizeBytes: fc.option(fc.nat(1000), { nil: undefined }),
  }),
  { maxLength: 20 },
);

/** What is known after a fold, by what it says of each key. */
function folded(known: ReadonlyMap<string, KnownItem>, batch: readonly ReportItem[], mayGoBack: boolean) {
  const fold = foldReport(known, batch, mayGoBack);
  const next = new Map(known);
  for (const [key, { state, sizeBytes }] of fold.ends) next.set(key, { state, sizeBytes });
  return { fold, next };
}

describe("foldReport", () => {
  it("moves the sums by exactly what became of the items", () => {
    fc.assert(
      fc.property(items, items, fc.boolean(), (first, second, mayGoBack) => {
        const { next: known } = folded(new Map(), first, true);
        const { fold, next } = folded(known, second, mayGoBack);
        const recount = foldReport(
          new Map(),
          [...next].map(([key, item]) => ({ key, ...item })),
          false,
        ).delta;
        const before = foldReport(
          new Map(),
          [...known].map(([key, item]) => ({ key, ...item })),
          false,
        ).delta;
        expect(fold.delta.objects).toBe(recount.objects - before.objects);
        expect(fold.delta.bytes).toBe(recount.bytes - before.bytes);
        for (const state of REPORT_STATES) {
          expect(fold.delta.states[state]).toBe(recount.states[state] - before.states[state]);
        }
        expect(brokenLaws(fold.delta)).toEqual([]);
        expect(fold.added.length).toBe(next.size - known.size);
      }),
    );
  });

  it("never takes an item back unless that is said", () => {
    fc.assert(
      fc.property(items, items, (first, second) => {
        const { next: known } = folded(new Map(), first, true);
        const { fold, next } = folded(known, second, false);
        for (const [key, { state }] of known) {
          expect(REPORT_RANKS[next.get(key)?.state ?? "pending"]).toBeGreaterThanOrEqual(REPORT_RANKS[state]);
        }
        for (const { from, to } of fold.regressions) expect(REPORT_RANKS[to]).toBeLessThan(REPORT_RANKS[from]);
      }),
    );
  });

  it("changes nothing when everything is said again", () => {
    const said: ReportItem[] = [{ key: "a", state: "copied", sizeBytes: 5 }];
    const { next } = folded(new Map(), said, false);
    expect(folded(next, said, false).fold.delta).toEqual(emptyCounters());
  });

  it("keeps the size that was told before when a later word has none", () => {
    const { next } = folded(new Map(), [{ key: "a", state: "pending", sizeBytes: 5 }], false);
    const { fold } = folded(next, [{ key: "a", state: "copied", sizeBytes: undefined }], false);
    expect(fold.ends.get("a")?.sizeBytes).toBe(5);
  });
});
