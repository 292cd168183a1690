import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startCollector } from "@/features/collector/server";
import { factsQuerySchema, slowestQuerySchema, type TraceSummary } from "@/features/traces/contract";
import type { FactTable } from "@/features/traces/server/facts/fact-table";
import { getFacts } from "@/features/traces/server/facts/get-facts";
import { rankSlowest } from "@/features/traces/server/facts/rank-slowest";
import { JaegerSource } from "@/features/traces/server/jaeger/jaeger-source";
import { factTableStage } from "@/tests/support/fact-table-stage";
import { type SentTrace, sentTraceId } from "@/tests/support/send-facts-load";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

const { collector, forget, makeTable, send, stopTables } = factTableStage();

beforeEach(forget);
afterEach(stopTables);

type Window = { start: number; end: number };

async function read(table: FactTable, window: Window) {
  const query = factsQuerySchema.parse(window);
  await table.filler.fill(table.windowOf(query), { waitMs: 20_000 });
  return getFacts(table, query);
}

async function slowest(table: FactTable, window: Window) {
  for await (const { event, data } of rankSlowest(table, slowestQuerySchema.parse({ ...window, limit: 5 }))) {
    if (event === "result") return data;
  }
  throw new Error("no result");
}

const job = (startMs: number, durationUs: number): SentTrace => ({
  service: "web",
  operation: "GET /",
  startUs: startMs * 1000,
  durationUs,
});

/** A span of its own, below one that is not sent along. */
async function sendSpan(otlpPort: number, traceId: string, startUs: number, durationUs: number): Promise<void> {
  const span = {
    traceId,
    spanId: "00000000000000aa",
    parentSpanId: "00000000000000bb",
    name: "later",
    startTimeUnixNano: `${startUs}000`,
    endTimeUnixNano: `${startUs + durationUs}000`,
  };
  const response = await fetch(`http://127.0.0.1:${otlpPort}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }),
  });
  if (response.status !== 200) throw new Error(`the collector answered ${response.status}`);
}

/** A clock that goes on beyond the real one, so that nothing counts as read just now. */
function clockAt(startMs: number) {
  const clock = { nowMs: startMs, now: () => clock.nowMs };
  return clock;
}

describe("the fact table of the embedded collector", () => {
  const startMs = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 5 * HOUR_MS;

  it("takes in a trace that comes long after its time was read, without a refresh, and proves with it", async () => {
    const clock = clockAt(Date.now());
    const table = makeTable({ tellsLateSpans: true, now: clock.now });
    const window = { start: startMs, end: startMs + 10 * MINUTE_MS };
    await send("first", [job(startMs + 1000, 5000), job(startMs + 2000, 4000)]);
    expect((await read(table, window)).totals.count).toBe(2);
    await send("late", [job(startMs + 5 * MINUTE_MS, 9000)]);
    clock.nowMs += 10_000;
    const result = await slowest(table, window);
    expect(result).toMatchObject({ proof: "every-trace", seenCount: 3, text: "proven slowest 3 of 3" });
    expect(result.traces[0]?.traceId).toBe(sentTraceId("late", 0));
    expect((await read(table, window)).totals.count).toBe(3);
  });

  it("lets a known trace grow by spans that come late, within the window and after it", async () => {
    const clock = clockAt(Date.now());
    const table = makeTable({ tellsLateSpans: true, now: clock.now });
    const window = { start: startMs + HOUR_MS, end: startMs + HOUR_MS + 10 * MINUTE_MS };
    const whole = { ...job(window.start + 1000, 50_000), isBroken: true };
    // The same trace twice: its root first, then all of it, whose second span starts where the root is long over.
    await send("grown", [{ ...whole, isBroken: false, durationUs: 1000 }]);
    expect((await read(table, window)).page[0]).toMatchObject({ spanCount: 1, durationUs: 1000 });
    await send("grown", [whole]);
    clock.nowMs += 10_000;
    expect((await read(table, window)).page[0]).toMatchObject({ spanCount: 2, durationUs: 50_000 });
    const longAfter = { ...whole, durationUs: 2 * HOUR_MS * 1000 };
    await send("grown", [longAfter]);
    clock.nowMs += 10_000;
    expect((await read(table, window)).page[0]).toMatchObject({ durationUs: longAfter.durationUs });
  });

  it("lets a trace grow by a span of this moment, taken by a collector that never met it", async () => {
    const clock = clockAt(Date.now());
    const table = makeTable({ tellsLateSpans: true, now: clock.now });
    const window = { start: startMs + 4 * HOUR_MS, end: startMs + 4 * HOUR_MS + MINUTE_MS };
    const short = { ...job(window.start + 1000, 1000), operation: "POST /jobs" };
    await send("going on", [short]);
    expect((await read(table, window)).page[0]).toMatchObject({ durationUs: 1000 });
    const nowUs = Date.now() * 1000;
    const other = await startCollector({ host: "127.0.0.1", otlpPort: 0, jaegerApiPort: 0 });
    await sendSpan(other.otlpPort, sentTraceId("going on", 0), nowUs, 1000);
    await other.stop();
    clock.nowMs += 10_000;
    expect((await read(table, window)).page[0]?.durationUs).toBe(nowUs - short.startUs + 1000);
  });

  it("asks nothing again of a window for which nothing has come", async () => {
    let asked = 0;
    const clock = clockAt(Date.now());
    const source = new JaegerSource({ url: `http://127.0.0.1:${collector().jaegerApiPort}` });
    const port = {
      listServices: () => source.listServices(),
      searchTraces: (...input: Parameters<JaegerSource["searchTraces"]>) => {
        asked += 1;
        return source.searchTraces(...input);
      },
    };
    const table = makeTable({ port, tellsLateSpans: true, now: clock.now });
    const window = { start: startMs + 2 * HOUR_MS, end: startMs + 2 * HOUR_MS + 10 * MINUTE_MS };
    await send("quiet", [job(window.start + 1000, 5000)]);
    await read(table, window);
    const before = asked;
    await send("elsewhere", [job(window.start + 30 * MINUTE_MS, 5000)]);
    clock.nowMs += 24 * HOUR_MS;
    const { coverage } = await read(table, window);
    expect(asked).toBe(before);
    expect(coverage.knownUntil).toBe(new Date(clock.nowMs).toISOString());
    await source.close();
  });
});

