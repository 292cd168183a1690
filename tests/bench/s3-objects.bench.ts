import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { objectsQuerySchema } from "@/features/s3-migrations/contract";
import { getS3Object, listS3Objects } from "@/features/s3-migrations/server";
import { listFailures } from "@/features/s3-migrations/server/failure-repository";
import { closeDatabase } from "@/server/db/client";
import { applySchemaMigrations } from "@/server/db/migrate";
import { startEmbeddedPostgres } from "@/server/postgres/embedded";
import { makeInventory } from "../support/s3-inventory";
import { reportFigure } from "./report-figure";

// Every question the explorer asks, over an inventory of a million objects: no page may keep a reader waiting.
const OBJECTS = Number(process.argv[2] ?? 1_000_000);
const BUDGET_MS = 250;
const RUNS = 5;

const dir = fs.mkdtempSync(path.join(os.tmpdir(), "ops-bench-objects-"));
fs.chmodSync(dir, 0o755);
const postgres = await startEmbeddedPostgres({ dataDir: path.join(dir, "pg") });
process.env.DATABASE_URL = postgres.url;
process.env.OPS_LOG_LEVEL = "error";
try {
  await applySchemaMigrations(postgres.url);
  const { id } = await makeInventory({ objects: OBJECTS, state: "case when i % 16384 = 77 then 6 else 3 end" });
  const middle = `k/${String(Math.floor(OBJECTS / 2)).padStart(9, "0")}`;
  const last = `k/${String(OBJECTS - 1).padStart(9, "0")}`;
  console.log(`objects: pages of ${OBJECTS} rows, best of ${RUNS}; load average ${os.loadavg()[0]?.toFixed(1)}`);
  const page = (query: Parameters<typeof objectsQuerySchema.parse>[0]) => () =>
    listS3Objects(id, objectsQuerySchema.parse(query));
  await time("first page", page({}));
  await time("last page", page({ order: "desc" }));
  await time("prefix in the middle", page({ prefix: middle.slice(0, -3) }));
  await time("from a key in the middle", page({ from: middle }));
  await time("rare state", page({ state: "to_decide" }));
  await time("tier", page({ tier: "stored", cursor: OBJECTS / 2 }));
  await time("text, one page of the search", page({ search: last }));
  await time("failures by cause", () => listFailures(id, { limit: 100 }));
  await time("one object", () => getS3Object(id, OBJECTS - 1));
} finally {
  await closeDatabase();
  await postgres.stop();
  fs.rmSync(dir, { recursive: true, force: true });
}
process.exit();

async function time(what: string, ask: () => Promise<unknown>): Promise<void> {
  let bestMs = Number.POSITIVE_INFINITY;
  for (let run = 0; run < RUNS; run += 1) {
    const startedMs = performance.now();
    await ask();
    bestMs = Math.min(bestMs, performance.now() - startedMs);
  }
  reportFigure({ what, value: bestMs, unit: "ms", budget: BUDGET_MS });
}
