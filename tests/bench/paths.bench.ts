import { fork } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { sampleHour } from "@/features/sample-data/domain/sample-hour";
import { sendSampleTraces } from "@/features/sample-data/server/send-sample-traces";
import {
  bubbleUpBodySchema,
  compareQuerySchema,
  criticalPathQuerySchema,
  factsQuerySchema,
} from "@/features/traces/contract";
import { bubbleUpSelection, compare, getCriticalPaths, getTraceFacts, getUsual } from "@/features/traces/server";
import { sharedTraces } from "@/features/traces/server/shared-traces";
import { closeDatabase } from "@/server/db/client";
import { applySchemaMigrations } from "@/server/db/migrate";
import { startEmbeddedPostgres } from "@/server/postgres/embedded";
import { exitCode, p95Ms, report, tell } from "./bench-report";

// What the console says of many traces at once, over an hour of sample traffic in the embedded collector: the first answer,
// for which up to a hundred or two hundred traces are read whole, and p95 of ten further ones.
const TRACES = Number(process.argv[2] ?? 3000);
const ROUNDS = 10;
const PAGE = { service: "circuitverse-web", operation: "GET /users/:id" };
const END_MS = Date.now() - 600_000;
const WINDOW = { start: END_MS - 3_600_000, end: END_MS };

const dir = fs.mkdtempSync(path.join(os.tmpdir(), "ops-bench-"));
fs.chmodSync(dir, 0o755);
const postgres = await startEmbeddedPostgres({ dataDir: path.join(dir, "data") });
process.env.DATABASE_URL = postgres.url;
process.env.OPS_LOG_LEVEL = "error";
await applySchemaMigrations(postgres.url);
const child = fork(path.join(import.meta.dirname, "collector-process.ts"));
const [ports] = (await once(child, "message")) as [{ otlpPort: number; jaegerApiPort: number }];
process.env.JAEGER_URL = `http://127.0.0.1:${ports.jaegerApiPort}`;
const placed = [...sampleHour({ seed: 42, endUnixUs: END_MS * 1000, traceCount: TRACES })];
const pages = placed.filter(({ trace }) => trace.spans[0]?.name === PAGE.operation);
try {
  const signal = new AbortController().signal;
  await sendSampleTraces({ endpoint: `http://127.0.0.1:${ports.otlpPort}`, traces: placed, signal });
  tell(
    `spans of ${placed.length} traces`,
    placed.reduce((sum, { trace }) => sum + trace.spans.length, 0),
    "spans",
  );
  const traceId = pages.at(-1)?.trace.traceId ?? "";
  await both("what is usual", () => getUsual(traceId), { firstMs: 2500, againMs: 150 });
  const side = (version: string) => JSON.stringify({ ...PAGE, ...WINDOW, attributes: { "service.version": version } });
  const releases = compareQuerySchema.parse({ before: side("v3.14.1"), after: side("v3.14.2") });
  await both("two releases compared", () => compare(releases), { firstMs: 3500, againMs: 2500 });
  const slowest = criticalPathQuerySchema.parse({ ...PAGE, start: String(WINDOW.start), end: String(WINDOW.end) });
  await both("critical paths of the slowest 50", () => getCriticalPaths(slowest), { firstMs: 2000, againMs: 1500 });
  const { quantiles } = await getTraceFacts(factsQuerySchema.parse({ ...PAGE, ...WINDOW }));
  const minDurationUs = quantiles?.p90Us ?? 0;
  const body = bubbleUpBodySchema.parse({ search: { ...PAGE, ...WINDOW }, selection: { minDurationUs } });
  await both("what sets the slowest tenth apart", () => bubbleUpSelection(body), { firstMs: 3500, againMs: 2500 });
  const attributes = { "service.version": "v3.14.2" };
  const narrowed = bubbleUpBodySchema.parse({ ...body, search: { ...PAGE, ...WINDOW, attributes } });
  await both("the same with an attribute", () => bubbleUpSelection(narrowed), { firstMs: 4000, againMs: 3000 });
} finally {
  const { facts, source } = sharedTraces();
  await facts.filler.stop();
  await source.close();
  child.disconnect();
  await once(child, "exit");
  await closeDatabase();
  await postgres.stop();
  fs.rmSync(dir, { recursive: true, force: true });
}
process.exit(exitCode());

async function both(what: string, work: () => Promise<unknown>, budget: { firstMs: number; againMs: number }) {
  const startMs = performance.now();
  await work();
  report(`${what}, first`, performance.now() - startMs, "ms", budget.firstMs);
  report(`${what}, again`, await p95Ms(ROUNDS, work), "ms", budget.againMs);
}
