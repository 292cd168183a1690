import fs from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { createS3Migration, getS3Plan, preflightS3Migration, sendCommand } from "@/features/s3-migrations/server";
import { listFailures } from "@/features/s3-migrations/server/failure-repository";
import { pool } from "@/server/db/client";
import { recount, waitFor } from "@/tests/support/s3-engine";
import { setS3Stage } from "@/tests/support/s3-stage";
import { sha256 } from "@/tests/support/s3-world";

const stage = setS3Stage();

const ada = { name: "ada" };
const never = new AbortController().signal;

describe("a mapped migration", () => {
  it("copies, finds again and proves every object under its new key", { timeout: 60_000 }, async () => {
    const root = await stage.world.makeFiles({
      "uploads/project/image_preview/1/a.png": "one",
      "uploads/project/image_preview/2/b.png": "two",
      "uploads/project/image_preview/3/large.bin": Buffer.alloc(300_000, 7),
      "other/note.txt": "kept",
    });
    const bucket = await stage.world.makeBucket();
    await stage.world.put(bucket, "up/previews/2/b.png", "two");
    stage.runEngine();
    const { id } = await createS3Migration(
      {
        name: "mapped",
        source: { kind: "local", path: root },
        destination: stage.world.destination(bucket, { prefix: "up/" }),
        options: {
          multipartThresholdBytes: 128 * 1024,
          partSizeBytes: 64 * 1024,
          keyMap: {
            kind: "template",
            rules: [{ match: "uploads/{model}/{mount}/{id}/{name_of_file}", to: "previews/{id}/{name_of_file}" }],
            otherwise: "keep",
          },
        },
        start: true,
      },
      ada,
    );
    const done = await waitFor(id, ({ state }) => state === "verified" || state === "failed");
    expect((await listFailures(id, { limit: 10 })).failures).toEqual([]);
    expect(done).toMatchObject({ state: "verified", counts: { verified: 4 } });
    expect([...(await stage.world.hashBucket(bucket))].sort()).toEqual([
      ["up/other/note.txt", sha256("kept")],
      ["up/previews/1/a.png", sha256("one")],
      ["up/previews/2/b.png", sha256("two")],
      ["up/previews/3/large.bin", sha256(Buffer.alloc(300_000, 7))],
    ]);
    const { rows } = await pool().query<{ src_key: string; dst_key: string | null }>(
      "select src_key, dst_key from s3.object where migration_no = (select no from s3_migration where id = $1) order by id",
      [id],
    );
    expect(rows[0]).toEqual({ src_key: "other/note.txt", dst_key: null });
    expect(rows[1]).toEqual({ src_key: "uploads/project/image_preview/1/a.png", dst_key: "previews/1/a.png" });
  });

  it("is blocked when two sources have one destination key, with the pairs, and cannot be talked into starting", async () => {
    const root = await stage.world.makeFiles({ "a/x.png": "1", "b/x.png": "2", "a/y.png": "3", "c/x.png": "4" });
    const bucket = await stage.world.makeBucket();
    stage.runEngine();
    const input = {
      source: { kind: "local" as const, path: root },
      destination: stage.world.destination(bucket),
      options: { keyMap: { kind: "template" as const, rules: [{ to: "{file}" }] } },
    };
    const reply = await preflightS3Migration(input, never);
    expect(reply.isReady).toBe(false);
    const { id } = await createS3Migration({ name: "collides", ...input, start: true }, ada);
    const stopped = await waitFor(id, ({ state }) => state === "auto_stopped");
    expect(stopped).toMatchObject({ allowedVerbs: ["cancel"], stopped: { errorClass: "conflict" } });
    const { facts, blocked } = await getS3Plan(id);
    const collisions = {
      keys: 1,
      examples: [{ destinationKey: "x.png", sourceKeys: ["a/x.png", "b/x.png", "c/x.png"] }],
    };
    expect(facts.collisions).toEqual(collisions);
    expect(reply.facts.collisions).toEqual(collisions);
    expect(blocked).toContain("a/x.png and b/x.png would both become x.png");
    await expect(sendCommand(id, { verb: "resume" }, ada)).rejects.toThrow("x.png");
    await sendCommand(id, { verb: "cancel" }, ada);
    await waitFor(id, ({ state }) => state === "cancelled");
    expect((await stage.world.hashBucket(bucket)).size).toBe(0);
  });

  it("lists keys that cannot be stored once mapped, and copies the others", async () => {
    const root = await stage.world.makeFiles({ "a/1": "1", "a/b/c/2": "2" });
    const bucket = await stage.world.makeBucket();
    stage.runEngine();
    const { id } = await createS3Migration(
      {
        name: "odd",
        source: { kind: "local", path: root },
        destination: stage.world.destination(bucket),
        options: {
          keyMap: {
            kind: "template",
            rules: [{ match: "{one}/{two}", to: "{two}/../x" }, { to: "{part:3}/{file}" }],
          },
        },
        start: true,
      },
      ada,
    );
    const done = await waitFor(id, ({ state }) => state === "failed");
    expect(done.counts).toMatchObject({ failed: 1, verified: 1 });
    const { failures } = await listFailures(id, { limit: 10 });
    expect(failures).toMatchObject([{ key: "a/1", code: "InvalidKey", errorClass: "invalid_key" }]);
    expect([...(await stage.world.hashBucket(bucket)).keys()]).toEqual(["c/2"]);
  });
});

