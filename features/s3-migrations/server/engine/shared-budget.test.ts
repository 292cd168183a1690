import { describe, expect, it } from "vitest";
import type { ResultTally, Spent } from "../../domain/error-budget";
import { SharedBudget } from "./shared-budget";

/** Workers that share one memory, as they share one database. */
function setWorkers(count: number, stopAtShare: number) {
  const noted: ResultTally[] = [];
  const stops: Spent[] = [];
  const workers = Array.from(
    { length: count },
    () =>
      new SharedBudget({
        note: async (tally) => {
          noted.unshift(tally);
          return [...noted];
        },
        stopAtShare: () => stopAtShare,
        onSpent: async (spent) => void stops.push(spent),
      }),
  );
  return { noted, stops, workers };
}

describe("SharedBudget", () => {
  it("stops four workers at the share one would have been allowed, not at four times as much", async () => {
    const { stops, workers } = setWorkers(4, 0.1);
    let results = 0;
    for (; stops.length === 0 && results < 4000; results += 1) {
      await workers[results % 4]?.add(Math.floor(results / 4) % 5 === 0 ? "transient" : undefined);
    }
    expect(stops[0]?.message).toMatch(/^Stopped: \d+ of the last \d+ objects failed\.$/);
    expect(results).toBeLessThan(450);
  });

  it("tells of a few failures within a second, and asks nothing while nothing happens", async () => {
    const { noted, workers } = setWorkers(1, 0.1);
    const [budget] = workers;
    await budget?.add(undefined);
    await budget?.add("transient");
    expect(noted).toEqual([]);
    await budget?.tick(5000);
    expect(noted).toEqual([{ results: 2, failed: 1, run: 1, errorClass: "transient" }]);
    await budget?.tick(9000);
    expect(noted).toHaveLength(1);
  });
});
