import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { S3MigrationSnapshot } from "@/features/s3-migrations/contract";
import { createS3Migration } from "@/features/s3-migrations/server";
import { getSnapshot } from "@/features/s3-migrations/server/migration-repository";
import { closeDatabase } from "@/server/db/client";
import { applySchemaMigrations } from "@/server/db/migrate";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "@/server/postgres/embedded";
import { recount } from "@/tests/support/s3-engine";
import { startWorker, type WorkerChild } from "@/tests/support/s3-workers";
import { hashFiles, makeManyFiles, type S3World, startS3World } from "@/tests/support/s3-world";
import { until } from "@/tests/support/until";

const FILES = 1500;
const dir = mkdtempSync(path.join(os.tmpdir(), "ops-pg-restart-"));
let postgres: EmbeddedPostgres;
let world: S3World;
let worker: WorkerChild | undefined;

beforeAll(async () => {
  // Postgres has a user of its own when the tests run as root.
  chmodSync(dir, 0o755);
  postgres = await startEmbeddedPostgres({ dataDir: path.join(dir, "data") });
  process.env.DATABASE_URL = postgres.url;
  await applySchemaMigrations(postgres.url);
  world = await startS3World();
});
afterAll(async () => {
  await worker?.stop();
  await world.stop();
  await closeDatabase();
  await postgres.stop();
  rmSync(dir, { recursive: true, force: true });
});

const reach = (id: string, isThere: (snapshot: S3MigrationSnapshot) => boolean) =>
  until("the copy goes on", () => getSnapshot(id).then(isThere, () => false), 90_000);

it("a database that is stopped, then killed, while workers copy: it is waited for and nothing is counted twice", {
  timeout: 240_000,
}, async () => {
  const root = await world.makeFiles({});
  makeManyFiles(root, FILES);
  const bucket = await world.makeBucket();
  const { id } = await createS3Migration(
    {
      name: "restart",
      source: { kind: "local", path: root },
      destination: world.destination(bucket),
      options: { chunkObjects: 100, limits: { objectsPerSecond: 300 } },
      start: true,
    },
    { name: "ada" },
  );
  worker = await startWorker();
  const ends = [() => postgres.stop(), async () => void process.kill(postgres.pid, "SIGKILL")];
  for (const [round, end] of ends.entries()) {
    await reach(id, ({ counts }) => counts.copied > 150 + round * 450);
    const { port } = postgres;
    await end();
    await postgres.exited;
    postgres = await startEmbeddedPostgres({ dataDir: path.join(dir, "data"), port });
  }
  await reach(id, ({ state }) => state === "verified");
  expect([...(await world.hashBucket(bucket))].sort()).toEqual([...(await hashFiles(root))].sort());
  const { rows, chunks } = await recount(id);
  expect(rows).toEqual({ 3: FILES });
  expect(chunks).toMatchObject({ n: FILES, verified: FILES, pending: 0, failed: 0 });
});
