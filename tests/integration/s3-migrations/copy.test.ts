import fs from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { createS3Migration, deleteS3Migration, sendCommand } from "@/features/s3-migrations/server";
import { listFailures } from "@/features/s3-migrations/server/failure-repository";
import { getDetail } from "@/features/s3-migrations/server/migration-repository";
import { pool } from "@/server/db/client";
import { waitFor } from "@/tests/support/s3-engine";
import { setS3Stage } from "@/tests/support/s3-stage";
import { hashFiles, makeManyFiles } from "@/tests/support/s3-world";

const stage = setS3Stage();

const ada = { name: "ada" };

describe("a migration from a directory", () => {
  it("lists without starting, then starts when told", async () => {
    const root = await stage.world.makeFiles({ a: "1", "b/c": "22" });
    const bucket = await stage.world.makeBucket();
    stage.runEngine();
    const { id } = await createS3Migration(
      { name: "two", source: { kind: "local", path: root }, destination: stage.world.destination(bucket) },
      ada,
    );
    const planned = await waitFor(id, ({ state }) => state === "planned");
    expect(planned.inventory).toMatchObject({ objects: 2, bytes: 3, chunks: 1 });
    expect((await stage.world.hashBucket(bucket)).size).toBe(0);
    await sendCommand(id, { verb: "start", unplanned: true }, ada);
    await waitFor(id, ({ state }) => state === "verified");
    expect((await stage.world.hashBucket(bucket)).size).toBe(2);
  });

  it("ends at once, verified, when there is nothing to do", async () => {
    const root = await stage.world.makeFiles({});
    stage.runEngine();
    const destination = stage.world.destination(await stage.world.makeBucket());
    const { id } = await createS3Migration(
      { name: "nothing", source: { kind: "local", path: root }, destination, start: true },
      ada,
    );
    expect(await waitFor(id, ({ state }) => state === "verified")).toMatchObject({ inventory: { objects: 0 } });
  });

  it("never follows links and refuses keys S3 cannot hold, at plan time", async () => {
    const root = await stage.world.makeFiles({ good: "1", "outside-target": "x" });
    fs.symlinkSync("/etc", path.join(root, "link-out"));
    fs.symlinkSync(path.join(root, "good"), path.join(root, "link-in"));
    const latin1 = Buffer.concat([Buffer.from(`${root}/gr`), Buffer.from([0xfc]), Buffer.from("n.png")]);
    fs.writeFileSync(latin1, "x");
    stage.runEngine();
    const bucket = await stage.world.makeBucket();
    const { id } = await createS3Migration(
      { name: "odd", source: { kind: "local", path: root }, destination: stage.world.destination(bucket), start: true },
      ada,
    );
    const done = await waitFor(id, ({ state }) => state === "failed");
    expect(done.counts).toMatchObject({ verified: 2, skipped_filtered: 2, failed: 1 });
    const { groups } = await listFailures(id, { limit: 10 });
    expect(groups.map(({ errorClass, code }) => [errorClass, code]).sort()).toEqual([
      ["invalid_key", "NotAFile"],
      ["invalid_key", "NotUtf8"],
    ]);
    expect([...(await stage.world.hashBucket(bucket)).keys()].sort()).toEqual(["good", "outside-target"]);
  });

  it("reports a file deleted after listing as missing, not as failed", async () => {
    const root = await stage.world.makeFiles({ a: "1", b: "2" });
    stage.runEngine();
    const bucket = await stage.world.makeBucket();
    const { id } = await createS3Migration(
      { name: "gone", source: { kind: "local", path: root }, destination: stage.world.destination(bucket) },
      ada,
    );
    await waitFor(id, ({ state }) => state === "planned");
    fs.rmSync(path.join(root, "b"));
    await sendCommand(id, { verb: "start", unplanned: true }, ada);
    const done = await waitFor(id, ({ state }) => state === "verified");
    expect(done.counts).toMatchObject({ verified: 1, missing_source: 1 });
  });

  it("lists a file edited after listing, and copies it as it then is when retried", async () => {
    const root = await stage.world.makeFiles({ a: "1", b: "2" });
    stage.runEngine();
    const bucket = await stage.world.makeBucket();
    const { id } = await createS3Migration(
      {
        name: "edited",
        source: { kind: "local", path: root },
        destination: stage.world.destination(bucket),
        // A look after the copy would find the edit and take it by itself.
        options: { maxDeltaPasses: 0 },
      },
      ada,
    );
    await waitFor(id, ({ state }) => state === "planned");
    fs.writeFileSync(path.join(root, "b"), "longer now");
    await sendCommand(id, { verb: "start", unplanned: true }, ada);
    const stuck = await waitFor(id, ({ state }) => state === "failed");
    expect(stuck.counts).toMatchObject({ verified: 1, source_changed: 1 });
    await sendCommand(id, { verb: "retry_failed" }, ada);
    const done = await waitFor(id, ({ state }) => state === "verified");
    expect(done).toMatchObject({ counts: { verified: 2 }, inventory: { bytes: 11 } });
    expect([...(await stage.world.hashBucket(bucket))].sort()).toEqual([...(await hashFiles(root))].sort());
  });
});

