import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { objectsQuerySchema } from "@/features/s3-migrations/contract";
import { createS3Migration, getS3Object, listS3Migrations, listS3Objects } from "@/features/s3-migrations/server";
import { claimChunk, listOpenObjects, releaseChunk } from "@/features/s3-migrations/server/engine/chunk-repository";
import { listWatched, sumChunks } from "@/features/s3-migrations/server/engine/leader-repository";
import { type Plan, sealPass } from "@/features/s3-migrations/server/engine/seal-repository";
import { listFailures } from "@/features/s3-migrations/server/failure-repository";
import { getSnapshot } from "@/features/s3-migrations/server/migration-repository";
import { closeDatabase, pool, transaction } from "@/server/db/client";
import { applySchemaMigrations } from "@/server/db/migrate";
import { startEmbeddedPostgres } from "@/server/postgres/embedded";
import { reportFigure } from "./report-figure";

// A made-up listing is sealed as a real one is; then everything that a screen, a worker or the leader asks of it is timed.
// npm run bench -- s3-scale [OBJECTS]
const OBJECTS = Number(process.argv[2] ?? 1_000_000);
const BUDGET_MS = 250;
/** Of a claim and of the rows of one chunk: a worker asks for them every thousand objects. */
const CHUNK_BUDGET_MS = 50;
/** Sealing holds nobody up but its own migration. */
const SEAL_BUDGET_US = 40;
const RUNS = 5;

const dir = fs.mkdtempSync(path.join(process.env.OPS_BENCH_DIR ?? os.tmpdir(), "ops-bench-scale-"));
fs.chmodSync(dir, 0o755);
const postgres = await startEmbeddedPostgres({ dataDir: path.join(dir, "pg") });
process.env.DATABASE_URL = postgres.url;
process.env.OPS_LOG_LEVEL = "error";
try {
  await applySchemaMigrations(postgres.url);
  const { id, plan } = await makeListing();
  console.log(`${OBJECTS} objects, load average ${os.loadavg()[0]?.toFixed(1)}`);
  const startedMs = performance.now();
  await transaction((client) => sealPass(client, plan));
  const sealUs = ((performance.now() - startedMs) * 1000) / OBJECTS;
  reportFigure({ what: "seal, each object", value: sealUs, unit: "µs", budget: SEAL_BUDGET_US });
  await pool().query(`analyze s3.object_${plan.no}, s3.chunk`);
  await timeScreens(id);
  await timeEngine(plan.no);
} finally {
  await closeDatabase();
  await postgres.stop();
  fs.rmSync(dir, { recursive: true, force: true });
}
process.exit();

/** As the lister leaves it: keys in no order, folded numbers that hardly ever meet. */
async function makeListing(): Promise<{ id: string; plan: Plan }> {
  const source = { kind: "local", path: "/nowhere" } as const;
  const destination = { kind: "s3", bucket: "nowhere", prefix: "", endpoint: "http://127.0.0.1:9" } as const;
  const { id } = await createS3Migration({ name: "scale", source, destination }, { name: "bench" });
  const { rows } = await pool().query<Plan>("select no, source, destination, options from s3_migration where id = $1", [
    id,
  ]);
  const plan = rows[0];
  if (plan === undefined) throw new Error("the migration is gone");
  await pool().query(`create table s3.listing_${plan.no} (
    key text collate "C" not null, size bigint not null, fingerprint text not null, dst_key text collate "C",
    expected jsonb, fold bigint, state smallint not null, class text, code text, message text)`);
  await pool().query(
    `insert into s3.listing_${plan.no} (key, size, fingerprint, fold, state)
     select 'uploads/project/image_preview/' || lpad(((i::bigint * 7919) % $1)::text, 9, '0') || '.png', 5000 + i % 15000,
            md5(i::text), hashint8extended(i, 1) / 2048, 0 from generate_series(0, $1 - 1) i`,
    [OBJECTS],
  );
  return { id, plan };
}

async function timeScreens(id: string): Promise<void> {
  const page = (query: Parameters<typeof objectsQuerySchema.parse>[0]) => () =>
    listS3Objects(id, objectsQuerySchema.parse(query));
  const middle = `uploads/project/image_preview/${String(Math.floor(OBJECTS / 2)).padStart(9, "0")}`;
  await time("list of migrations", listS3Migrations);
  await time("one migration", () => getSnapshot(id));
  await time("first page of objects", page({}));
  await time("last page", page({ order: "desc" }));
  await time("prefix in the middle", page({ prefix: middle.slice(0, -2) }));
  await time("from a key in the middle", page({ from: middle }));
  await time("a state nothing has", page({ state: "to_decide" }));
  await time("failures by cause", () => listFailures(id, { limit: 100 }));
  await time("one object", () => getS3Object(id, OBJECTS - 1));
}

async function timeEngine(no: number): Promise<void> {
  await time("what the leader watches", listWatched);
  await time("sums of all chunks (progress)", () => sumChunks(no));
  const claim = () =>
    claimChunk({
      migrationNo: no,
      phase: "copy",
      work: "copy",
      owner: "bench",
      leaseMs: 30_000,
      held: [],
      concurrency: 1,
    });
  await time("claim a chunk", claim, CHUNK_BUDGET_MS);
  // The last of them: whatever is done stands before it.
  await pool().query(
    `update s3.chunk set copied = pending, pending = 0, tier_none = pending, bytes_none = bytes_waiting, bytes_waiting = 0
      where migration_no = $1 and chunk_id < (select max(chunk_id) from s3.chunk where migration_no = $1)`,
    [no],
  );
  await time("claim the last chunk", claim, CHUNK_BUDGET_MS);
  const lease = await claim();
  if (lease === undefined) throw new Error("no chunk is free");
  await time("rows of a chunk", () => listOpenObjects(lease, "copy"), CHUNK_BUDGET_MS);
  await releaseChunk(lease, undefined);
}

async function time(what: string, ask: () => Promise<unknown>, budget = BUDGET_MS): Promise<void> {
  let bestMs = Number.POSITIVE_INFINITY;
  for (let run = 0; run < RUNS; run += 1) {
    const startedMs = performance.now();
    await ask();
    bestMs = Math.min(bestMs, performance.now() - startedMs);
  }
  reportFigure({ what, value: bestMs, unit: "ms", budget });
}
