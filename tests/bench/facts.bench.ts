import { fork } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { factsQuerySchema } from "@/features/traces/contract";
import { countCells, findPage, quantilesOf } from "@/features/traces/server/facts/fact-query-repository";
import { FactTable } from "@/features/traces/server/facts/fact-table";
import { getFacts } from "@/features/traces/server/facts/get-facts";
import { countOperations } from "@/features/traces/server/facts/red-repository";
import { JaegerSource } from "@/features/traces/server/jaeger/jaeger-source";
import { TraceLibrary } from "@/features/traces/server/trace-library";
import { closeDatabase, pool } from "@/server/db/client";
import { applySchemaMigrations } from "@/server/db/migrate";
import { startEmbeddedPostgres } from "@/server/postgres/embedded";
import { exitCode, p95Ms, report } from "./bench-report";
import { sendTraceLoad } from "./trace-load";

// Reading 100,000 traces of the embedded collector for the first time, and how soon there is something to see; then questions
// to the fact table over as many, p95 of 20 each.
const ROWS = Number(process.argv[2] ?? 100_000);
const ROUNDS = 20;
const START_MS = Date.parse("2026-11-20T10:00:00Z");
const WINDOW = { start: START_MS, end: START_MS + 6 * 3_600_000 };

const dir = fs.mkdtempSync(path.join(os.tmpdir(), "ops-bench-"));
fs.chmodSync(dir, 0o755);
const postgres = await startEmbeddedPostgres({ dataDir: path.join(dir, "data") });
process.env.DATABASE_URL = postgres.url;
process.env.OPS_LOG_LEVEL = "error";
await applySchemaMigrations(postgres.url);
const source = new JaegerSource({ url: "http://127.0.0.1:9" });
const table = new FactTable({ source, library: new TraceLibrary(source) });
try {
  await readFirst();
  const sourceId = await table.sourceId();
  await fillRows(sourceId);
  const window = table.windowOf(WINDOW);
  const scope = { sourceId, window, filters: { own: false } };
  const facts = (input: Record<string, unknown>) => getFacts(table, factsQuerySchema.parse({ ...WINDOW, ...input }));
  for (const sort of ["duration", "start", "spans", "errors"] as const) {
    const page = () => findPage(scope, { sort, order: "desc", after: undefined, limit: 100 });
    report(`first page by ${sort}`, await p95Ms(ROUNDS, page), "ms", 60);
  }
  const middle = await findPage(scope, { sort: "duration", order: "desc", after: undefined, limit: 50_000 });
  const last = middle.at(-1);
  const after = last && { value: last.durationUs, traceId: last.traceId };
  const deep = () => findPage(scope, { sort: "duration", order: "desc", after, limit: 100 });
  report("page in the middle, by duration", await p95Ms(ROUNDS, deep), "ms", 60);
  report("quantiles", await p95Ms(ROUNDS, () => quantilesOf(scope)), "ms", 120);
  report("histogram, heat map and rate", await p95Ms(ROUNDS, () => countCells(scope, 300_000_000)), "ms", 120);
  report(
    "figures per operation",
    await p95Ms(ROUNDS, () => countOperations({ sourceId, window, service: "web" })),
    "ms",
    400,
  );
  report("the whole reply", await p95Ms(ROUNDS, () => facts({ sort: "duration" })), "ms", 250);
  report("the whole reply, by times slower than usual", await p95Ms(ROUNDS, () => facts({ sort: "usual" })), "ms", 500);
  report("the whole reply, one operation", await p95Ms(ROUNDS, () => facts({ operation: "GET /3" })), "ms", 120);
  report("the whole reply, failed ones", await p95Ms(ROUNDS, () => facts({ status: "error" })), "ms", 120);
} finally {
  await table.filler.stop();
  await source.close();
  await closeDatabase();
  await postgres.stop();
  fs.rmSync(dir, { recursive: true, force: true });
}
process.exit(exitCode());

async function readFirst(): Promise<void> {
  const child = fork(path.join(import.meta.dirname, "collector-process.ts"), {
    env: { ...process.env, OPS_TRACE_RETENTION_BYTES: "50000000000" },
  });
  const [ports] = (await once(child, "message")) as [{ otlpPort: number; jaegerApiPort: number }];
  const embedded = new JaegerSource({ url: `http://127.0.0.1:${ports.jaegerApiPort}` });
  try {
    await sendTraceLoad({ otlpPort: ports.otlpPort, count: ROWS, window: WINDOW });
    await embedded.listServices();
    const fresh = new FactTable({ source: embedded, library: new TraceLibrary(embedded), tellsLateSpans: true });
    await fresh.sourceId();
    const startMs = performance.now();
    const first = await getFacts(fresh, factsQuerySchema.parse(WINDOW));
    report(`first rows (${first.page.length}) of ${ROWS} traces never read`, performance.now() - startMs, "ms", 400);
    report("first rows, missing", 100 - first.page.length, "rows", 0);
    await fresh.filler.fill(fresh.windowOf(WINDOW), { waitMs: 120_000 });
    report("all of them read for the first time", (performance.now() - startMs) / 1000, "s", 10);
    const again = await p95Ms(5, () => getFacts(fresh, factsQuerySchema.parse(WINDOW)));
    report("asked again, nothing came meanwhile", again, "ms", 400);
    await fresh.filler.stop();
    await pool().query("delete from facts.source");
  } finally {
    await embedded.close();
    child.disconnect();
    await once(child, "exit");
  }
}

async function fillRows(sourceId: number): Promise<void> {
  await pool().query(
    `insert into facts.trace select $1, md5(n::text)::uuid, $2::bigint + (random() * 21600000000)::bigint,
       (80000 * exp(sqrt(-2 * ln(random() + 1e-12)) * cos(2 * pi() * random())))::bigint, 4 + n % 60,
       case when n % 100 = 0 then 1 else 0 end, 0, false, 'web', 'GET /' || n % 20, array['web', 'postgres'],
       '[["web", 2, 0], ["postgres", 2, 0]]'::jsonb
     from generate_series(1, $3::integer) n`,
    [sourceId, START_MS * 1000, ROWS],
  );
  await pool().query(
    "insert into facts.slice (source_id, from_us, to_us, held_count, is_settled, is_truncated) values ($1, $2, $3, $4, true, false)",
    [sourceId, WINDOW.start * 1000, WINDOW.end * 1000, ROWS],
  );
  await pool().query("vacuum analyze facts.trace");
}
