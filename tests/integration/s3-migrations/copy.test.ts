import fs from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createS3Migration, deleteS3Migration, sendCommand } from "@/features/s3-migrations/server";
import { listChunkBuckets, listFailures } from "@/features/s3-migrations/server/failure-repository";
import { getDetail } from "@/features/s3-migrations/server/migration-repository";
import { closeDatabase, pool } from "@/server/db/client";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { recount, startEngine, waitFor } from "@/tests/support/s3-engine";
import { hashFiles, makeManyFiles, type S3World, startS3World } from "@/tests/support/s3-world";

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

describe("a migration from a directory", () => {
  it("copies every file byte for byte and proves it by the stored checksum", async () => {
    const root = await world.makeFiles({});
    makeManyFiles(root, 600);
    fs.writeFileSync(path.join(root, "empty"), "");
    fs.writeFileSync(path.join(root, "naïve name +%2F 😀.png"), "unicode");
    const bucket = await world.makeBucket();
    engine = startEngine();
    const { id } = await createS3Migration(
      {
        name: "previews",
        source: { kind: "local", path: root },
        destination: world.destination(bucket, { prefix: "up/" }),
        options: { chunkObjects: 100 },
        start: true,
      },
      ada,
    );
    const done = await waitFor(id, ({ state }) => state === "verified");
    expect(done).toMatchObject({ inventory: { objects: 602 }, counts: { verified: 602 }, allowedVerbs: [] });
    expect(done.tiers).toEqual([{ tier: "stored", objects: 602, bytes: done.inventory.bytes }]);
    const source = await hashFiles(root);
    const copied = await world.hashBucket(bucket);
    expect([...copied].sort()).toEqual([...source].map(([key, hash]) => [`up/${key}`, hash]).sort());
    const { rows, chunks } = await recount(id);
    expect(rows).toEqual({ 3: 602 });
    expect(chunks).toMatchObject({ n: 602, verified: 602 });
    const { commands, samples } = await getDetail(id);
    expect(commands).toEqual([]);
    expect(samples.length).toBeGreaterThan(0);
    const { buckets } = await listChunkBuckets(id, 3);
    expect(buckets.reduce((sum, bar) => sum + bar.proven, 0)).toBe(602);
  });

  it("lists without starting, then starts when told", async () => {
    const root = await world.makeFiles({ a: "1", "b/c": "22" });
    const bucket = await world.makeBucket();
    engine = startEngine();
    const { id } = await createS3Migration(
      { name: "two", source: { kind: "local", path: root }, destination: world.destination(bucket) },
      ada,
    );
    const planned = await waitFor(id, ({ state }) => state === "planned");
    expect(planned.inventory).toMatchObject({ objects: 2, bytes: 3, chunks: 1 });
    expect((await world.hashBucket(bucket)).size).toBe(0);
    await sendCommand(id, { verb: "start" }, ada);
    await waitFor(id, ({ state }) => state === "verified");
    expect((await world.hashBucket(bucket)).size).toBe(2);
  });

  it("ends at once, verified, when there is nothing to do", async () => {
    const root = await world.makeFiles({});
    engine = startEngine();
    const destination = world.destination(await world.makeBucket());
    const { id } = await createS3Migration(
      { name: "nothing", source: { kind: "local", path: root }, destination, start: true },
      ada,
    );
    expect(await waitFor(id, ({ state }) => state === "verified")).toMatchObject({ inventory: { objects: 0 } });
  });

  it("never follows links and refuses keys S3 cannot hold, at plan time", async () => {
    const root = await world.makeFiles({ good: "1", "outside-target": "x" });
    fs.symlinkSync("/etc", path.join(root, "link-out"));
    fs.symlinkSync(path.join(root, "good"), path.join(root, "link-in"));
    const latin1 = Buffer.concat([Buffer.from(`${root}/gr`), Buffer.from([0xfc]), Buffer.from("n.png")]);
    fs.writeFileSync(latin1, "x");
    engine = startEngine();
    const bucket = await world.makeBucket();
    const { id } = await createS3Migration(
      { name: "odd", source: { kind: "local", path: root }, destination: world.destination(bucket), start: true },
      ada,
    );
    const done = await waitFor(id, ({ state }) => state === "failed");
    expect(done.counts).toMatchObject({ verified: 2, skipped_filtered: 2, failed: 1 });
    const { groups } = await listFailures(id, { limit: 10 });
    expect(groups.map(({ errorClass, code }) => [errorClass, code]).sort()).toEqual([
      ["invalid_key", "NotAFile"],
      ["invalid_key", "NotUtf8"],
    ]);
    expect([...(await world.hashBucket(bucket)).keys()].sort()).toEqual(["good", "outside-target"]);
  });

  it("reports a file deleted after listing as missing, not as failed", async () => {
    const root = await world.makeFiles({ a: "1", b: "2" });
    engine = startEngine();
    const bucket = await world.makeBucket();
    const { id } = await createS3Migration(
      { name: "gone", source: { kind: "local", path: root }, destination: world.destination(bucket) },
      ada,
    );
    await waitFor(id, ({ state }) => state === "planned");
    fs.rmSync(path.join(root, "b"));
    await sendCommand(id, { verb: "start" }, ada);
    const done = await waitFor(id, ({ state }) => state === "verified");
    expect(done.counts).toMatchObject({ verified: 1, missing_source: 1 });
  });

  it("lists a file edited after listing, and copies it as it then is when retried", async () => {
    const root = await world.makeFiles({ a: "1", b: "2" });
    engine = startEngine();
    const bucket = await world.makeBucket();
    const { id } = await createS3Migration(
      { name: "edited", source: { kind: "local", path: root }, destination: world.destination(bucket) },
      ada,
    );
    await waitFor(id, ({ state }) => state === "planned");
    fs.writeFileSync(path.join(root, "b"), "longer now");
    await sendCommand(id, { verb: "start" }, ada);
    const stuck = await waitFor(id, ({ state }) => state === "failed");
    expect(stuck.counts).toMatchObject({ verified: 1, source_changed: 1 });
    await sendCommand(id, { verb: "retry_failed" }, ada);
    const done = await waitFor(id, ({ state }) => state === "verified");
    expect(done).toMatchObject({ counts: { verified: 2 }, inventory: { bytes: 11 } });
    expect([...(await world.hashBucket(bucket))].sort()).toEqual([...(await hashFiles(root))].sort());
  });
});

