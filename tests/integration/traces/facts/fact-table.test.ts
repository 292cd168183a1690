import { beforeAll, describe, expect, it } from "vitest";
import {
  factsQuerySchema,
  factsReplySchema,
  slowestQuerySchema,
  slowestResultSchema,
} from "@/features/traces/contract";
import type { FactTable } from "@/features/traces/server/facts/fact-table";
import { getFacts } from "@/features/traces/server/facts/get-facts";
import { rankSlowest } from "@/features/traces/server/facts/rank-slowest";
import { pool } from "@/server/db/client";
import { factTableStage } from "@/tests/support/fact-table-stage";
import { type SentTrace, sentTraceId } from "@/tests/support/send-facts-load";

const START_MS = Date.parse("2026-11-20T10:00:00Z");
const HOUR_MS = 3_600_000;
const COUNT = 3000;

let sent: SentTrace[] = [];
const { forget, makeTable, send } = factTableStage();

beforeAll(async () => {
  sent = Array.from({ length: COUNT }, (_, at) => ({
    service: at % 3 === 0 ? "web" : "api",
    operation: `GET /${at % 5}`,
    startUs: (START_MS + (at * HOUR_MS) / COUNT) * 1000,
    // Durations repeat: ties must not disturb paging.
    durationUs: 1000 + ((at * 7919) % 1000) * 500,
    isFailed: at % 50 === 0,
    isBroken: at === 77,
    attributes: { "user.tier": at % 100 === 0 ? "gold" : "free" },
  }));
  (sent[77] as SentTrace).durationUs = 9_000_000;
  await send("load", sent);
});

const window = { start: START_MS, end: START_MS + HOUR_MS };

async function factsWhenRead(table: FactTable, input: Record<string, unknown> = {}) {
  const query = factsQuerySchema.parse({ ...window, ...input });
  await table.filler.fill(table.windowOf(query), { waitMs: 30_000 });
  return factsReplySchema.parse(await getFacts(table, query));
}

async function slowest(table: FactTable, input: Record<string, unknown> = {}) {
  const events = [];
  for await (const event of rankSlowest(table, slowestQuerySchema.parse({ ...window, ...input }))) events.push(event);
  return { events, result: slowestResultSchema.parse(events.at(-1)?.data) };
}

async function idsOfAllPages(table: FactTable, input: Record<string, unknown>): Promise<string[]> {
  const ids: string[] = [];
  for (let after: string | null = ""; after !== null; ) {
    const query = factsQuerySchema.parse({ ...window, ...input, ...(after === "" ? {} : { after }) });
    const reply: Awaited<ReturnType<typeof getFacts>> = await getFacts(table, query);
    ids.push(...reply.page.map(({ traceId }) => traceId));
    after = reply.next;
  }
  return ids;
}

