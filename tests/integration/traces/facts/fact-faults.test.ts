import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { factsQuerySchema, slowestQuerySchema, type TraceSummary } from "@/features/traces/contract";
import type { SearchPort } from "@/features/traces/server/facts/ask-source";
import { FactTable, type FactTableOptions } from "@/features/traces/server/facts/fact-table";
import { getFacts } from "@/features/traces/server/facts/get-facts";
import { rankSlowest } from "@/features/traces/server/facts/rank-slowest";
import {
  forgetOlderThan,
  forgetServices,
  sourceIdOf,
  storeSlice,
  takeLease,
} from "@/features/traces/server/facts/slice-repository";
import { JaegerSource } from "@/features/traces/server/jaeger/jaeger-source";
import { TraceLibrary } from "@/features/traces/server/trace-library";
import { AppError } from "@/lib/errors";
import { closeDatabase, pool } from "@/server/db/client";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";

const START_MS = Date.parse("2026-11-20T10:00:00Z");
const window = { start: START_MS, end: START_MS + 600_000 };
const stretch = { fromUs: window.start * 1000, toUs: window.end * 1000 };
const HOUR = Math.floor(START_MS / 3_600_000);

let database: TestDatabase;
const tables: FactTable[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
});
beforeEach(() => pool().query("delete from facts.source"));
afterEach(async () => {
  for (const table of tables.splice(0)) {
    await table.filler.stop();
    await table.source.close();
  }
});
afterAll(async () => {
  await closeDatabase();
  await database.drop();
});

const summaries: TraceSummary[] = Array.from({ length: 200 }, (_, at) => ({
  traceId: (at + 1).toString(16).padStart(32, "0"),
  rootService: "web",
  rootOperation: "GET /",
  startUs: stretch.fromUs + at * 3_000_000,
  durationUs: 1000 + at,
  spanCount: 1,
  errorSpanCount: 0,
  orphanSpanCount: 0,
  services: [{ name: "web\u0000\ud800", spanCount: 1, errorSpanCount: 0 }],
}));

/** A source that fails the questions `isDown` says, and counts them. */
function fakeSource(isDown: (count: number) => boolean = () => false) {
  const source = {
    asked: 0,
    listServices: async () => [],
    searchTraces: async ({ startUs, endUs, depth }: { startUs: number; endUs: number; depth: number }) => {
      source.asked += 1;
      if (isDown(source.asked)) throw new AppError("upstream_unreachable", "Jaeger cannot be reached.");
      const found = summaries.filter((one) => one.startUs >= startUs && one.startUs <= endUs).slice(0, depth);
      return { summaries: found, isFull: found.length >= depth, notes: [], latencyMs: 1 };
    },
  } satisfies SearchPort & { asked: number };
  return source;
}

function makeTable(port: SearchPort, options: Partial<FactTableOptions> = {}): FactTable {
  const source = new JaegerSource({ url: "http://127.0.0.1:9" });
  const table = new FactTable({
    source,
    library: new TraceLibrary(source),
    port,
    limits: { pageDepth: 20 },
    ...options,
  });
  tables.push(table);
  return table;
}

const facts = (table: FactTable) => getFacts(table, factsQuerySchema.parse(window));

