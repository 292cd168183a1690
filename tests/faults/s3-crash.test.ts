import { describe, expect, it } from "vitest";
import { createS3Migration } from "@/features/s3-migrations/server";
import { pool } from "@/server/db/client";
import { recount, waitFor } from "@/tests/support/s3-engine";
import { setS3Stage } from "@/tests/support/s3-stage";
import { hashFiles, makeManyFiles } from "@/tests/support/s3-world";
import { until } from "@/tests/support/until";

const stage = setS3Stage();

const FILES = 1500;

async function startMigration(perSecond: number) {
  const root = await stage.world.makeFiles({});
  makeManyFiles(root, FILES);
  const bucket = await stage.world.makeBucket();
  const { id } = await createS3Migration(
    {
      name: "crash",
      source: { kind: "local", path: root },
      destination: stage.world.destination(bucket),
      options: { chunkObjects: 100, limits: { objectsPerSecond: perSecond } },
      start: true,
    },
    { name: "ada" },
  );
  return { root, bucket, id };
}

/** The oracle shares no code with the engine: it lists and hashes both sides, and counts the rows anew. */
async function expectAllThere({ root, bucket, id }: { root: string; bucket: string; id: string }): Promise<void> {
  const [source, copied] = [await hashFiles(root), await stage.world.hashBucket(bucket)];
  expect(copied.size).toBe(FILES);
  expect([...copied].sort()).toEqual([...source].sort());
  const { rows, chunks } = await recount(id);
  expect(rows).toEqual({ 3: FILES });
  expect(chunks).toMatchObject({ n: FILES, verified: FILES, pending: 0, failed: 0 });
}

describe("a worker frozen past its lease", () => {
  it("is refused by the fence when it wakes, and the sums stay exact", { timeout: 120_000 }, async () => {
    const migration = await startMigration(400);
    const zombie = await stage.addWorker();
    await waitFor(migration.id, ({ counts }) => counts.copied > 50);
    zombie.process.kill("SIGSTOP");
    await stage.addWorker();
    // The other one takes the frozen one's chunks once the database says that their leases ended.
    const fenced =
      "select max(fence) as fence from s3.chunk where migration_no = (select no from s3_migration where id = $1)";
    await until("another worker holds a chunk of the frozen one", async () => {
      const { rows } = await pool().query<{ fence: number }>(fenced, [migration.id]);
      return (rows[0]?.fence ?? 0) >= 2;
    });
    zombie.process.kill("SIGCONT");
    await waitFor(migration.id, ({ state }) => state === "verified", 90_000);
    await expectAllThere(migration);
  });

  it("leads no longer: while it is frozen another one brings its migrations to their end", {
    timeout: 120_000,
  }, async () => {
    const migration = await startMigration(800);
    const frozen = await stage.addWorker();
    await waitFor(migration.id, ({ counts }) => counts.copied > 50);
    frozen.process.kill("SIGSTOP");
    await stage.addWorker();
    await waitFor(migration.id, ({ state }) => state === "verified", 60_000);
    frozen.process.kill("SIGCONT");
    await expectAllThere(migration);
  });
});
