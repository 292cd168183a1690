import fs from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { preflightS3Migration } from "@/features/s3-migrations/server";
import { closeDatabase } from "@/server/db/client";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { startEngine } from "@/tests/support/s3-engine";
import { type S3World, startS3World } from "@/tests/support/s3-world";

let db: TestDatabase;
let world: S3World;
let engine: { stop: () => Promise<void> } | undefined;
const never = new AbortController().signal;

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

describe("preflight", () => {
  it("says what would be copied, what is there already and what cannot be, and leaves nothing behind", async () => {
    const root = await world.makeFiles({ a: "1", "b/c": "22", there: "same", other: "longer" });
    fs.symlinkSync("/etc/passwd", path.join(root, "link"));
    const bucket = await world.makeBucket();
    await world.put(bucket, "p/there", "same");
    await world.put(bucket, "p/other", "x");
    engine = startEngine();
    const reply = await preflightS3Migration(
      { source: { kind: "local", path: root }, destination: world.destination(bucket, { prefix: "p/" }) },
      never,
    );
    expect(reply).toMatchObject({
      isReady: true,
      abilities: { ifNoneMatch: true, enforcesChecksum: true, storesChecksum: true },
      inventory: { objects: 4, bytes: 13, isComplete: true, largest: { key: "other" } },
      collisions: { sameSize: 1, otherSize: 1, looked: 4 },
      keyProblems: [{ objects: 1, examples: ["link"] }],
    });
    expect([...(await world.hashBucket(bucket)).keys()].sort()).toEqual(["p/other", "p/there"]);
  });

  it("turns refusals of either store into failed checks with their sentence", async () => {
    engine = startEngine();
    const reply = await preflightS3Migration(
      { source: { kind: "local", path: "/no/such/directory" }, destination: world.destination("no-such-bucket") },
      never,
    );
    expect(reply.isReady).toBe(false);
    const failed = reply.checks.filter(({ outcome }) => outcome === "failed");
    expect(failed.map(({ side }) => side).sort()).toEqual(["destination", "source"]);
  });
});
