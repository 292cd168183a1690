import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeCollectorPool, startCollector } from "@/features/collector/server";
import { serviceMapQuerySchema } from "@/features/traces/contract";
import { findDeploys } from "@/features/traces/server/facts/deploy-repository";
import { FactTable } from "@/features/traces/server/facts/fact-table";
import { getServiceMap } from "@/features/traces/server/facts/get-service-map";
import { forgetServices } from "@/features/traces/server/facts/slice-repository";
import { JaegerSource } from "@/features/traces/server/jaeger/jaeger-source";
import { TraceLibrary } from "@/features/traces/server/trace-library";
import type { SourceSearch } from "@/features/traces/server/trace-source";
import { closeDatabase, pool } from "@/server/db/client";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { type SentTrace, sendTraces } from "@/tests/support/send-facts-load";

const HOUR_MS = 3_600_000;
const START_MS = Date.parse("2026-11-20T10:00:00Z");
const window = { start: START_MS, end: START_MS + HOUR_MS };
const stretch = { fromUs: window.start * 1000, toUs: window.end * 1000 };
const DEPLOY_AT = 240;

let database: TestDatabase;
let collector: Awaited<ReturnType<typeof startCollector>>;
let source: JaegerSource;
let nowMs = Date.now();
const opened: FactTable[] = [];

/** 400 requests over the hour; from number 240 on in version 2. */
const requests = (service: string): SentTrace[] =>
  Array.from({ length: 400 }, (_, at) => ({
    service,
    operation: `GET /${service}`,
    startUs: (START_MS + at * 8000) * 1000,
    durationUs: 10_000 + at,
    version: at < DEPLOY_AT ? "1.0" : "2.0",
    call: { service: `${service}-store`, name: "read", offsetUs: 100, durationUs: 5000 },
  }));
const deployUs = (START_MS + DEPLOY_AT * 8000) * 1000;

beforeAll(async () => {
  database = await createTestDatabase();
  collector = await startCollector({ host: "127.0.0.1", otlpPort: 0, jaegerApiPort: 0 });
  source = new JaegerSource({ url: `http://127.0.0.1:${collector.jaegerApiPort}` });
  await sendTraces(collector.otlpPort, "early", requests("early"));
});

afterAll(async () => {
  for (const table of opened) await Promise.all([table.filler.stop(), table.sampler.stop()]);
  await source.close();
  await collector.stop();
  await closeCollectorPool();
  await closeDatabase();
  await database.drop();
});

/** `tells`: whether the source tells versions with its summaries, as only the embedded collector does. */
function openTable(tells: boolean): FactTable {
  const searchTraces = async (search: SourceSearch, signal?: AbortSignal) => {
    const answer = await source.searchTraces(search, signal);
    return tells ? answer : { ...answer, summaries: answer.summaries.map(({ versions: _, ...rest }) => rest) };
  };
  const port = { searchTraces, listServices: (signal?: AbortSignal) => source.listServices(signal) };
  const table = new FactTable({ source, library: new TraceLibrary(source), port, now: () => nowMs });
  opened.push(table);
  return table;
}

/** Passes until nothing is left to read. */
async function sampleAll(table: FactTable, passes: number): Promise<void> {
  for (let pass = 0; pass < passes; pass += 1) {
    nowMs += 60_000;
    await table.sampler.sample(stretch, { waitMs: 30_000 });
  }
}

const deploysOf = async (table: FactTable, service: string) =>
  (await findDeploys({ sourceId: await table.sourceId(), service, fromUs: 0, toUs: stretch.toUs })).map(
    ({ version, atUs }) => ({ version, atUs }),
  );

describe("traces read whole", () => {
  it("are of a service that comes later too, and tell its calls, out of how many", async () => {
    const table = openTable(false);
    await table.filler.fill(stretch, { waitMs: 30_000 });
    await sampleAll(table, 5);
    await sendTraces(collector.otlpPort, "late", requests("late"));
    await pool().query("truncate facts.slice");
    await table.filler.fill(stretch, { waitMs: 30_000 });
    await sampleAll(table, 4);
    const map = await getServiceMap(table, serviceMapQuerySchema.parse(window));
    expect(map.edges.map(({ parent, child }) => `${parent} ${child}`)).toContain("late late-store");
    const late = map.nodes.find(({ service }) => service === "late");
    expect(late).toMatchObject({ traceCount: 400 });
    expect(late?.sampledCount).toBeGreaterThanOrEqual(60);
  });

  it("leave the time of a deploy to the source, which knows the first trace of a version", async () => {
    const table = openTable(false);
    for (const service of ["early", "late"]) {
      expect(await deploysOf(table, service), service).toEqual([{ version: "2.0", atUs: deployUs }]);
    }
  });
});

describe("versions", () => {
  it("are known of every trace where the source tells them, and outlive what was read", async () => {
    await pool().query("truncate facts.slice, facts.service_version");
    const table = openTable(true);
    await table.filler.fill(stretch, { waitMs: 30_000 });
    expect(await deploysOf(table, "late")).toEqual([{ version: "2.0", atUs: deployUs }]);
    await forgetServices(["early"]);
    expect(await deploysOf(table, "late")).toEqual([{ version: "2.0", atUs: deployUs }]);
    expect(await deploysOf(table, "early")).toEqual([]);
  });
});
