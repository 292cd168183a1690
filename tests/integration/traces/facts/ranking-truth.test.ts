import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeCollectorPool, startCollector } from "@/features/collector/server";
import { SLOWEST_BY, type SlowestResult, slowestQuerySchema } from "@/features/traces/contract";
import { FactTable } from "@/features/traces/server/facts/fact-table";
import { rankSlowest } from "@/features/traces/server/facts/rank-slowest";
import { JaegerSource } from "@/features/traces/server/jaeger/jaeger-source";
import { TraceLibrary } from "@/features/traces/server/trace-library";
import { closeDatabase, pool } from "@/server/db/client";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { seededRandom } from "@/tests/support/seeded-random";
import { type SentTrace, sendTraces, sentTraceId } from "@/tests/support/send-facts-load";

const HOUR_MS = 3_600_000;
const SEEDS = [1, 2, 3];
const LIMIT = 12;

let database: TestDatabase;
let collector: Awaited<ReturnType<typeof startCollector>>;
let source: JaegerSource;

beforeAll(async () => {
  database = await createTestDatabase();
  collector = await startCollector({ host: "127.0.0.1", otlpPort: 0, jaegerApiPort: 0 });
  source = new JaegerSource({ url: `http://127.0.0.1:${collector.jaegerApiPort}` });
});
afterAll(async () => {
  await source.close();
  await collector.stop();
  await closeCollectorPool();
  await closeDatabase();
  await database.drop();
});

const windowOf = (seed: number) => {
  const start = Date.parse("2026-11-20T00:00:00Z") + seed * 4 * HOUR_MS;
  return { start, end: start + HOUR_MS };
};

/** Few different durations, so that many tie; crowds that start together; traces over both edges; some without a long span. */
function tracesOf(seed: number): SentTrace[] {
  const { next: random, pick } = seededRandom(seed);
  const { start, end } = windowOf(seed);
  const hour = Array.from({ length: 700 }, (): SentTrace => {
    const startUs = pick([start * 1000 + Math.floor(random() * HOUR_MS * 1000), (start + 1_234_567) * 1000]);
    const durationUs = pick([1000, 2000, 40_000, 40_000, 70_000, Math.floor(random() * 90_000) + 2000]);
    const isFailed = random() < 0.05;
    const call = { service: "db", name: "SELECT", offsetUs: 1, durationUs: 500, isFailed: isFailed && random() < 0.5 };
    return {
      service: "web",
      operation: pick(["GET /", "POST /"]),
      startUs,
      durationUs,
      isFailed,
      isBroken: random() < 0.02,
      ...(random() < 0.3 ? { call } : {}),
    };
  });
  const at = (startMs: number, durationUs: number, isBroken = false): SentTrace => ({
    service: "web",
    operation: "GET /",
    startUs: startMs * 1000,
    durationUs,
    isBroken,
  });
  // Before the window and into it, from its first and its last microsecond on, and from the first one after it.
  return [
    ...hour,
    at(start - 5, 900_000),
    at(start, 95_000),
    { ...at(end, 96_000), startUs: end * 1000 - 1 },
    at(end, 950_000),
    at(start + 1000, 400_000, true),
  ];
}

type Known = { traceId: string; startUs: number; duration: number; errors: number; spans: number };

function toKnown(seed: number, trace: SentTrace, at: number): Known {
  const { startUs, durationUs, isFailed = false, isBroken = false, call } = trace;
  return {
    traceId: sentTraceId(`truth ${seed}`, at),
    startUs,
    duration: durationUs,
    errors: (isFailed ? 1 : 0) + (call?.isFailed === true ? 2 : 0),
    spans: 1 + (isBroken ? 1 : 0) + (call === undefined ? 0 : 2),
  };
}

async function rank(table: FactTable, seed: number, by: string): Promise<SlowestResult> {
  const query = slowestQuerySchema.parse({ ...windowOf(seed), by, limit: LIMIT });
  for await (const { event, data } of rankSlowest(table, query)) if (event === "result") return data;
  throw new Error("no result");
}

describe("a proven ranking is the truth", () => {
  for (const seed of SEEDS) {
    it(`by duration, errors and spans, by asking and out of the fact table, ties in order (seed ${seed})`, async () => {
      const traces = tracesOf(seed);
      await sendTraces(collector.otlpPort, `truth ${seed}`, traces);
      const { start, end } = windowOf(seed);
      const known = traces
        .map((trace, at) => toKnown(seed, trace, at))
        .filter(({ startUs }) => startUs >= start * 1000 && startUs < end * 1000);
      await pool().query("delete from facts.source");
      for (const from of ["the source", "the fact table"]) {
        const table = new FactTable({ source, library: new TraceLibrary(source), tellsLateSpans: true });
        for (const by of SLOWEST_BY) {
          const wanted = [...known]
            .sort((a, b) => b[by] - a[by] || b.startUs - a.startUs || (a.traceId < b.traceId ? -1 : 1))
            .slice(0, LIMIT);
          const result = await rank(table, seed, by);
          const what = `${by}, from ${from}`;
          expect(result, what).toMatchObject({ proof: "every-trace", seenCount: known.length, caveat: null });
          expect(
            result.traces.map(({ traceId }) => traceId),
            what,
          ).toEqual(wanted.map(({ traceId }) => traceId));
        }
        await table.filler.stop();
      }
    });
  }
});