describe("the fact table of a Jaeger that tells of nothing", () => {
  const startMs = Date.parse("2026-11-20T10:00:00Z");
  const window = { start: startMs, end: startMs + MINUTE_MS };

  function fakeSource(summaries: TraceSummary[]) {
    const source = {
      asked: 0,
      listServices: async () => [],
      searchTraces: async ({ startUs, endUs, depth }: { startUs: number; endUs: number; depth: number }) => {
        source.asked += 1;
        const found = summaries.filter((one) => one.startUs >= startUs && one.startUs <= endUs).slice(0, depth);
        return { summaries: found, isFull: found.length >= depth, notes: [], latencyMs: 1 };
      },
    };
    return source;
  }

  const summary = (at: number): TraceSummary => ({
    traceId: (at + 1).toString(16).padStart(32, "0"),
    rootService: "web",
    rootOperation: "GET /",
    startUs: startMs * 1000 + at,
    durationUs: 1000 + at,
    spanCount: 1,
    errorSpanCount: 0,
    orphanSpanCount: 0,
    services: [{ name: "web", spanCount: 1, errorSpanCount: 0 }],
  });

  it("is looked at again ever more rarely, and says for when its proof holds", async () => {
    const summaries = [summary(0)];
    const source = fakeSource(summaries);
    const clock = clockAt(window.end + 3 * MINUTE_MS);
    const table = makeTable({ port: source, now: clock.now });
    await read(table, window);
    summaries.push(summary(1));
    clock.nowMs = window.end + 8 * MINUTE_MS;
    const early = await slowest(table, window);
    expect(early).toMatchObject({ proof: "every-trace", seenCount: 1, text: "proven slowest 1 of 1, as of 10:04 UTC" });
    expect(early.knownUntil).toBe(new Date(window.end + 3 * MINUTE_MS).toISOString());
    clock.nowMs = window.end + 9 * MINUTE_MS;
    expect(await read(table, window)).toMatchObject({ totals: { count: 2 } });
    const asked = source.asked;
    clock.nowMs = window.end + 26 * MINUTE_MS;
    await read(table, window);
    expect(source.asked).toBe(asked);
    clock.nowMs = window.end + 60 * 24 * HOUR_MS;
    await read(table, window);
    const last = source.asked;
    expect(last).toBe(asked + 1);
    clock.nowMs *= 2;
    await read(table, window);
    expect(source.asked).toBe(last);
  });

  it("learns what a known trace has become when a later stretch names it", async () => {
    const early = summary(0);
    const source = fakeSource([early]);
    const clock = clockAt(window.end + 3 * MINUTE_MS);
    const table = makeTable({ port: source, now: clock.now });
    await read(table, window);
    const grown = { ...early, spanCount: 2, durationUs: 30 * MINUTE_MS * 1000 };
    source.searchTraces = async () => ({ summaries: [grown], isFull: false, notes: [], latencyMs: 1 });
    await read(table, { start: window.end, end: window.end + MINUTE_MS });
    expect((await read(table, window)).page[0]).toMatchObject({ spanCount: 2, durationUs: grown.durationUs });
  });
});
