import { describe, expect, it } from "vitest";
import type { TraceSummary } from "@/features/traces/contract";
import type { FoldedTrace } from "@/features/traces/domain/paths/fold-trace";
import type { SourceSearch } from "../trace-source";
import { DaysBefore } from "./days-before";
import type { DatedSample } from "./sample-store";

const DAY_US = 86_400_000_000;
const WINDOW = { key: "recent", startUs: 10 * DAY_US, endUs: 11 * DAY_US };
const OF = { rootService: "desk", rootOperation: "GET /bookings", window: WINDOW };

const folded = (durationUs: number, path: number): FoldedTrace =>
  ({ durationUs, paths: [{ path }] }) as unknown as FoldedTrace;
const sampleOf = (name: string, durationUs: number): DatedSample => ({
  nodes: [{ service: "desk", name, detail: "", parent: -1 }],
  traces: Array.from({ length: 30 }, (_, at) => folded(durationUs + at, 0)),
  seenCount: 30,
  sampledAtMs: 0,
  sizeBytes: 1,
});

/** A source whose requests of the day before took so long, and how often it was asked. */
function world(beforeUs: number[]) {
  const state = { nowMs: 0, searches: [] as SourceSearch[], samples: 0 };
  const summaries = beforeUs.map(
    (durationUs, at) =>
      ({ traceId: String(at), rootService: "desk", rootOperation: "GET /bookings", durationUs }) as TraceSummary,
  );
  const days = new DaysBefore({
    source: {
      searchTraces: async (search) => {
        state.searches.push(search);
        return { summaries, isFull: false, notes: [], latencyMs: 1 };
      },
    },
    now: () => state.nowMs,
    take: async () => {
      state.samples += 1;
      return sampleOf("GET /before", 100_000);
    },
  });
  return { days, state };
}

describe("DaysBefore", () => {
  it("reads traces of the day before only where they took less, in the tree of the sample", async () => {
    const { days, state } = world(Array.from({ length: 30 }, () => 100_000));
    const before = await days.of("key", OF, sampleOf("GET /now", 900_000));
    expect(state.searches[0]).toMatchObject({ startUs: 9 * DAY_US, endUs: 10 * DAY_US, operation: "GET /bookings" });
    expect(before).toMatchObject({ p50Us: 100_014, count: 30 });
    expect(before.quicker?.nodes.map(({ name }) => name)).toEqual(["GET /now", "GET /before"]);
    expect(before.quicker?.traces[0]?.paths[0]?.path).toBe(1);
    const alike = world(Array.from({ length: 30 }, () => 850_000));
    expect(await alike.days.of("key", OF, sampleOf("GET /now", 900_000))).toEqual({ p50Us: 850_000, count: 30 });
    expect(alike.state.samples).toBe(0);
  });

  it("asks once in ten minutes for the same sample, also where there was nothing", async () => {
    const { days, state } = world([]);
    const sample = sampleOf("GET /now", 900_000);
    for (let at = 0; at < 3; at += 1) expect((await days.of("key", OF, sample)).count).toBe(0);
    expect(state.searches).toHaveLength(1);
    state.nowMs = 600_001;
    await days.of("key", OF, sample);
    expect(state.searches).toHaveLength(2);
  });
});
