import { readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { S3Command } from "@/features/s3-migrations/contract";
import { OBJECT_STATES } from "@/features/s3-migrations/domain/states";
import { createS3Migration, sendCommand } from "@/features/s3-migrations/server";
import { getDetail } from "@/features/s3-migrations/server/migration-repository";
import { pool } from "@/server/db/client";
import { recount, waitFor, wrongTotals } from "@/tests/support/s3-engine";
import { setS3Stage } from "@/tests/support/s3-stage";
import { seededRandom } from "@/tests/support/s3-workers";
import { hashFiles, makeManyFiles } from "@/tests/support/s3-world";
import { until } from "@/tests/support/until";

const stage = setS3Stage();
const SEED = Number(process.env.CHAOS_SEED ?? 7);
const [ada, bert] = [{ name: "ada" }, { name: "bert" }];
const isOver = ({ state }: { state: string }) => ["verified", "failed", "auto_stopped"].includes(state);
const filesOf = async (root: string) =>
  (await readdir(root, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).length;

const send = (id: string, verb: S3Command["verb"], who = ada, reason?: string) =>
  sendCommand(id, { verb, ...(reason === undefined ? {} : { reason }) }, who);

async function copied(root: string, options: Record<string, unknown> = {}) {
  const bucket = await stage.world.makeBucket();
  const { id } = await createS3Migration(
    {
      name: "retire",
      source: { kind: "local", path: root },
      destination: stage.world.destination(bucket),
      options: { chunkObjects: 20, retireObjectsPerSecond: 1000, ...options },
      start: true,
    },
    ada,
  );
  await waitFor(id, isOver);
  return { id, bucket };
}

/** Verified to soaked: confirmed, soaked for no time at all, looked at once more. */
async function soaked(id: string) {
  await send(id, "begin_cutover");
  await send(id, "confirm_cutover");
  await waitFor(id, ({ state }) => state === "soaking");
  await send(id, "list_again");
  await waitFor(id, ({ state, soak, epoch }) => state === "soaking" && soak?.isOver === true && epoch >= 2);
}

async function retire(id: string) {
  await send(id, "ask_retire", ada);
  await send(id, "approve_retire", bert);
}

describe("from verified to retired", () => {
  it("waits for people at every step, refuses what is too early, and leaves a manifest of what is gone", async () => {
    const root = await stage.world.makeFiles({ "kept-link-target": "t" });
    makeManyFiles(root, 50);
    stage.runEngine();
    const { id, bucket } = await copied(root, { soakDays: 1 });
    const there = await stage.world.hashBucket(bucket);
    await expect(send(id, "ask_retire")).rejects.toThrow("means nothing while the migration is verified");
    await send(id, "begin_cutover");
    await waitFor(id, ({ state }) => state === "cutover");
    await send(id, "confirm_cutover");
    const soaking = await waitFor(id, ({ soak }) => (soak?.checked ?? 0) > 0);
    expect(soaking).toMatchObject({ state: "soaking", cutover: { by: "ada" }, soak: { isOver: false, wrong: 0 } });
    await expect(send(id, "ask_retire")).rejects.toThrow("means nothing while the migration is soaking");
    await expect(send(id, "end_soak")).rejects.toThrow("Say why the soak ends early");
    await send(id, "end_soak", ada, "nobody reads the old store");
    await expect(send(id, "ask_retire")).rejects.toThrow("Nobody has looked at the source since the cutover");
    await send(id, "list_again");
    await waitFor(id, ({ state, epoch }) => state === "soaking" && epoch === 2);
    await send(id, "ask_retire", ada);
    await expect(send(id, "approve_retire", ada)).rejects.toThrow("Somebody else than the person who asked");
    await send(id, "approve_retire", bert);
    const done = await waitFor(id, ({ state }) => state === "retired");
    expect(done).toMatchObject({
      counts: { retired: 51, verified: 0 },
      retire: { askedBy: "ada", approvedBy: "bert" },
      allowedVerbs: [],
    });
    expect(done.tiers.reduce((sum, { objects }) => sum + objects, 0)).toBe(51);
    expect(await filesOf(root)).toBe(0);
    const after = await stage.world.hashBucket(bucket);
    for (const [key, hash] of there) expect(after.get(key)).toBe(hash);
    const stones = [...after.keys()].filter((key) => key.includes("/tombstones/"));
    expect(stones).toHaveLength(3);
    expect(await wrongTotals(id)).toEqual([]);
    const { phases } = await getDetail(id);
    const order = phases.map(({ phase }) => phase).filter((phase, at, all) => phase !== all[at - 1]);
    expect(order).toEqual(["list", "copy", "delta", "verify", "cutover", "soak", "delta", "soak", "retire"]);
  });

  it("deletes objects of a bucket as well, and nothing outside its prefix", async () => {
    const from = await stage.world.makeBucket();
    await stage.world.put(from, "old/a", "a");
    await stage.world.put(from, "old/b", "b");
    await stage.world.put(from, "elsewhere", "stays");
    const bucket = await stage.world.makeBucket();
    stage.runEngine();
    const source = stage.world.destination(from, { prefix: "old/" });
    const destination = stage.world.destination(bucket);
    const options = { soakDays: 0 };
    const { id } = await createS3Migration({ name: "bucket", source, destination, options, start: true }, ada);
    await waitFor(id, isOver);
    await soaked(id);
    await retire(id);
    await waitFor(id, ({ state }) => state === "retired");
    expect([...(await stage.world.hashBucket(from)).keys()]).toEqual(["elsewhere"]);
  });

  it("cancelled before that, leaves both sides as they are", async () => {
    const root = await stage.world.makeFiles({ a: "a" });
    stage.runEngine();
    const { id, bucket } = await copied(root);
    await send(id, "begin_cutover");
    await send(id, "cancel");
    await waitFor(id, ({ state }) => state === "cancelled");
    expect([await filesOf(root), (await stage.world.hashBucket(bucket)).size]).toEqual([1, 1]);
  });
});

describe("retiring stops at the first surprise", () => {
  const surprises: [string, (root: string, bucket: string) => Promise<void>, string][] = [
    ["a source written since", (root) => writeFile(path.join(root, "c"), "written since"), "source_changed"],
    ["a source deleted by somebody else", (root) => rm(path.join(root, "c")), "source_missing"],
    ["a destination that holds other bytes", (_root, bucket) => stage.world.put(bucket, "c", "not c"), "integrity"],
  ];
  for (const [name, surprise, errorClass] of surprises) {
    it(`${name}: that object and those behind it stay, and resuming does not talk it over`, async () => {
      const root = await stage.world.makeFiles(Object.fromEntries([..."abcdefghijklmnop"].map((key) => [key, key])));
      // The soak must not find it first.
      stage.runEngine({ soakMs: 600_000 });
      const { id, bucket } = await copied(root, { soakDays: 0, retireObjectsPerSecond: 20 });
      await soaked(id);
      await surprise(root, bucket);
      const left = await filesOf(root);
      await retire(id);
      const stopped = await waitFor(id, ({ state }) => state === "auto_stopped");
      expect(stopped).toMatchObject({ phase: "retire", stopped: { errorClass } });
      expect(stopped.stopped?.message).toContain("at c:");
      expect(await filesOf(root)).toBeGreaterThanOrEqual(left - 8);
      expect(await filesOf(root)).toBeGreaterThanOrEqual(8);
      await send(id, "resume");
      await waitFor(id, ({ version, state }) => version > stopped.version + 1 && state === "auto_stopped");
      expect(await wrongTotals(id)).toEqual([]);
    });
  }

  it("a source still written is refused before the first delete", async () => {
    const root = await stage.world.makeFiles({ a: "a", b: "b" });
    stage.runEngine();
    const { id } = await copied(root, { soakDays: 0 });
    await send(id, "begin_cutover");
    await send(id, "confirm_cutover");
    await writeFile(path.join(root, "c"), "the application writes on");
    await send(id, "list_again");
    // What came is copied and proven, and the cutover has to be confirmed anew.
    const back = await waitFor(id, ({ state }) => state === "cutover");
    expect(back).toMatchObject({ counts: { verified: 3 } });
    await expect(send(id, "ask_retire")).rejects.toThrow("means nothing");
    expect(await filesOf(root)).toBe(3);
  });
});

describe("the soak", () => {
  it("finds what goes bad at the destination, and lets nobody retire before it is put right", async () => {
    const root = await stage.world.makeFiles({ a: "a", b: "b" });
    stage.runEngine();
    const { id, bucket } = await copied(root, { soakDays: 0 });
    await soaked(id);
    await stage.world.put(bucket, "a", "z");
    const found = await waitFor(id, ({ counts }) => counts.failed === 1);
    expect(found.soak).toMatchObject({ wrong: 1 });
    await expect(send(id, "ask_retire")).rejects.toThrow("1 objects need a decision first");
    expect(await wrongTotals(id)).toEqual([]);
  });
});

describe("workers killed while they retire", () => {
  it("lose nothing and delete nothing twice: whoever comes next goes on from what was begun", {
    timeout: 180_000,
  }, async () => {
    const random = seededRandom(SEED);
    const root = await stage.world.makeFiles({});
    makeManyFiles(root, 120);
    const first = stage.runEngine();
    const { id, bucket } = await copied(root, { soakDays: 0, retireObjectsPerSecond: 60 });
    await soaked(id);
    await first.stop();
    const source = await hashFiles(root);
    await retire(id);
    for (let kill = 0; kill < 4; kill += 1) {
      const worker = await stage.addWorker();
      const before = await filesOf(root);
      const most = 3 + Math.floor(random() * 12);
      await until("some files are deleted", async () => (await filesOf(root)) <= Math.max(0, before - most));
      await stage.kill(worker);
      // The screen follows a second later; the chunks' own sums hold at any moment.
      const { rows, chunks } = await recount(id);
      const counted = {
        verified: rows[OBJECT_STATES.indexOf("verified")] ?? 0,
        retired: rows[OBJECT_STATES.indexOf("retired")] ?? 0,
      };
      expect(chunks, `kill ${kill}, seed ${SEED}`).toMatchObject(counted);
    }
    await stage.addWorker();
    const done = await waitFor(id, ({ state }) => state === "retired", 60_000);
    expect(await wrongTotals(id)).toEqual([]);
    expect(done.counts).toMatchObject({ retired: 120, verified: 0 });
    expect(await filesOf(root)).toBe(0);
    const there = await stage.world.hashBucket(bucket);
    for (const [key, hash] of source) expect(there.get(key)).toBe(hash);
    const { rows } = await pool().query(
      "select count(*) as n, (select sum(objects)::int from s3.tombstone where migration_no = $1) as gone from s3.retire_intent where migration_no = $1",
      [(await pool().query("select no from s3_migration where id = $1", [id])).rows[0]?.no],
    );
    expect(rows[0]).toEqual({ n: 0, gone: 120 });
  });
});