describe("the fact table", () => {
  it("holds every trace of a window once it was read, and says so", async () => {
    const reply = await factsWhenRead(makeTable());
    expect(reply.coverage).toMatchObject({
      complete: 1,
      gapCount: 0,
      truncatedCount: 0,
      filling: "done",
      trouble: null,
    });
    expect(reply.totals.count).toBe(COUNT);
    expect(reply.totals.errorCount).toBe(COUNT / 50);
    expect(reply.histogram.reduce((sum, { count }) => sum + count, 0)).toBe(COUNT);
    const durations = sent.map(({ durationUs }) => durationUs).sort((a, b) => a - b);
    expect(reply.quantiles?.p50Us).toBe(durations[COUNT / 2 - 1]);
    expect(reply.quantiles?.p99Us).toBe(durations[COUNT * 0.99 - 1]);
  });

  it("pages through all of it in every order without a repeat or a gap", async () => {
    const table = makeTable();
    const orders = ["duration", "start", "spans", "errors", "usual"].flatMap((sort) => [`${sort} asc`, `${sort} desc`]);
    for (const [sort, order] of orders.map((text) => text.split(" "))) {
      const ids = await idsOfAllPages(table, { sort, order, limit: 700 });
      expect(ids.length, `${sort} ${order}`).toBe(COUNT);
      expect(new Set(ids).size, `${sort} ${order}`).toBe(COUNT);
    }
  });

  it("filters by whole traces, and joins what only the source knows", async () => {
    const table = makeTable();
    const matching = (test: (trace: SentTrace) => boolean) => sent.filter(test).length;
    const count = async (input: Record<string, unknown>) => (await factsWhenRead(table, input)).totals.count;
    expect(await count({ service: "web" })).toBe(matching(({ service }) => service === "web"));
    expect(await count({ operation: "GET /2" })).toBe(matching(({ operation }) => operation === "GET /2"));
    expect(await count({ minDurationUs: 400_000 })).toBe(matching(({ durationUs }) => durationUs >= 400_000));
    expect(await count({ status: "ok" })).toBe(COUNT - COUNT / 50);
    expect(await count({ minSpans: 2 })).toBe(1);
    const gold = await factsWhenRead(table, { attributes: '{"user.tier":"gold"}' });
    expect(gold.totals.count).toBe(COUNT / 100);
    expect(gold.coverage.join).toEqual({ foundCount: COUNT / 100, isWhole: true });
  });

  it("ranks all of it by how many times slower than usual for their operation, and those nobody can judge last", async () => {
    const at = (place: number, operation: string, durationUs: number): SentTrace => ({
      service: "shop",
      operation,
      startUs: (START_MS - 6 * HOUR_MS) * 1000 + place * 1_000_000,
      durationUs,
    });
    // Usual: 1 ms, 100 ms; of the third there are too few.
    const quick = [1000, 900, 1000, 1100, 1000, 1000, 12_000].map((us, place) => at(place, "GET /quick", us));
    const heavy = [100_000, 99_000, 100_000, 100_000, 101_000, 300_000].map((us, place) =>
      at(20 + place, "POST /heavy", us),
    );
    const rare = [1000, 5_000_000].map((us, place) => at(40 + place, "GET /rare", us));
    await send("usual", [...quick, ...heavy, ...rare]);
    const range = { start: START_MS - 6 * HOUR_MS, end: START_MS - 5 * HOUR_MS };
    const table = makeTable();
    const { page, thinCount, totals } = await factsWhenRead(table, { ...range, sort: "usual", limit: 4 });
    expect({ thinCount, count: totals.count }).toEqual({ thinCount: 2, count: 15 });
    expect(page.slice(0, 3).map(({ durationUs }) => durationUs)).toEqual([12_000, 300_000, 1100]);
    const ids = await idsOfAllPages(table, { ...range, sort: "usual", limit: 4 });
    expect(ids.slice(-2).sort()).toEqual([13, 14].map((place) => sentTraceId("usual", place)).sort());
    // A filter leaves what is usual as it is.
    const slow = await factsWhenRead(table, {
      ...range,
      sort: "usual",
      minDurationUs: 12_000,
      operation: "GET /quick",
    });
    expect(slow).toMatchObject({ thinCount: 0, totals: { count: 1 } });
    expect((await factsWhenRead(table, range)).thinCount).toBeNull();
  });

  it("refuses a cursor that no page handed out, naming the field", async () => {
    const query = factsQuerySchema.parse({ ...window, after: "nonsense" });
    await expect(getFacts(makeTable(), query)).rejects.toMatchObject({
      code: "invalid_input",
      problems: [{ field: "after" }],
    });
  });

  it("never hides truncation: a second with more traces than the source gives at once is named", async () => {
    await forget();
    const startUs = (START_MS - HOUR_MS) * 1000;
    const burst = Array.from({ length: 60 }, (_, at) => ({
      service: "burst",
      operation: "tick",
      startUs: startUs + at,
      durationUs: 1000 + at,
    }));
    await send("burst", burst);
    const table = makeTable({ limits: { pageDepth: 20 } });
    const { coverage } = await factsWhenRead(table, { start: START_MS - HOUR_MS, end: START_MS - HOUR_MS + 60_000 });
    expect(coverage).toMatchObject({ complete: 1, truncatedCount: 1, filling: "done" });
    expect(coverage.truncatedSlices[0]).toMatchObject({ fromUs: startUs, heldCount: 21 });
  });

  it("is filled once by two processes that want the same window at the same time", async () => {
    await forget();
    const [one, two] = [makeTable({ limits: { pageDepth: 50 } }), makeTable({ limits: { pageDepth: 50 } })];
    const replies = await Promise.all([factsWhenRead(one), factsWhenRead(two)]);
    for (const { totals, coverage } of replies) {
      expect(totals.count).toBe(COUNT);
      expect(coverage).toMatchObject({ complete: 1, filling: "done" });
    }
    const { rows } = await pool().query(
      "select count(*) as n from facts.slice a join facts.slice b using (source_id) where a.from_us < b.from_us and a.to_us > b.from_us",
    );
    expect(rows[0].n).toBe(0);
  });

  it("takes in a trace that comes late while its stretch is not settled, and the spans that come after", async () => {
    await forget();
    const lateMs = START_MS + 3 * HOUR_MS;
    let nowMs = lateMs + 60_000;
    const table = makeTable({ now: () => nowMs });
    const range = { start: lateMs, end: lateMs + 59_000 };
    expect((await factsWhenRead(table, range)).totals.count).toBe(0);
    const trace = { service: "late", operation: "job", startUs: lateMs * 1000 + 5, durationUs: 4000 };
    await send("late", [trace]);
    nowMs += 6000;
    const second = await factsWhenRead(table, range);
    expect(second.totals.count).toBe(1);
    expect(second.coverage.unsettledFromUs).toBe(lateMs * 1000);
    nowMs += 180_000;
    expect((await factsWhenRead(table, range)).coverage.unsettledFromUs).toBeNull();
  });
});

