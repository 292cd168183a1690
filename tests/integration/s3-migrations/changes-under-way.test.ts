import fs from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createS3Migration, deleteS3Migration, sendCommand } from "@/features/s3-migrations/server";
import { closeDatabase, pool } from "@/server/db/client";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { startEngine, waitFor } from "@/tests/support/s3-engine";
import { makeManyFiles, type S3World, startS3World } from "@/tests/support/s3-world";

const MIB = 1024 * 1024;
const ada = { name: "ada" };
let db: TestDatabase;
let world: S3World;
let engine: { stop: () => Promise<void> } | undefined;

beforeAll(async () => {
  db = await createTestDatabase();
  world = await startS3World();
});
afterEach(async () => {
  await engine?.stop();
  engine = undefined;
});
afterAll(async () => {
  await world.stop();
  await closeDatabase();
  await db.drop();
});

describe("a migration under way", () => {
  it("reads a file that has grown since in parts, by its size now", async () => {
    const root = await world.makeFiles({ a: "1" });
    engine = startEngine();
    const options = { multipartThresholdBytes: 20 * MIB, partSizeBytes: 5 * MIB };
    const destination = world.destination(await world.makeBucket());
    const { id } = await createS3Migration(
      { name: "grown", source: { kind: "local", path: root }, destination, options },
      ada,
    );
    await waitFor(id, ({ state }) => state === "planned");
    fs.writeFileSync(path.join(root, "a"), Buffer.alloc(40 * MIB, 1));
    await sendCommand(id, { verb: "start" }, ada);
    await waitFor(id, ({ state }) => state === "failed");
    await sendCommand(id, { verb: "retry_failed" }, ada);
    await waitFor(id, ({ state }) => state === "verified");
    const { rows } = await pool().query("select etag, size from s3.object");
    expect(rows).toContainEqual({ etag: expect.stringMatching(/-8$/), size: 40 * MIB });
  });

  it("finds a key that its prefix makes too long while planning", async () => {
    const from = await world.makeBucket();
    await world.put(from, "k".repeat(1000), "1");
    engine = startEngine();
    const destination = world.destination(await world.makeBucket(), { prefix: "p".repeat(100) });
    const { id } = await createS3Migration({ name: "long", source: world.destination(from), destination }, ada);
    const planned = await waitFor(id, ({ state }) => state === "planned");
    expect(planned.counts).toMatchObject({ failed: 1, pending: 0 });
  });

  it("is forgotten while workers copy it, without one waiting for the other", { timeout: 60_000 }, async () => {
    engine = startEngine();
    for (let round = 0; round < 5; round += 1) {
      const root = await world.makeFiles({});
      makeManyFiles(root, 300);
      const destination = world.destination(await world.makeBucket());
      const source = { kind: "local" as const, path: root };
      const options = { chunkObjects: 50 };
      const { id } = await createS3Migration({ name: "forgotten", source, destination, options, start: true }, ada);
      await waitFor(id, ({ counts }) => counts.copied + counts.verified > 20);
      await expect(deleteS3Migration(id, ada)).resolves.toBe(true);
    }
  });
});
