import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { createS3Migration, sendCommand } from "@/features/s3-migrations/server";
import { listFailures } from "@/features/s3-migrations/server/failure-repository";
import { getDetail } from "@/features/s3-migrations/server/migration-repository";
import { pool } from "@/server/db/client";
import { waitFor, wrongTotals } from "@/tests/support/s3-engine";
import { setS3Stage } from "@/tests/support/s3-stage";
import { hashFiles, makeManyFiles } from "@/tests/support/s3-world";

const stage = setS3Stage();
const ada = { name: "ada" };
const isOver = ({ state }: { state: string }) => ["verified", "failed", "auto_stopped"].includes(state);

async function plan(root: string, options: Record<string, unknown> = {}, start = true) {
  const bucket = await stage.world.makeBucket();
  const input = { name: "delta", source: { kind: "local" as const, path: root }, options, start };
  const { id } = await createS3Migration({ ...input, destination: stage.world.destination(bucket) }, ada);
  return { id, bucket };
}

/** Copies, then holds the migration verified, so that the source can be written before somebody looks again. */
async function copied(files: Record<string, string>, options: Record<string, unknown> = {}) {
  const root = await stage.world.makeFiles(files);
  stage.runEngine();
  const { id, bucket } = await plan(root, options);
  await waitFor(id, isOver);
  const again = async () => {
    const { version } = await sendCommand(id, { verb: "list_again" }, ada);
    return waitFor(id, (snapshot) => snapshot.version > version && isOver(snapshot));
  };
  return { root, id, bucket, again };
}

describe("a look after the copy", () => {
  it("finds nothing, says clean, and only then goes on to the proof", async () => {
    const { id } = await copied({ a: "1", b: "2" });
    const { snapshot, passes, phases } = await getDetail(id);
    expect(snapshot).toMatchObject({ state: "verified", epoch: 1, delta: { outcome: "clean", until: 3 } });
    expect(passes).toMatchObject([
      { epoch: 0, listed: 2, added: 2, objects: 2 },
      { epoch: 1, listed: 2, added: 0, changed: 0, vanished: 0, objects: 0, chunks: 0 },
    ]);
    const order = phases.map(({ phase }) => phase).filter((phase, at, all) => phase !== all[at - 1]);
    expect(order).toEqual(["list", "copy", "delta", "verify"]);
    expect(await wrongTotals(id)).toEqual([]);
  });

  it("copies what came, what changed and what reappeared, and records what went, epoch by epoch", async () => {
    const { root, id, bucket, again } = await copied(
      { "same.txt": "same", "edited.txt": "before", "gone.txt": "gone", "z.txt": "z" },
      { chunkObjects: 2 },
    );
    await writeFile(path.join(root, "edited.txt"), "after, and longer");
    await writeFile(path.join(root, "new.txt"), "new");
    await rm(path.join(root, "gone.txt"));
    expect(await again()).toMatchObject({ state: "verified", epoch: 3 });
    expect((await getDetail(id)).passes.at(2)).toMatchObject({ added: 1, changed: 1, vanished: 1, objects: 2 });
    const { counts, inventory } = (await getDetail(id)).snapshot;
    expect(counts).toMatchObject({ verified: 4, superseded: 1, missing_source: 1 });
    expect(inventory.objects).toBe(6);
    expect(await wrongTotals(id)).toEqual([]);
    const { failures } = await listFailures(id, { limit: 10 });
    expect(failures).toMatchObject([{ key: "gone.txt", code: "VanishedAfterCopy", state: "missing_source" }]);
    const there = await stage.world.hashBucket(bucket);
    for (const [key, hash] of await hashFiles(root)) expect(there.get(key), key).toBe(hash);
    expect(there.has("gone.txt")).toBe(true);
    await writeFile(path.join(root, "gone.txt"), "back again");
    expect(await again()).toMatchObject({
      state: "verified",
      counts: { verified: 5, superseded: 2, missing_source: 0 },
    });
    expect((await stage.world.hashBucket(bucket)).get("gone.txt")).toBe((await hashFiles(root)).get("gone.txt"));
    expect(await wrongTotals(id)).toEqual([]);
  });

  it("replaces its own older copy, and leaves what somebody else wrote there since as a conflict", async () => {
    const { root, id, bucket, again } = await copied({ ours: "one", theirs: "one" });
    await writeFile(path.join(root, "ours"), "two");
    await writeFile(path.join(root, "theirs"), "two");
    await stage.world.put(bucket, "theirs", "somebody else's");
    expect(await again()).toMatchObject({ state: "failed", counts: { verified: 1, conflict: 1, superseded: 2 } });
    const { failures } = await listFailures(id, { limit: 10 });
    expect(failures).toMatchObject([{ key: "theirs", state: "conflict" }]);
    expect(await wrongTotals(id)).toEqual([]);
  });

  it("stops looking at its limit with the reason on record, when the source is written all the time", async () => {
    const root = await stage.world.makeFiles({ a: "a" });
    stage.runEngine();
    const { id, bucket } = await plan(root, { maxDeltaPasses: 1 }, false);
    await waitFor(id, ({ state }) => state === "planned");
    await writeFile(path.join(root, "written-since"), "more");
    await sendCommand(id, { verb: "start", unplanned: true }, ada);
    expect(await waitFor(id, isOver)).toMatchObject({ state: "verified", epoch: 1, delta: { outcome: "limit" } });
    expect((await stage.world.hashBucket(bucket)).size).toBe(2);
    await sendCommand(id, { verb: "begin_cutover" }, ada);
    const refused = sendCommand(id, { verb: "confirm_cutover" }, ada);
    await expect(refused).rejects.toThrow("found 1 new or changed objects: it is still written");
    expect(await wrongTotals(id)).toEqual([]);
  });

  it("is not made where a plan wants none", async () => {
    const { id } = await copied({ a: "1" }, { maxDeltaPasses: 0 });
    expect((await getDetail(id)).snapshot).toMatchObject({ state: "verified", epoch: 0, delta: { outcome: null } });
  });
});

