import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { createS3Migration } from "@/features/s3-migrations/server";
import { listFailures } from "@/features/s3-migrations/server/failure-repository";
import { getSnapshot } from "@/features/s3-migrations/server/migration-repository";
import { waitFor, wrongChunks, wrongTotals } from "@/tests/support/s3-engine";
import { setS3Stage } from "@/tests/support/s3-stage";
import { seededRandom, type WorkerChild } from "@/tests/support/s3-workers";
import { hashFiles, makeManyFiles, type S3World } from "@/tests/support/s3-world";

const SEED = Number(process.env.CHAOS_SEED ?? 42);
/** A few by default; `npm run faults:kills` does 200. */
const KILLS = Number(process.env.KILLS ?? 5);
const MIB = 1024 * 1024;
const FILES = 400;
const END = new Set(["verified", "failed", "auto_stopped"]);

/** A look at both sides by another program: throws when they differ. */
export type Checker = (root: string, world: S3World, bucket: string) => Promise<void>;

/** Workers are killed at random moments, over migration after migration, and every sum is counted anew after each. */
export function describeKills(server: string, openWorld: () => Promise<S3World>, check?: Checker): void {
  const stage = setS3Stage(openWorld);

  async function begin() {
    const root = await stage.world.makeFiles({ "large.bin": Buffer.alloc(22 * MIB + 1, "l"), empty: "" });
    makeManyFiles(root, FILES);
    const bucket = await stage.world.makeBucket();
    const { id } = await createS3Migration(
      {
        name: "kills",
        source: { kind: "local", path: root },
        destination: stage.world.destination(bucket),
        options: {
          ...{ chunkObjects: 50, limits: { objectsPerSecond: 150 }, concurrency: 8 },
          ...{ multipartThresholdBytes: 17 * MIB, partSizeBytes: 5 * MIB },
        },
        start: true,
      },
      { name: "ada" },
    );
    return { id, root, bucket };
  }

  async function end({ id, root, bucket }: Awaited<ReturnType<typeof begin>>): Promise<void> {
    const done = await waitFor(id, ({ state }) => END.has(state), 120_000);
    // First, since it says why.
    expect((await listFailures(id, { limit: 10 })).groups).toEqual([]);
    expect(done).toMatchObject({ state: "verified", counts: { verified: FILES + 2, failed: 0, conflict: 0 } });
    expect(await wrongTotals(id)).toEqual([]);
    expect([...(await stage.world.hashBucket(bucket))].sort()).toEqual([...(await hashFiles(root))].sort());
    expect(await stage.world.openUploads(bucket)).toEqual([]);
    await check?.(root, stage.world, bucket);
  }

  describe(`${KILLS} kills of workers that copy to ${server} (seed ${SEED})`, () => {
    it("lose nothing, double nothing, and move no sum", { timeout: KILLS * 20_000 + 180_000 }, async () => {
      const random = seededRandom(SEED);
      let migration = await begin();
      const pool: WorkerChild[] = [await stage.addWorker(), await stage.addWorker()];
      for (let kill = 1; kill <= KILLS; kill += 1) {
        await sleep(50 + random() * 900);
        const at = Math.floor(random() * pool.length);
        const [victim] = pool.splice(at, 1);
        if (victim !== undefined) await stage.kill(victim);
        expect(await wrongChunks(migration.id), `kill ${kill}, seed ${SEED}`).toEqual([]);
        pool.push(await stage.addWorker());
        if (!END.has((await getSnapshot(migration.id)).state)) continue;
        await end(migration);
        migration = await begin();
      }
      await end(migration);
    });
  });
}
