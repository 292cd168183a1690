import fs from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createS3Migration, listS3Migrations, s3EngineTask } from "@/features/s3-migrations/server";
import { closeDatabase } from "@/server/db/client";
import { applySchemaMigrations } from "@/server/db/migrate";
import { startLocalS3 } from "@/server/local-s3/start-local-s3";
import { startEmbeddedPostgres } from "@/server/postgres/embedded";

// A bucket of a million keys is listed, stored and sealed: the list must never be held in memory. The source is a
// server that makes its pages up, so that the figure is the engine's.
const KEYS = Number(process.argv[2] ?? 1_000_000);
const PAGE = 1000;
const LIMIT_MS = 120_000;
const BUDGET_PER_SECOND = 10_000;
const BUDGET_RSS_MB = 300;

const dir = fs.mkdtempSync(path.join(os.tmpdir(), "ops-bench-list-"));
fs.chmodSync(dir, 0o755);
const postgres = await startEmbeddedPostgres({ dataDir: path.join(dir, "pg") });
process.env.DATABASE_URL = postgres.url;
process.env.OPS_LOG_LEVEL = "error";
await applySchemaMigrations(postgres.url);
const source = await startMadeUpBucket();
const destination = await startLocalS3({ dataDir: path.join(dir, "s3"), buckets: ["bench"] });
let peakBytes = 0;
const memory = setInterval(() => {
  peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
}, 50);
const stop = new AbortController();
const engine = s3EngineTask.run(stop.signal);
let isMissed = false;
try {
  const startedMs = performance.now();
  const profile = "ops-console-local";
  const plan = {
    name: "list",
    source: { kind: "s3" as const, bucket: "made-up", endpoint: source.endpoint, profile },
    destination: { kind: "s3" as const, bucket: "bench", endpoint: destination.endpoint, profile },
  };
  await createS3Migration(plan, { name: "bench" });
  const listed = await waitForPlan(startedMs);
  const elapsedMs = performance.now() - startedMs;
  process.stdout.write(`load average ${os.loadavg()[0]?.toFixed(1)}; ${listed} keys in ${Math.round(elapsedMs)} ms\n`);
  report("list and seal", listed / (elapsedMs / 1000), "keys/s", BUDGET_PER_SECOND, "least");
  report("memory, peak", peakBytes / 1e6, "MB", BUDGET_RSS_MB, "most");
} finally {
  clearInterval(memory);
  stop.abort();
  await engine;
  source.stop();
  await destination.stop();
  await closeDatabase();
  await postgres.stop();
  fs.rmSync(dir, { recursive: true, force: true });
}
process.exit(isMissed ? 1 : 0);

/** Objects of the sealed inventory, or those listed when the time is over; throws when the migration stops. */
async function waitForPlan(startedMs: number): Promise<number> {
  for (;;) {
    const [snapshot] = await listS3Migrations();
    if (snapshot?.state === "planned") return snapshot.inventory.objects;
    if (snapshot?.state === "failed") throw new Error(snapshot.stopped?.message);
    if (performance.now() - startedMs > LIMIT_MS) {
      isMissed = true;
      process.stdout.write(`MISS not sealed after ${LIMIT_MS / 1000} s\n`);
      return snapshot?.inventory.objects ?? 0;
    }
    await sleep(100);
  }
}

async function startMadeUpBucket(): Promise<{ endpoint: string; stop: () => void }> {
  const server = http.createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? "/", "http://source");
    const after = searchParams.get("continuation-token") ?? searchParams.get("start-after")?.slice(-9) ?? "-1";
    response.end(pageFrom(Number(after) + 1));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { endpoint: `http://127.0.0.1:${port}`, stop: () => void server.closeAllConnections() };
}

function pageFrom(first: number): string {
  const last = Math.min(KEYS, first + PAGE) - 1;
  let entries = "";
  for (let at = first; at <= last; at += 1) {
    const number = String(at).padStart(9, "0");
    const size = 5000 + (at % 15_000);
    entries += `<Contents><Key>uploads/project/image_preview/preview_${number}</Key><Size>${size}</Size><ETag>"${number}"</ETag></Contents>`;
  }
  const more = `<NextContinuationToken>${last}</NextContinuationToken>`;
  const isTruncated = last < KEYS - 1;
  return `<ListBucketResult><IsTruncated>${isTruncated}</IsTruncated>${isTruncated ? more : ""}${entries}</ListBucketResult>`;
}

function report(name: string, value: number, unit: string, budget: number, bound: "least" | "most"): void {
  const isMet = bound === "least" ? value >= budget : value <= budget;
  if (!isMet) isMissed = true;
  process.stdout.write(`${isMet ? "ok  " : "MISS"} ${name}: ${Math.round(value)} ${unit} (at ${bound} ${budget})\n`);
}
