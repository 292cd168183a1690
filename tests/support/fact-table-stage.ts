import { afterAll, beforeAll } from "vitest";
import { closeCollectorPool, startCollector } from "@/features/collector/server";
import { FactTable, type FactTableOptions } from "@/features/traces/server/facts/fact-table";
import { JaegerSource } from "@/features/traces/server/jaeger/jaeger-source";
import { TraceLibrary } from "@/features/traces/server/trace-library";
import { closeDatabase, pool } from "@/server/db/client";
import { createTestDatabase, type TestDatabase } from "./database";
import { type SentTrace, sendTraces } from "./send-facts-load";

/** A collector on an own database, from before the first test of a file until after its last, and fact tables that read it. */
export function factTableStage() {
  let database: TestDatabase;
  let collector: Awaited<ReturnType<typeof startCollector>>;
  const tables: FactTable[] = [];
  beforeAll(async () => {
    database = await createTestDatabase();
    collector = await startCollector({ host: "127.0.0.1", otlpPort: 0, jaegerApiPort: 0 });
  });
  afterAll(async () => {
    await stopTables();
    await collector.stop();
    await closeCollectorPool();
    await closeDatabase();
    await database.drop();
  });
  /** Ends what the tables made so far are reading. */
  async function stopTables(): Promise<void> {
    for (const table of tables.splice(0)) {
      await table.filler.stop();
      await table.sampler.stop();
      await table.source.close();
    }
  }
  return {
    stopTables,
    collector: () => collector,
    makeTable(options: Partial<FactTableOptions> = {}): FactTable {
      const source = options.source ?? new JaegerSource({ url: `http://127.0.0.1:${collector.jaegerApiPort}` });
      const table = new FactTable({ source, library: new TraceLibrary(source), ...options });
      tables.push(table);
      return table;
    },
    send: (seed: string, traces: readonly SentTrace[]) => sendTraces(collector.otlpPort, seed, traces),
    /** As if nothing had ever been read. */
    forget: () => pool().query("delete from facts.source"),
  };
}
