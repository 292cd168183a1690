import fs from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { preflightS3Migration } from "@/features/s3-migrations/server";
import { takePreflight } from "@/features/s3-migrations/server/preflight-repository";
import { pool } from "@/server/db/client";
import { setS3Stage } from "@/tests/support/s3-stage";

const stage = setS3Stage();

const never = new AbortController().signal;

describe("preflight", () => {
  it("says what would be copied, what is there already and what cannot be, and leaves nothing behind", async () => {
    const root = await stage.world.makeFiles({ a: "1", "b/c": "22", there: "same", other: "longer" });
    fs.symlinkSync("/etc/passwd", path.join(root, "link"));
    const bucket = await stage.world.makeBucket();
    await stage.world.put(bucket, "p/there", "same");
    await stage.world.put(bucket, "p/other", "x");
    stage.runEngine();
    const reply = await preflightS3Migration(
      { source: { kind: "local", path: root }, destination: stage.world.destination(bucket, { prefix: "p/" }) },
      never,
    );
    expect(reply).toMatchObject({
      isReady: true,
      abilities: { ifNoneMatch: true, enforcesChecksum: true, storesChecksum: true },
      inventory: { objects: 4, bytes: 13, isComplete: true, largest: { key: "other" } },
      collisions: { sameSize: 1, otherSize: 1, looked: 4 },
      keyProblems: [{ objects: 1, examples: ["link"] }],
    });
    expect([...(await stage.world.hashBucket(bucket)).keys()].sort()).toEqual(["p/other", "p/there"]);
  });

  it("that no worker can read is refused at once, and the next one is answered", async () => {
    const id = "00000000-0000-4000-8000-000000000001";
    await pool().query("insert into s3_preflight (id, input) values ($1, $2)", [id, { source: "of another version" }]);
    expect(await takePreflight()).toBeUndefined();
    const { rows } = await pool().query("select problem from s3_preflight where id = $1", [id]);
    expect(rows[0].problem).toMatchObject({ code: "unsupported" });
  });

  it("turns refusals of either store into failed checks with their sentence", async () => {
    stage.runEngine();
    const reply = await preflightS3Migration(
      { source: { kind: "local", path: "/no/such/directory" }, destination: stage.world.destination("no-such-bucket") },
      never,
    );
    expect(reply.isReady).toBe(false);
    const failed = reply.checks.filter(({ outcome }) => outcome === "failed");
    expect(failed.map(({ side }) => side).sort()).toEqual(["destination", "source"]);
  });

  it("rehearses with the objects themselves, counts requests, and leaves nothing of it behind", async () => {
    const files = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`d/${at}.txt`, `body ${at}`]));
    const root = await stage.world.makeFiles({ ...files, "d/large.bin": Buffer.alloc(1_500_000) });
    const bucket = await stage.world.makeBucket();
    stage.runEngine();
    const { duration, cost } = await preflightS3Migration(
      { source: { kind: "local", path: root }, destination: stage.world.destination(bucket) },
      never,
    );
    if (duration.kind !== "rehearsal") throw new Error(duration.sentence);
    expect(duration.sentence).toContain("Rehearsed with 61 of your objects");
    expect(duration.copySeconds.quick).toBeGreaterThan(0);
    expect(duration.copySeconds.quick).toBeLessThanOrEqual(duration.copySeconds.slow);
    expect(duration.verifySeconds?.slow).toBeGreaterThan(0);
    expect(cost).toMatchObject({ price: null, onceUsd: null, lines: [{ requests: 61 }, { requests: 61 }] });
    expect((await stage.world.hashBucket(bucket)).size).toBe(0);
  });
});