describe("a source that lists much less than before", () => {
  it("is believed by nobody but a person: nothing is sealed, and accepting goes on with that many", async () => {
    const root = await stage.world.makeFiles({});
    makeManyFiles(root, 40);
    stage.runEngine();
    const { id } = await plan(root);
    await waitFor(id, isOver);
    for (let at = 0; at < 30; at += 1) await rm(path.join(root, `d${at % 20}`, `preview_${at}.png`));
    await sendCommand(id, { verb: "list_again" }, ada);
    const stopped = await waitFor(id, ({ state }) => state === "auto_stopped");
    expect(stopped).toMatchObject({ epoch: 1, shrink: { listed: 10 }, stopped: { errorClass: "shrunk" } });
    expect(stopped.counts).toMatchObject({ verified: 40, missing_source: 0 });
    expect(stopped.stopped?.message).toContain("30 fewer");
    // Listed again without accepting: it asks again.
    await sendCommand(id, { verb: "resume" }, ada);
    await waitFor(id, ({ version, state }) => version > stopped.version + 1 && state === "auto_stopped");
    await sendCommand(id, { verb: "accept_shrink", reason: "cleaned up" }, ada);
    const done = await waitFor(id, ({ state }) => state === "verified");
    expect(done).toMatchObject({ epoch: 2, shrink: null, counts: { verified: 10, missing_source: 30 } });
    expect(await wrongTotals(id)).toEqual([]);
  });

  it("that cannot be listed at all is a failure, never empty: every object stays as it was", async () => {
    const { root, id } = await copied({ a: "1", b: "2" });
    await rm(root, { recursive: true });
    await sendCommand(id, { verb: "list_again" }, ada);
    const failed = await waitFor(id, ({ state }) => state === "failed");
    expect(failed).toMatchObject({ epoch: 1, phase: "delta", counts: { verified: 2, missing_source: 0 } });
    const { rows } = await pool().query(
      "select count(*) as n from s3.pass where migration_no = (select no from s3_migration where id = $1)",
      [id],
    );
    expect(rows[0]?.n).toBe(2);
  });
});