describe("filling the fact table", () => {
  it("keeps what was read when the source fails midway, says so, and goes on when it is back", async () => {
    let isDown = false;
    const source = fakeSource((count) => {
      isDown ||= count === 6;
      return isDown;
    });
    const table = makeTable(source);
    await table.filler.fill(stretch, { waitMs: 5000 });
    const { coverage, totals } = await facts(table);
    expect(coverage).toMatchObject({ filling: "failing", trouble: "Jaeger cannot be reached." });
    expect(coverage.complete).toBeGreaterThan(0);
    expect(coverage.complete).toBeLessThan(1);
    expect(totals.count).toBeGreaterThan(0);
    isDown = false;
    await expect
      .poll(async () => (await facts(table)).coverage, { timeout: 15_000 })
      .toMatchObject({ complete: 1, filling: "done", trouble: null });
    expect((await facts(table)).totals.count).toBe(summaries.length);
  });

  // The page once said of a source that was down from the start that there are no traces in this window.
  it("fails like the source, and does not say that there is nothing, where nothing could be read", async () => {
    const table = makeTable(fakeSource(() => true));
    await expect(facts(table)).rejects.toMatchObject({
      code: "upstream_unreachable",
      message: expect.stringContaining("Jaeger cannot be reached."),
    });
  });

  it("has rows to show long before everything is read, and says that it reads on", async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const source = fakeSource();
    const table = makeTable({
      ...source,
      searchTraces: async (search) => {
        if (source.asked > 0) await held;
        return source.searchTraces(search);
      },
    });
    const first = await facts(table);
    expect(first.coverage).toMatchObject({ filling: "running", complete: 0 });
    expect(first.totals.count).toBeGreaterThan(10);
    expect(first.totals.count).toBeLessThan(summaries.length);
    release();
    await expect.poll(async () => (await facts(table)).coverage.complete, { timeout: 10_000 }).toBe(1);
    expect((await facts(table)).totals.count).toBe(summaries.length);
  });

  it("waits for the lease of a process that was killed, then reads on", async () => {
    const table = makeTable(fakeSource());
    const sourceId = await table.sourceId();
    const dead = await takeLease(sourceId, HOUR, "killed");
    expect((await facts(table)).coverage).toMatchObject({ filling: "waiting", complete: 0 });
    await pool().query("update facts.lease set until = now() where fence = $1", [dead?.fence]);
    await expect.poll(async () => (await facts(table)).totals.count, { timeout: 10_000 }).toBe(summaries.length);
  });

  it("keeps nothing of a process that lost its lease meanwhile", async () => {
    const sourceId = await sourceIdOf("somewhere");
    const late = await takeLease(sourceId, HOUR, "slow");
    if (late === undefined) throw new Error("no lease");
    await pool().query("update facts.lease set until = now() - interval '1 second'");
    const next = await takeLease(sourceId, HOUR, "other");
    expect(next?.fence).toBe(late.fence + 1);
    const slice = { ...stretch, summaries, isSettled: true, isTruncated: false, readAtMs: Date.now(), seen: undefined };
    expect(await storeSlice(late, slice)).toBe(false);
    const { rows } = await pool().query("select count(*) as n from facts.trace where source_id = $1", [sourceId]);
    expect(rows[0].n).toBe(0);
  });

  it("cuts one long stretch from many sides at once without a clash or an overlap", async () => {
    const sourceId = await sourceIdOf("somewhere");
    const hourUs = 3_600_000_000;
    const store = async (hour: number, fromUs: number, toUs: number) => {
      const lease = await takeLease(sourceId, hour, `reader of ${hour}`);
      if (lease === undefined) throw new Error("no lease");
      const read = { summaries: [], isSettled: true, isTruncated: false, readAtMs: Date.now(), seen: undefined };
      return storeSlice(lease, { fromUs, toUs, ...read });
    };
    for (let round = 0; round < 5; round += 1) {
      await store(-1, 0, 8 * hourUs);
      const hours = [0, 1, 2, 3, 4, 5, 6, 7];
      const parts = hours.map((hour) => store(hour, hour * hourUs, (hour + 1) * hourUs));
      expect(await Promise.all(parts)).toEqual(hours.map(() => true));
      const { rows } = await pool().query("select from_us, to_us from facts.slice where source_id = $1 order by 1", [
        sourceId,
      ]);
      expect(rows).toEqual(hours.map((hour) => ({ from_us: hour * hourUs, to_us: (hour + 1) * hourUs })));
    }
  });

  it("stops asking soon after nobody wants the window any more", async () => {
    let nowMs = START_MS + 3_600_000;
    const source = fakeSource();
    const table = makeTable(
      {
        ...source,
        searchTraces: async (search) => {
          nowMs += 6000;
          return source.searchTraces(search);
        },
      },
      { now: () => nowMs, limits: { pageDepth: 4 } },
    );
    table.filler.demand(stretch);
    await expect.poll(() => table.filler.state(stretch, true).filling, { timeout: 5000 }).toBe("waiting");
    expect(source.asked).toBeLessThan(6);
  });

  it("serves the window asked for last first", async () => {
    const order: number[] = [];
    const source = fakeSource();
    const table = makeTable({
      ...source,
      searchTraces: (search) => {
        order.push(search.endUs);
        return source.searchTraces(search);
      },
    });
    const older = { fromUs: stretch.fromUs - 7_200_000_000, toUs: stretch.fromUs - 3_600_000_000 };
    table.filler.demand(older);
    await table.filler.fill(stretch, { waitMs: 10_000 });
    expect(order.filter((endUs) => endUs <= older.toUs).length).toBeLessThan(2);
    await table.filler.fill(older, { waitMs: 10_000 });
    expect(table.filler.state(older, false).filling).toBe("done");
  });

  it("reads years in a few questions where they are empty", async () => {
    const source = fakeSource();
    const table = makeTable(source);
    const years = { fromUs: 0, toUs: stretch.toUs + 86_400_000_000 };
    await table.filler.fill(years, { waitMs: 20_000 });
    expect(await table.coverageOf(years)).toMatchObject({
      complete: 1,
      gapCount: 0,
      truncatedCount: 0,
      filling: "done",
    });
    const { rows } = await pool().query("select count(*) as n from facts.trace");
    expect(rows[0].n).toBe(summaries.length);
    expect(source.asked).toBeLessThan(120);
  });

  it("forgets what was read too long ago, with its traces", async () => {
    const table = makeTable(fakeSource());
    await table.filler.fill(stretch, { waitMs: 10_000 });
    await pool().query("update facts.slice set read_at = now() - interval '80 hours'");
    expect(await forgetOlderThan(72)).toBeGreaterThan(0);
    const { rows } = await pool().query("select count(*) as n from facts.trace");
    expect(rows[0].n).toBe(0);
  });

  it("forgets traces of the named services and keeps the rest on screen while it looks again where they were", async () => {
    const source = fakeSource();
    const table = makeTable(source);
    await table.filler.fill(stretch, { waitMs: 10_000 });
    await pool().query("update facts.trace set service_names = '{shop,sample}' where start_us < $1", [
      stretch.fromUs + 30_000_000,
    ]);
    await forgetServices(["sample"]);
    expect((await table.coverageOf(stretch)).complete).toBe(1);
    const { rows } = await pool().query("select count(*) as n from facts.trace");
    expect(rows[0].n).toBe(summaries.length - 10);
    const askedBefore = source.asked;
    await table.filler.fill(stretch, { waitMs: 10_000 });
    expect((await facts(table)).totals.count).toBe(summaries.length);
    // Far fewer questions than the whole needs: only the stretch they were in.
    expect(source.asked - askedBefore).toBeLessThan(askedBefore / 2);
  });

  it("takes the hour from who is reading what is forgotten", async () => {
    const sourceId = await sourceIdOf("forgotten");
    const lease = await takeLease(sourceId, HOUR, "reader");
    if (lease === undefined) throw new Error("nobody else reads this hour");
    await forgetServices(["web"]);
    const slice = { ...stretch, summaries, isSettled: true, isTruncated: false, readAtMs: Date.now(), seen: undefined };
    expect(await storeSlice(lease, slice)).toBe(false);
  });

  it("gives up waiting when the reader leaves", async () => {
    const table = makeTable({
      listServices: async () => [],
      searchTraces: (_, signal) =>
        new Promise((_resolve, reject) =>
          signal?.addEventListener("abort", () => reject(signal.reason), { once: true }),
        ),
    });
    const abort = new AbortController();
    const waiting = table.filler.fill(stretch, { waitMs: 60_000, signal: abort.signal });
    abort.abort(new Error("left"));
    await expect(waiting).rejects.toThrow("left");
  });
});

describe("ranking", () => {
  it("by errors calls what it has a lower bound when the source fails midway", async () => {
    const table = makeTable(fakeSource((count) => count > 5));
    const events = [];
    const query = slowestQuerySchema.parse({ ...window, by: "errors", limit: 5 });
    for await (const event of rankSlowest(table, query)) events.push(event);
    const result = events.at(-1)?.data;
    expect(result).toMatchObject({ isProven: false, proof: "none", reason: { code: "source_failed" } });
    expect(result && "traces" in result && result.traces).toHaveLength(5);
    expect(result && "text" in result && result.text).toContain("a lower bound");
  });
});