describe("what is at the destination already", () => {
  it("is recognised when identical and never overwritten when not", async () => {
    const root = await world.makeFiles({ same: "equal", other: "mine!", new: "new" });
    const bucket = await world.makeBucket();
    await world.put(bucket, "same", "equal");
    await world.put(bucket, "other", "yours");
    engine = startEngine();
    const { id } = await createS3Migration(
      { name: "there", source: { kind: "local", path: root }, destination: world.destination(bucket), start: true },
      ada,
    );
    const done = await waitFor(id, ({ state }) => state === "failed");
    expect(done.counts).toMatchObject({ verified: 2, conflict: 1 });
    const { failures } = await listFailures(id, { limit: 10 });
    expect(failures).toMatchObject([{ key: "other", state: "conflict", errorClass: "conflict", code: "KeyExists" }]);
    const after = await world.hashBucket(bucket);
    expect(after.get("other")).not.toBe((await hashFiles(root)).get("other"));
  });
});

describe("a migration from a bucket", () => {
  it("copies under a prefix, streams large objects and cuts larger ones into parts", async () => {
    const from = await world.makeBucket();
    const to = await world.makeBucket();
    await world.put(from, "old/small", "s");
    await world.put(from, "old/x//y", "double slash");
    await world.put(from, "old/big", Buffer.alloc(17 * 1024 * 1024 + 5, "b"));
    await world.put(from, "old/huge", Buffer.alloc(26 * 1024 * 1024 + 7, "h"));
    await world.put(from, "elsewhere", "not this one");
    engine = startEngine();
    const { id } = await createS3Migration(
      {
        name: "buckets",
        source: world.destination(from, { prefix: "old/" }),
        destination: world.destination(to, { prefix: "new/" }),
        options: { multipartThresholdBytes: 20 * 1024 * 1024, partSizeBytes: 5 * 1024 * 1024, verify: "read_back" },
        start: true,
      },
      ada,
    );
    const done = await waitFor(id, ({ state }) => state === "verified");
    expect(done.counts.verified).toBe(4);
    const source = [...(await world.hashBucket(from))].filter(([key]) => key.startsWith("old/"));
    const expected = source.map(([key, hash]) => [key.replace(/^old/, "new"), hash]).sort();
    expect([...(await world.hashBucket(to))].sort()).toEqual(expected);
  });
});