describe("an object that fails its verification", () => {
  /** A slow migration whose first object has been copied, not yet verified. */
  async function copyFirst() {
    const root = await stage.world.makeFiles({ a: "the bytes of a", b: "b", c: "c", d: "d" });
    const bucket = await stage.world.makeBucket();
    stage.runEngine();
    const { id } = await createS3Migration(
      {
        name: "damaged",
        source: { kind: "local", path: root },
        destination: stage.world.destination(bucket),
        options: { verify: "read_back", limits: { objectsPerSecond: 2 }, concurrency: 1, maxAttempts: 1 },
        start: true,
      },
      ada,
    );
    await waitFor(id, ({ counts }) => counts.copied > 0);
    return { id, root, bucket };
  }

  it("is replaced on retry when it is what this migration stored, gone bad", async () => {
    const { id, root, bucket } = await copyFirst();
    damageStored("the bytes of a", "the bytes of X");
    const failed = await waitFor(id, ({ state }) => state === "failed");
    expect(failed.counts).toMatchObject({ verified: 3, failed: 1 });
    await sendCommand(id, { verb: "retry_failed" }, ada);
    const done = await waitFor(id, ({ state }) => state === "verified");
    expect(done.counts).toMatchObject({ verified: 4, conflict: 0 });
    expect([...(await stage.world.hashBucket(bucket))].sort()).toEqual([...(await hashFiles(root))].sort());
  });

  it("is a conflict on retry when somebody else put it there", async () => {
    const { id, bucket } = await copyFirst();
    await stage.world.put(bucket, "a", "somebody else's");
    const before = await stage.world.hashBucket(bucket);
    await waitFor(id, ({ state }) => state === "failed");
    await sendCommand(id, { verb: "retry_failed" }, ada);
    const ended = await waitFor(id, ({ state, counts }) => state === "failed" && counts.conflict === 1);
    expect(ended.counts).toMatchObject({ verified: 3, conflict: 1 });
    expect((await stage.world.hashBucket(bucket)).get("a")).toBe(before.get("a"));
  });
});

describe("an upload in parts that a worker began and died before it learnt its name", () => {
  it("is found by its key and time and aborted; other people's uploads stay", async () => {
    const root = await stage.world.makeFiles({ a: "1", ab: "2" });
    const bucket = await stage.world.makeBucket();
    stage.runEngine();
    const { id } = await createS3Migration(
      { name: "nameless", source: { kind: "local", path: root }, destination: stage.world.destination(bucket) },
      ada,
    );
    await waitFor(id, ({ state }) => state === "planned");
    const ofObject = "select gen_random_uuid(), no, 0, now() from s3_migration where id = $1";
    const note = `insert into s3.upload (attempt_id, migration_no, object_id, started_at) ${ofObject}`;
    await pool().query(note, [id]);
    await stage.world.beginUpload(bucket, "a");
    await stage.world.beginUpload(bucket, "ab");
    await sendCommand(id, { verb: "start", unplanned: true }, ada);
    await waitFor(id, ({ state }) => state === "verified");
    expect(await stage.world.openUploads(bucket)).toEqual(["ab"]);
    expect((await pool().query("select 1 from s3.upload")).rowCount).toBe(0);
  });
});