describe("the slowest traces", () => {
  const ids = (by: (trace: SentTrace) => number, limit: number) => {
    const places = sent.map((trace, at) => ({ value: by(trace), startUs: trace.startUs, at }));
    places.sort((a, b) => b.value - a.value || b.startUs - a.startUs);
    return places.slice(0, limit);
  };

  it("are proven out of the fact table once it holds the window, one without a long span included", async () => {
    const table = makeTable();
    await factsWhenRead(table);
    const { result } = await slowest(table, { limit: 20 });
    expect(result).toMatchObject({ isProven: true, proof: "every-trace", caveat: null, seenCount: COUNT });
    expect(result.text).toBe("proven slowest 20 of 3,000");
    expect(result.traces[0]?.traceId).toBe(sentTraceId("load", 77));
    expect(result.traces.map(({ durationUs }) => durationUs)).toEqual(
      ids(({ durationUs }) => durationUs, 20).map(({ value }) => value),
    );
  });

  it("are found by asking the source alone when nothing was read before", async () => {
    await forget();
    const table = makeTable();
    const { events, result } = await slowest(table, { limit: 20, operation: "GET /2" });
    const wanted = sent.filter(({ operation }) => operation === "GET /2").map(({ durationUs }) => durationUs);
    expect(result.traces.map(({ durationUs }) => durationUs)).toEqual(wanted.sort((a, b) => b - a).slice(0, 20));
    expect(result).toMatchObject({ isProven: true, proof: "every-trace" });
    expect(events.some(({ event }) => event === "progress")).toBe(true);
  });

  it("rank by errors and by spans out of everything", async () => {
    await forget();
    const table = makeTable();
    const errors = await slowest(table, { by: "errors", limit: 60 });
    expect(errors.result).toMatchObject({ isProven: true, proof: "every-trace", seenCount: COUNT });
    expect(errors.result.traces.every(({ errorSpanCount }) => errorSpanCount === 1)).toBe(true);
    const spans = await slowest(table, { by: "spans", limit: 1 });
    expect(spans.result.traces[0]?.traceId).toBe(sentTraceId("load", 77));
  });
});
