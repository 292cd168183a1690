import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeCollectorPool, startCollector } from "@/features/collector/server";
import { redQuerySchema, redReplySchema, slowestQuerySchema, slowestResultSchema } from "@/features/traces/contract";
import type { Stretch } from "@/features/traces/domain/facts/time-slices";
import { FactTable } from "@/features/traces/server/facts/fact-table";
import { getRed } from "@/features/traces/server/facts/get-red";
import { rankSlowest } from "@/features/traces/server/facts/rank-slowest";
import { JaegerSource } from "@/features/traces/server/jaeger/jaeger-source";
import { TraceLibrary } from "@/features/traces/server/trace-library";
import type { SourceSearch } from "@/features/traces/server/trace-source";
import { closeDatabase, pool } from "@/server/db/client";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { type SentTrace, sendTraces } from "@/tests/support/send-facts-load";

const HOUR_MS = 3_600_000;
const START_MS = Date.parse("2026-11-20T10:00:00Z");
const window = { start: START_MS, end: START_MS + HOUR_MS };
const stretch: Stretch = { fromUs: window.start * 1000, toUs: window.end * 1000 };
const COUNT = 60;

let database: TestDatabase;
let collector: Awaited<ReturnType<typeof startCollector>>;
let source: JaegerSource;

/** Answers in 50 ms; a job goes on 20 s later, but for the last one, which calls a service whose clock is 45 s ahead. */
function orders(): SentTrace[] {
  return Array.from({ length: COUNT }, (_, at) => ({
    service: "shop",
    operation: "POST /order",
    startUs: (START_MS + 60_000 + at * 10_000) * 1000,
    durationUs: 50_000,
    call:
      at === COUNT - 1
        ? { service: "stock", name: "GET /stock", offsetUs: 1000, durationUs: 40_000, clockAheadUs: 45_000_000 }
        : { service: "mailer", name: "job", offsetUs: 20_000_000, durationUs: 3_000_000 },
  }));
}

beforeAll(async () => {
  database = await createTestDatabase();
  collector = await startCollector({ host: "127.0.0.1", otlpPort: 0, jaegerApiPort: 0 });
  await sendTraces(collector.otlpPort, "orders", orders());
  source = new JaegerSource({ url: `http://127.0.0.1:${collector.jaegerApiPort}` });
});

afterAll(async () => {
  await source.close();
  await collector.stop();
  await closeCollectorPool();
  await closeDatabase();
  await database.drop();
});

/** A table that has read the hour anew; `port` stands in for the source. */
async function readTable(port?: Pick<JaegerSource, "searchTraces" | "listServices">): Promise<FactTable> {
  await pool().query("truncate facts.slice, facts.trace");
  const table = new FactTable({ source, library: new TraceLibrary(source), ...(port === undefined ? {} : { port }) });
  await table.filler.fill(stretch, { waitMs: 30_000 });
  return table;
}

const red = async (table: FactTable) => redReplySchema.parse(await getRed(table, "shop", redQuerySchema.parse(window)));

describe("durations of a service", () => {
  it("are those of the answers, also where jobs run on for long or a clock is off, and the rest is told", async () => {
    const table = await readTable();
    const { totals, operations, histogram, notes } = await red(table);
    expect(totals).toMatchObject({ count: COUNT, quantiles: { p50Us: 50_000, p99Us: 50_000 } });
    expect(operations[0]?.totals.quantiles?.p99Us).toBe(50_000);
    expect(histogram.reduce((most, { toUs }) => Math.max(most, toUs), 0)).toBeLessThan(100_000);
    expect(notes.find(({ code }) => code === "work_after_answer")?.text).toContain(`${COUNT - 1} of ${COUNT} requests`);
    expect(notes.map(({ code }) => code)).not.toContain("durations_of_traces");
    await table.filler.stop();
  });

  it("say that they are lengths of traces where Jaeger tells no root spans", async () => {
    const foreign = await readTable({
      listServices: (signal) => source.listServices(signal),
      searchTraces: async (search: SourceSearch, signal) => {
        const answer = await source.searchTraces(search, signal);
        return { ...answer, summaries: answer.summaries.map(({ requestUs: _, ...summary }) => summary) };
      },
    });
    const { totals, notes } = await red(foreign);
    expect(notes.find(({ code }) => code === "durations_of_traces")?.text).toMatch(/requests the length of the whole/);
    expect(totals.quantiles?.p50Us).toBeGreaterThan(20_000_000);
    const events = [];
    const query = slowestQuerySchema.parse({ ...window, service: "shop" });
    for await (const event of rankSlowest(foreign, query)) events.push(event.data);
    expect(slowestResultSchema.parse(events.at(-1)).notes).toMatchObject([{ code: "lengths_only" }]);
    await foreign.filler.stop();
    await foreign.sampler.stop();
  });
});

describe("rates of a service", () => {
  it("do not fall by the silence before its first request", async () => {
    const table = await readTable();
    const query = { start: START_MS + 400_000, end: START_MS + 1_000_000, against: "previous" };
    await table.filler.fill({ fromUs: (START_MS - 200_000) * 1000, toUs: stretch.fromUs }, { waitMs: 30_000 });
    const { against } = await getRed(table, "shop", redQuerySchema.parse(query));
    expect(against?.before.totals.count).toBe(34);
    expect(against?.before.totals.perSecond).toBeCloseTo(0.1, 3);
    await table.filler.stop();
    await table.sampler.stop();
  });

  it("are not said to be none while the window is still being read", async () => {
    await pool().query("truncate facts.slice, facts.trace");
    const never: JaegerSource["searchTraces"] = (_, signal) =>
      new Promise((_resolve, reject) => signal?.addEventListener("abort", () => reject(signal.reason), { once: true }));
    const port = { searchTraces: never, listServices: async () => [] };
    const table = new FactTable({ source, library: new TraceLibrary(source), port });
    const reply = await red(table);
    expect(reply.basis).toBe("requests");
    expect(reply.notes).toMatchObject([{ code: "still_reading" }]);
    await table.filler.stop();
    await table.sampler.stop();
  });
});

describe("the slowest traces", () => {
  it("are not led by a clock that is off: such a trace has its own length, and a mark", async () => {
    const table = await readTable();
    const events = [];
    const query = slowestQuerySchema.parse({ ...window, service: "shop", limit: COUNT });
    for await (const event of rankSlowest(table, query)) events.push(event.data);
    const { traces } = slowestResultSchema.parse(events.at(-1));
    const last = traces.at(-1);
    expect(last).toMatchObject({ durationUs: 50_000, requestUs: 50_000 });
    expect(last?.clocksApartUs).toBeGreaterThan(44_000_000);
    expect(traces.filter(({ clocksApartUs }) => clocksApartUs !== undefined)).toHaveLength(1);
    expect(slowestResultSchema.parse(events.at(-1)).notes).toEqual([]);
    // Work after the answer is the trace's own; how long the answer took stands beside it.
    expect(traces[0]).toMatchObject({ requestUs: 50_000 });
    expect(traces[0]?.durationUs).toBeGreaterThan(20_000_000);
    await table.filler.stop();
  });
});
