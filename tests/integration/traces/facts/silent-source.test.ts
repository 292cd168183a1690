import { afterAll, beforeAll, expect, it } from "vitest";
import { redQuerySchema, serviceMapQuerySchema, type TraceSummary } from "@/features/traces/contract";
import { FactTable } from "@/features/traces/server/facts/fact-table";
import { getRed } from "@/features/traces/server/facts/get-red";
import { getServiceMap } from "@/features/traces/server/facts/get-service-map";
import { listServices } from "@/features/traces/server/facts/list-services";
import { storeTraces } from "@/features/traces/server/facts/slice-repository";
import { JaegerSource } from "@/features/traces/server/jaeger/jaeger-source";
import { TraceLibrary } from "@/features/traces/server/trace-library";
import { closeDatabase } from "@/server/db/client";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { listenOnLoopback } from "@/tests/support/replay-jaeger";

const TOTAL_TIMEOUT_MS = 60_000;

let database: TestDatabase;
let jaeger: Awaited<ReturnType<typeof listenOnLoopback>>;
let asked = 0;
let source: JaegerSource;
let table: FactTable;
beforeAll(async () => {
  database = await createTestDatabase();
  // A source that hangs: it takes every question, and answers none.
  jaeger = await listenOnLoopback(() => {
    asked += 1;
  });
  source = new JaegerSource({ url: jaeger.url, limits: { totalTimeoutMs: TOTAL_TIMEOUT_MS } });
  table = new FactTable({ source, library: new TraceLibrary(source) });
});
afterAll(async () => {
  // Its questions end with their connections.
  await source.close();
  await table.filler.stop();
  await table.sampler.stop();
  await jaeger.close();
  await closeDatabase();
  await database.drop();
});

const summary: TraceSummary = {
  traceId: "1".padStart(32, "0"),
  rootService: "basket-shop",
  rootOperation: "GET /basket",
  startUs: (Date.now() - 60_000) * 1000,
  durationUs: 1000,
  spanCount: 1,
  errorSpanCount: 0,
  orphanSpanCount: 0,
  services: [{ name: "basket-shop", spanCount: 1, errorSpanCount: 0 }],
};

it("names the services that were read long before a source that hangs is given up", async () => {
  await storeTraces(await table.sourceId(), [summary]);
  const askedAt = performance.now();
  const reply = await listServices(table);
  expect(reply.services).toEqual(["basket-shop"]);
  expect(reply.unheard).toEqual({ reason: `${source.called} has not answered for 2.5 s.`, since: null });
  expect(performance.now() - askedAt).toBeLessThan(TOTAL_TIMEOUT_MS / 2);
});

it("gives the figures of a service and the map as they were read, without waiting for metrics and counts of calls", async () => {
  const window = { start: Date.now() - 3_600_000, end: Date.now() };
  const askedAt = performance.now();
  const red = await getRed(table, "basket-shop", redQuerySchema.parse(window));
  expect(red).toMatchObject({ origin: "facts", totals: { count: 1 } });
  const map = await getServiceMap(table, serviceMapQuerySchema.parse(window));
  expect(map.nodes.map(({ service }) => service)).toEqual(["basket-shop"]);
  expect(map.notes[0]?.text).toBe(`${source.called} did not tell its counts of calls. It has not answered for 2.5 s.`);
  expect(performance.now() - askedAt).toBeLessThan(TOTAL_TIMEOUT_MS / 2);
});

it("waits for nothing once the source is known to be down, and says since when", async () => {
  const trouble = new JaegerSource({ url: jaeger.url, limits: { totalTimeoutMs: 50 } });
  const down = new FactTable({ source: trouble, library: new TraceLibrary(trouble) });
  await trouble.status();
  const reply = await listServices(down);
  expect(reply.services).toEqual(["basket-shop"]);
  expect(reply.unheard?.reason).toBe(`${trouble.called} did not answer in time (0.05 s).`);
  expect(Date.parse(reply.unheard?.since ?? "")).not.toBeNaN();
  const before = asked;
  await listServices(down);
  // It was looked at a moment ago: no page's question is put to it again.
  expect(asked).toBe(before);
  await down.filler.stop();
  await trouble.close();
});