describe("commands", () => {
  it("pauses within five seconds, resumes where it was, and keeps both in the audit", async () => {
    const root = await stage.world.makeFiles({});
    makeManyFiles(root, 300);
    const bucket = await stage.world.makeBucket();
    stage.runEngine();
    const { id } = await createS3Migration(
      {
        name: "slow",
        source: { kind: "local", path: root },
        destination: stage.world.destination(bucket),
        options: { limits: { objectsPerSecond: 100 }, concurrency: 8 },
        start: true,
      },
      ada,
    );
    const running = await waitFor(id, ({ state, counts }) => state === "running" && counts.copied > 20);
    expect(running.engine).toMatchObject({ workers: 1, concurrency: 8 });
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
    const { commands, samples } = await getDetail(id);
    expect(commands.every(({ appliedAt }) => appliedAt !== null)).toBe(true);
    const working = samples.filter(({ workers }) => workers > 0);
    expect(working.length).toBeGreaterThan(0);
    expect(new Set(working.map(({ concurrency }) => concurrency))).toEqual(new Set([8]));
  });

  it("refuses stale and meaningless commands and takes a repeated one once", async () => {
    const root = await stage.world.makeFiles({ a: "1" });
    const { id } = await createS3Migration(
      {
        name: "idle",
        source: { kind: "local", path: root },
        destination: stage.world.destination(await stage.world.makeBucket()),
      },
      ada,
    );
    await expect(sendCommand(id, { verb: "resume" }, ada)).rejects.toMatchObject({ code: "conflict" });
    const once = await sendCommand(id, { verb: "cancel", expectedVersion: 0, idempotencyKey: "same-key" }, ada);
    const twice = await sendCommand(id, { verb: "cancel", expectedVersion: 0, idempotencyKey: "same-key" }, ada);
    expect(twice.commandVersion).toBe(once.commandVersion);
    await expect(sendCommand(id, { verb: "cancel", expectedVersion: 0 }, ada)).rejects.toMatchObject({
      code: "conflict",
    });
    stage.runEngine();
    await waitFor(id, ({ state }) => state === "cancelled");
    await expect(deleteS3Migration(id, ada)).resolves.toBe(true);
    await expect(getDetail(id)).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("a whole store that refuses", () => {
  it("stops the migration once, with the reason, when credentials are refused", async () => {
    const root = await stage.world.makeFiles({ a: "1" });
    stage.runEngine();
    const destination = stage.world.destination("no-such-bucket-here");
    const { id } = await createS3Migration(
      { name: "nowhere", source: { kind: "local", path: root }, destination, start: true },
      ada,
    );
    const stopped = await waitFor(id, ({ state }) => state === "failed");
    expect(stopped.stopped).toMatchObject({ errorClass: "config" });
    expect(stopped.stopped?.message).toContain("NoSuchBucket");
  });

  it("is not what a migration stops for whose own directory is missing, and there is nothing to retry", async () => {
    const missing = path.join(stage.world.dir, "storage/previews");
    stage.runEngine();
    const destination = stage.world.destination("no-such-bucket-here");
    const { id } = await createS3Migration(
      { name: "no source", source: { kind: "local", path: missing }, destination },
      ada,
    );
    const stopped = await waitFor(id, ({ state }) => state === "failed");
    expect(stopped.stopped?.message).toContain(missing);
    expect(stopped.allowedVerbs).not.toContain("retry_failed");
    await expect(sendCommand(id, { verb: "retry_failed" }, ada)).rejects.toMatchObject({ code: "conflict" });
  });
});

/** Changes bytes under the server, as a bad disk would: the ETag on record stays. */
function damageStored(text: string, other: string): void {
  const files = fs.readdirSync(path.join(stage.world.dir, "s3"), { recursive: true, withFileTypes: true });
  const stored = files
    .map((entry) => ({ entry, file: path.join(entry.parentPath, entry.name) }))
    .filter(({ entry, file }) => entry.isFile() && fs.readFileSync(file, "utf8") === text);
  expect(stored).toHaveLength(1);
  for (const { file } of stored) fs.writeFileSync(file, other);
}