describe("commands", () => {
  it("pauses within five seconds, resumes where it was, and keeps both in the audit", async () => {
    const root = await world.makeFiles({});
    makeManyFiles(root, 300);
    const bucket = await world.makeBucket();
    engine = startEngine();
    const { id } = await createS3Migration(
      {
        name: "slow",
        source: { kind: "local", path: root },
        destination: world.destination(bucket),
        options: { maxObjectsPerSecond: 100 },
        start: true,
      },
      ada,
    );
    await waitFor(id, ({ state, counts }) => state === "running" && counts.copied > 20);
    const before = performance.now();
    await sendCommand(id, { verb: "pause", reason: "peak hours" }, ada);
    const paused = await waitFor(id, ({ state }) => state === "paused");
    expect(performance.now() - before).toBeLessThan(5000);
    expect(paused.counts.copied).toBeLessThan(300);
    expect(paused.allowedVerbs).toContain("resume");
    await sendCommand(id, { verb: "resume" }, ada);
    await waitFor(id, ({ state }) => state === "verified");
    const { rows } = await pool().query("select actor, action from audit_event where subject = $1 order by id", [
      `s3-migration:${id}`,
    ]);
    expect(rows.map(({ action }) => action)).toEqual([
      "s3-migration.create",
      "s3-migration.pause",
      "s3-migration.resume",
    ]);
    expect((await getDetail(id)).commands.every(({ appliedAt }) => appliedAt !== null)).toBe(true);
  });

  it("refuses stale and meaningless commands and takes a repeated one once", async () => {
    const root = await world.makeFiles({ a: "1" });
    const { id } = await createS3Migration(
      { name: "idle", source: { kind: "local", path: root }, destination: world.destination(await world.makeBucket()) },
      ada,
    );
    await expect(sendCommand(id, { verb: "resume" }, ada)).rejects.toMatchObject({ code: "conflict" });
    const once = await sendCommand(id, { verb: "cancel", expectedVersion: 0, idempotencyKey: "same-key" }, ada);
    const twice = await sendCommand(id, { verb: "cancel", expectedVersion: 0, idempotencyKey: "same-key" }, ada);
    expect(twice.commandVersion).toBe(once.commandVersion);
    await expect(sendCommand(id, { verb: "cancel", expectedVersion: 0 }, ada)).rejects.toMatchObject({
      code: "conflict",
    });
    engine = startEngine();
    await waitFor(id, ({ state }) => state === "cancelled");
    await expect(deleteS3Migration(id, ada)).resolves.toBe(true);
    await expect(getDetail(id)).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("a whole store that refuses", () => {
  it("stops the migration once, with the reason, when credentials are refused", async () => {
    const root = await world.makeFiles({ a: "1" });
    engine = startEngine();
    const destination = world.destination("no-such-bucket-here");
    const { id } = await createS3Migration(
      { name: "nowhere", source: { kind: "local", path: root }, destination, start: true },
      ada,
    );
    const stopped = await waitFor(id, ({ state }) => state === "failed");
    expect(stopped.stopped).toMatchObject({ errorClass: "config" });
    expect(stopped.stopped?.message).toContain("NoSuchBucket");
  });
});