describe("filters", () => {
  it("leave objects out as rows with a reason, so that the sums add up", async () => {
    const root = await stage.world.makeFiles({
      "up/a.png": "12345",
      "up/thumb_a.png": "1",
      "up/tiny.png": "",
      "up/huge.png": "x".repeat(2000),
      "other.txt": "12345",
      "up/old.png": "12345",
    });
    fs.utimesSync(path.join(root, "up/old.png"), new Date("2020-01-01"), new Date("2020-01-01"));
    const bucket = await stage.world.makeBucket();
    stage.runEngine();
    const plan = {
      source: { kind: "local" as const, path: root },
      destination: stage.world.destination(bucket),
      options: {
        filters: {
          include: ["up/**"],
          exclude: ["**/thumb_*"],
          minBytes: 1,
          maxBytes: 1000,
          modifiedAfter: "2021-01-01T00:00:00Z",
        },
      },
    };
    const dryRun = await preflightS3Migration(plan, never);
    const { id } = await createS3Migration({ name: "filtered", ...plan, start: true }, ada);
    const done = await waitFor(id, ({ state }) => state === "verified");
    expect(done).toMatchObject({
      inventory: { objects: 6, bytes: 2016 },
      counts: { verified: 1, skipped_filtered: 5 },
    });
    expect([...(await stage.world.hashBucket(bucket)).keys()]).toEqual(["up/a.png"]);
    const { facts } = await getS3Plan(id);
    expect(facts.counts).toMatchObject({ total: { objects: 6, bytes: 2016 }, toCopy: { objects: 1, bytes: 5 } });
    expect(facts.counts.leftOut.map(({ name }) => name).sort()).toEqual([
      "Excluded",
      "NotIncluded",
      "TooLarge",
      "TooOld",
      "TooSmall",
    ]);
    expect(dryRun.facts.counts.total).toEqual(facts.counts.total);
    expect(dryRun.facts.counts.toCopy).toEqual(facts.counts.toCopy);
    expect((await listFailures(id, { limit: 10 })).groups).toEqual([]);
    expect(await recount(id)).toMatchObject({ rows: { 3: 1, 5: 5 }, chunks: { n: 6, skipped_filtered: 5 } });
  });
});

describe("the sealed plan", () => {
  it("says the same as the dry run, with twins as notes, and has one hash for one plan", {
    timeout: 60_000,
  }, async () => {
    const root = await stage.world.makeFiles({
      "Logo.PNG": "1",
      "logo.png": "22",
      "caf\u00e9": "333",
      "cafe\u0301": "4444",
      "deep/er/x.jpeg": Buffer.alloc(20_000),
    });
    fs.symlinkSync("/etc/passwd", path.join(root, "link"));
    stage.runEngine();
    const input = {
      source: { kind: "local" as const, path: root },
      destination: stage.world.destination(await stage.world.makeBucket()),
    };
    const dryRun = await preflightS3Migration(input, never);
    const named = { name: "twins", ...input };
    const ids = [(await createS3Migration(named, ada)).id, (await createS3Migration(named, ada)).id];
    for (const id of ids) await waitFor(id, ({ state }) => state === "planned");
    const [plan, again] = await Promise.all(ids.map(getS3Plan));
    const sorted = (facts: typeof dryRun.facts) => ({
      ...facts,
      twins: { ...facts.twins, examples: facts.twins.examples.map(({ kind, keys }) => [kind, ...keys.sort()]).sort() },
    });
    expect(plan && sorted(plan.facts)).toEqual(sorted(dryRun.facts));
    expect(plan?.facts).toMatchObject({
      counts: { total: { objects: 6 }, toCopy: { objects: 5 }, leftOut: [{ name: "NotAFile", objects: 1 }] },
      twins: { groups: 2 },
      largest: [{ key: "deep/er/x.jpeg", sizeBytes: 20_000 }, {}, {}, {}, {}],
      extensions: [{ name: "", objects: 2 }, { name: ".png", objects: 2 }, { name: ".jpeg" }],
    });
    expect(plan?.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(again?.hash).toBe(plan?.hash);
    fs.appendFileSync(path.join(root, "logo.png"), "!");
    const { id } = await createS3Migration(named, ada);
    await waitFor(id, ({ state }) => state === "planned");
    expect((await getS3Plan(id)).hash).not.toBe(plan?.hash);
  });

  it("is not there before the seal", async () => {
    const { id } = await createS3Migration(
      { name: "early", source: { kind: "local", path: "/" }, destination: stage.world.destination("no-such-bucket") },
      ada,
    );
    await expect(getS3Plan(id)).rejects.toThrow("not sealed yet");
  });

  it("forecasts by earlier migrations to the same bucket, and by nothing else", async () => {
    const root = await stage.world.makeFiles(
      Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`${at}`, "x"])),
    );
    const destination = stage.world.destination(await stage.world.makeBucket());
    stage.runEngine();
    const { id } = await createS3Migration({ name: "again", source: { kind: "local", path: root }, destination }, ada);
    await waitFor(id, ({ state }) => state === "planned");
    expect((await getS3Plan(id)).duration.kind).toBe("none");
    await pool().query(
      `insert into s3_progress_sample (migration_id, at, state, objects, bytes, failed, objects_per_second,
                                       bytes_per_second, workers, concurrency, throttled_ms)
       select $1, now() - n * interval '5 s', 'running', n, n, 0, 10 * n, 1000, 1, 8, 0 from generate_series(1, 11) n`,
      [id],
    );
    const { duration, cost } = await getS3Plan(id);
    expect(duration).toMatchObject({
      kind: "earlier",
      copySeconds: { quick: 100 / 90, slow: 100 / 30 },
      verifySeconds: null,
      sentence: "By a migration to this bucket in the last 90 days: 30 to 90 objects/s.",
    });
    expect(cost.lines).toMatchObject([{ requests: 100 }, { requests: 100 }]);
  });
});
