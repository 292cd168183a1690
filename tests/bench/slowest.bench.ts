import { fork } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { slowestQuerySchema } from "@/features/traces/contract";
import { FactTable } from "@/features/traces/server/facts/fact-table";
import { rankSlowest } from "@/features/traces/server/facts/rank-slowest";
import { JaegerSource } from "@/features/traces/server/jaeger/jaeger-source";
import { TraceLibrary } from "@/features/traces/server/trace-library";
import { closeDatabase, pool } from "@/server/db/client";
import { applySchemaMigrations } from "@/server/db/migrate";
import { startEmbeddedPostgres } from "@/server/postgres/embedded";
import { exitCode, report, tell } from "./bench-report";
import { sendTraceLoad } from "./trace-load";

// The true slowest 50 of 100,000 traces in the embedded collector, with the proof, checked against what was sent: by asking
// the collector, before anything was read into the fact table, and again out of the fact table.
const TRACES = Number(process.argv[2] ?? 100_000);
const BUDGET_MS = 3000;
const WINDOW = { start: Date.parse("2026-11-20T10:00:00Z"), end: Date.parse("2026-11-20T16:00:00Z") };

const dir = fs.mkdtempSync(path.join(os.tmpdir(), "ops-bench-"));
fs.chmodSync(dir, 0o755);
const postgres = await startEmbeddedPostgres({ dataDir: path.join(dir, "data") });
process.env.DATABASE_URL = postgres.url;
process.env.OPS_LOG_LEVEL = "error";
await applySchemaMigrations(postgres.url);
const child = fork(path.join(import.meta.dirname, "collector-process.ts"), {
  env: { ...process.env, OPS_TRACE_RETENTION_BYTES: "50000000000" },
});
const [ports] = (await once(child, "message")) as [{ otlpPort: number; jaegerApiPort: number }];

try {
  const durations = await sendTraceLoad({ otlpPort: ports.otlpPort, count: TRACES, window: WINDOW });
  const truth = [...durations].sort((a, b) => b - a).slice(0, 50);
  const source = new JaegerSource({ url: `http://127.0.0.1:${ports.jaegerApiPort}` });
  await source.listServices();
  const table = new FactTable({ source, library: new TraceLibrary(source) });
  const cold = await rank(table);
  report(`slowest 50 of ${TRACES} traces, nothing read before`, cold.tookMs, "ms", BUDGET_MS);
  process.stdout.write(`     "${cold.result.text}", ${cold.result.askedCount} questions; ${cold.result.reason.text}\n`);
  checkAgainst(truth, cold.result.traces, cold.result.isProven);
  await table.filler.stop();
  await pool().query("delete from facts.source");
  const fresh = new FactTable({ source, library: new TraceLibrary(source) });
  const start = performance.now();
  await fresh.filler.fill(fresh.windowOf(WINDOW), { waitMs: 300_000 });
  tell("reading all of it into the fact table", (performance.now() - start) / 1000, "s");
  const warm = await rank(fresh);
  report(`slowest 50 of ${TRACES} traces, out of the fact table`, warm.tookMs, "ms", 500);
  checkAgainst(truth, warm.result.traces, warm.result.proof === "every-trace");
  await fresh.filler.stop();
  await source.close();
} finally {
  child.disconnect();
  await once(child, "exit");
  await closeDatabase();
  await postgres.stop();
  fs.rmSync(dir, { recursive: true, force: true });
}
process.exit(exitCode());

async function rank(table: FactTable) {
  const start = performance.now();
  for await (const { event, data } of rankSlowest(table, slowestQuerySchema.parse({ ...WINDOW, limit: 50 }))) {
    if (event === "result") return { tookMs: performance.now() - start, result: data };
  }
  throw new Error("no result");
}

function checkAgainst(truth: number[], traces: readonly { durationUs: number }[], isProven: boolean): void {
  const wrong = truth.filter((durationUs, at) => traces[at]?.durationUs !== durationUs).length;
  report("of them wrong", wrong, "traces", 0);
  report("without a proof", isProven ? 0 : 1, "rankings", 0);
}
