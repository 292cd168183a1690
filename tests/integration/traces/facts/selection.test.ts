import { beforeAll, describe, expect, it } from "vitest";
import { bubbleUpBodySchema } from "@/features/traces/contract";
import type { FactTable } from "@/features/traces/server/facts/fact-table";
import { searchInSlices } from "@/features/traces/server/facts/search-in-slices";
import { seeSelection } from "@/features/traces/server/facts/see-selection";
import type { JaegerSource } from "@/features/traces/server/jaeger/jaeger-source";
import { bubbleUpTraces } from "@/features/traces/server/paths/bubble-up-traces";
import { SampleReader } from "@/features/traces/server/paths/sample-reader";
import { factTableStage } from "@/tests/support/fact-table-stage";
import { seededRandom } from "@/tests/support/seeded-random";
import { type SentTrace, sentTraceId } from "@/tests/support/send-facts-load";

const START_MS = Date.parse("2026-11-20T10:00:00Z");
const HOUR_MS = 3_600_000;
const COUNT = 2400;
const window = { start: START_MS, end: START_MS + HOUR_MS };

let source: JaegerSource;
let table: FactTable;
const { makeTable, send } = factTableStage();

beforeAll(async () => {
  table = makeTable({ tellsLateSpans: true });
  source = table.source;
  const { pick } = seededRandom(7);
  const traces = Array.from(
    { length: COUNT },
    (_, at): SentTrace => ({
      service: "web",
      operation: "GET /",
      startUs: (START_MS + (at * HOUR_MS) / COUNT) * 1000,
      durationUs: 10_000 + at,
      attributes: {
        kind: "load",
        tier: at % 4 === 0 ? "gold" : "free",
        region: pick(["eu", "us", "ap"]),
        flag: pick(["on", "off"]),
      },
    }),
  );
  await send("selection", traces);
});
const bubble = (input: { search?: object; selection: object; seed?: number }) =>
  bubbleUpTraces(
    { source, reader: new SampleReader(source), seeSelection: (body, options) => seeSelection(table, body, options) },
    bubbleUpBodySchema.parse({ ...input, search: { ...window, ...input.search } }),
    { nowMs: Date.now() },
  );

describe("what sets a selection apart", () => {
  it("is asked of all traces with an attribute, beyond the page a source gives at once", async () => {
    const gold = Array.from({ length: COUNT / 4 }, (_, at) => sentTraceId("selection", at * 4));
    const reply = await bubble({
      search: { attributes: { kind: "load" } },
      selection: { traceIds: gold.slice(0, 500) },
    });
    expect(reply).toMatchObject({
      isWholeSearch: true,
      selected: { seenCount: 500, readCount: 100 },
      baseline: { seenCount: COUNT - 500, readCount: 100 },
    });
    expect(reply.standouts[0]).toMatchObject({ key: "tier", value: "gold", selected: { hits: 100, of: 100 } });
  });

  it("counts the oldest of a window like the newest", async () => {
    const reply = await bubble({ selection: { start: START_MS, end: START_MS + HOUR_MS / 60 - 1 } });
    expect(reply).toMatchObject({ isWholeSearch: true, selected: { seenCount: COUNT / 60 } });
    expect(reply.baseline.seenCount).toBe(COUNT - COUNT / 60);
  });

  it("is nothing where the selection is chance", async () => {
    // The share of false alarms is measured over hundreds of seeds in bubble-up.test.ts; here the traces really are read.
    for (const seed of [1, 2, 3, 4]) {
      const random = seededRandom(seed + 50);
      const traceIds = Array.from({ length: COUNT }, (_, at) => sentTraceId("selection", at)).filter(
        () => random.next() < 0.1,
      );
      const { standouts, selected } = await bubble({ selection: { traceIds: traceIds.slice(0, 500) }, seed });
      expect(selected.readCount).toBe(100);
      expect(standouts, `seed ${seed}`).toEqual([]);
    }
  });
});

describe("searchInSlices", () => {
  const search = {
    service: undefined,
    operation: undefined,
    attributes: { kind: "load" },
    minDurationUs: undefined,
    startUs: START_MS * 1000,
    endUs: (START_MS + HOUR_MS) * 1000,
  };

  it("finds each trace once and says that these are all, or that there are more than it may take", async () => {
    const all = await searchInSlices({ source, search, now: Date.now, limits: { pageDepth: 200 } });
    expect(all.isWhole).toBe(true);
    expect(new Set(all.summaries.map(({ traceId }) => traceId)).size).toBe(COUNT);
    expect(all.summaries.length).toBe(COUNT);
    const some = await searchInSlices({ source, search, now: Date.now, limits: { pageDepth: 200, mostTraces: 500 } });
    expect(some.isWhole).toBe(false);
    expect(some.summaries.length).toBeGreaterThanOrEqual(500);
    expect(some.summaries.length).toBeLessThan(COUNT);
  });
});
