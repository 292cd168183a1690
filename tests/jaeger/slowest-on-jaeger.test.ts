import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { factsQuerySchema, serviceMapQuerySchema, slowestQuerySchema } from "@/features/traces/contract";
import { FactTable } from "@/features/traces/server/facts/fact-table";
import { getFacts } from "@/features/traces/server/facts/get-facts";
import { getServiceMap } from "@/features/traces/server/facts/get-service-map";
import { rankSlowest } from "@/features/traces/server/facts/rank-slowest";
import { JaegerSource } from "@/features/traces/server/jaeger/jaeger-source";
import { TraceLibrary } from "@/features/traces/server/trace-library";
import { closeDatabase } from "@/server/db/client";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { type SentTrace, sendTraces, sentTraceId } from "@/tests/support/send-facts-load";
import { type RealJaeger, startRealJaeger } from "./real-jaeger";

const START_MS = Date.now() - 3 * 3_600_000;
const window = { start: START_MS, end: START_MS + 3_600_000 };
const COUNT = 8000;

let database: TestDatabase;
let jaeger: RealJaeger;
let table: FactTable;
let sent: SentTrace[];

beforeAll(async () => {
  database = await createTestDatabase();
  jaeger = await startRealJaeger();
  sent = Array.from({ length: COUNT }, (_, at) => ({
    service: "web",
    operation: `GET /${at % 7}`,
    startUs: START_MS * 1000 + Math.floor((((at * 7919) % COUNT) * 3_600_000_000) / COUNT),
    durationUs: 2000 + ((at * 104_729) % 600_000),
    isFailed: at % 40 === 0,
    call: { service: "billing", name: "charge", offsetUs: 10, durationUs: 1000 },
    // Longest of all, and not one span of it is long.
    ...(at === 99 ? { durationUs: 5_000_000, isBroken: true } : {}),
  }));
  await sendTraces(Number(new URL(jaeger.otlpUrl).port), "real", sent);
  const source = new JaegerSource({ url: jaeger.queryUrl });
  table = new FactTable({ source, library: new TraceLibrary(source) });
});
afterAll(async () => {
  await table.filler.stop();
  await table.sampler.stop();
  await table.source.close();
  await jaeger.stop();
  await closeDatabase();
  await database.drop();
});

async function slowest() {
  for await (const { event, data } of rankSlowest(table, slowestQuerySchema.parse({ ...window, limit: 50 }))) {
    if (event === "result") return data;
  }
  throw new Error("no result");
}

describe("against a real Jaeger", () => {
  it("finds the slowest with few questions, and says which traces it cannot see that way", async () => {
    const result = await slowest();
    const rooted = sent.filter(({ isBroken }) => !isBroken).map(({ durationUs }) => durationUs);
    expect(result.isProven).toBe(true);
    if (result.proof === "every-long-span") {
      expect(result.traces.map(({ durationUs }) => durationUs)).toEqual(rooted.sort((a, b) => b - a).slice(0, 50));
      expect(result.caveat?.spanUs).toBeGreaterThan(1000);
    }
    expect(result.askedCount).toBeLessThan(20);
  });

  it("sees every trace once the window was read, also the one without a long span", async () => {
    await table.filler.fill(table.windowOf(window), { waitMs: 120_000 });
    const facts = await getFacts(table, factsQuerySchema.parse(window));
    expect(facts.coverage).toMatchObject({ complete: 1, truncatedCount: 0, filling: "done" });
    expect(facts.totals).toMatchObject({ count: COUNT, errorCount: COUNT / 40 });
    const result = await slowest();
    expect(result).toMatchObject({ proof: "every-trace", caveat: null, seenCount: COUNT });
    expect(result.traces[0]?.traceId).toBe(sentTraceId("real", 99));
  });

  it("maps calls with Jaeger's counts", async () => {
    const map = await getServiceMap(table, serviceMapQuerySchema.parse(window));
    const edge = map.edges.find(({ parent, child }) => parent === "web" && child === "billing");
    expect(edge).toMatchObject({ p95Us: 1000, errorShare: 0 });
    expect(edge?.callCount).toBeGreaterThan(0);
  });
});
