import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { optionsSchema } from "@/features/s3-migrations/domain/plan-spec";
import { proofOf } from "@/features/s3-migrations/domain/verify-policy";
import { createS3Migration, listS3Orphans, sendCommand } from "@/features/s3-migrations/server";
import { runPreflight } from "@/features/s3-migrations/server/engine/preflight";
import { listFailures } from "@/features/s3-migrations/server/failure-repository";
import { LOCAL_S3_CREDENTIALS } from "@/server/local-s3/start-local-s3";
import { waitFor, wrongTotals } from "@/tests/support/s3-engine";
import { setS3Stage } from "@/tests/support/s3-stage";
import { hashFiles, makeManyFiles } from "@/tests/support/s3-world";

const stage = setS3Stage();
const ada = { name: "ada" };
const isOver = ({ state }: { state: string }) => ["verified", "failed", "auto_stopped"].includes(state);

/** As another tool would have put it there, with the type it chose. */
async function putTyped(bucket: string, key: string, body: string, type: string): Promise<void> {
  const { endpoint } = stage.world;
  const client = new S3Client({
    endpoint,
    region: "us-east-1",
    forcePathStyle: true,
    credentials: LOCAL_S3_CREDENTIALS,
  });
  await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: type }));
  client.destroy();
}

async function prove(source: Parameters<typeof createS3Migration>[0]["source"], bucket: string, more = {}) {
  const options = { mode: "verify_only" as const, ...more };
  const destination = stage.world.destination(bucket, { prefix: "up/" });
  const { id } = await createS3Migration({ name: "proof", source, destination, options, start: true }, ada);
  return id;
}

describe("proving what somebody else copied", () => {
  it("tells apart what is right, missing, different, of another type and only there, and writes nothing", async () => {
    const root = await stage.world.makeFiles({
      "right.png": "right",
      "missing.png": "missing",
      "other-bytes.png": "mine!",
      "other-size.png": "long",
      "typed.png": "typed",
      "claims-nothing": "any type will do",
    });
    const bucket = await stage.world.makeBucket();
    await putTyped(bucket, "up/right.png", "right", "image/png");
    await putTyped(bucket, "up/other-bytes.png", "yours", "image/png");
    await putTyped(bucket, "up/other-size.png", "short then", "image/png");
    await putTyped(bucket, "up/typed.png", "typed", "image/jpeg");
    await putTyped(bucket, "up/claims-nothing", "any type will do", "text/x-odd");
    await putTyped(bucket, "up/left over\tfrom before.png", "orphan", "image/png");
    await putTyped(bucket, "elsewhere.png", "outside the prefix", "image/png");
    const before = await stage.world.hashBucket(bucket);
    stage.runEngine();
    const dryRun = await runPreflight(
      {
        source: { kind: "local", path: root },
        destination: stage.world.destination(bucket, { prefix: "up/" }),
        options: optionsSchema.parse({ mode: "verify_only" }),
      },
      new AbortController().signal,
    );
    expect(dryRun).toMatchObject({ isReady: true, abilities: null });
    expect(await stage.world.hashBucket(bucket)).toEqual(before);
    const id = await prove({ kind: "local", path: root }, bucket);
    const done = await waitFor(id, isOver);
    expect(done).toMatchObject({
      state: "failed",
      phase: "verify",
      abilities: null,
      counts: { verified: 2, missing_destination: 1, different: 2, wrong_type: 1, pending: 0, copied: 0 },
      orphans: { objects: 1, bytes: 6 },
    });
    const { failures } = await listFailures(id, { limit: 10 });
    expect(failures.map(({ key, code }) => [key, code])).toEqual([
      ["missing.png", "NotThere"],
      ["other-bytes.png", "OtherBytes"],
      ["other-size.png", "OtherSize"],
      ["typed.png", "OtherType"],
    ]);
    expect(await listS3Orphans(id, { limit: 10 })).toEqual({
      orphans: [{ key: "left over\tfrom before.png", sizeBytes: 6 }],
      nextAfter: null,
    });
    expect(await stage.world.hashBucket(bucket)).toEqual(before);
    expect(await wrongTotals(id)).toEqual([]);
  });

  it("repairs by copying only what is missing, then proves that too", async () => {
    const root = await stage.world.makeFiles({ a: "a", b: "b", c: "mine" });
    const bucket = await stage.world.makeBucket();
    await stage.world.put(bucket, "up/a", "a");
    await stage.world.put(bucket, "up/c", "other");
    stage.runEngine();
    const id = await prove({ kind: "local", path: root }, bucket);
    const found = await waitFor(id, isOver);
    expect(found.allowedVerbs).toContain("repair");
    const before = await stage.world.hashBucket(bucket);
    await sendCommand(id, { verb: "repair" }, ada);
    const done = await waitFor(id, ({ state, counts }) => state === "failed" && counts.verified === 2);
    expect(done.counts).toMatchObject({ verified: 2, different: 1, missing_destination: 0 });
    const after = await stage.world.hashBucket(bucket);
    expect(after.get("up/c")).toBe(before.get("up/c"));
    expect([...after.keys()].sort()).toEqual(["up/a", "up/b", "up/c"]);
    expect(await wrongTotals(id)).toEqual([]);
  });

  it("reads back where that is wanted, and compares bucket with bucket by what both tell", async () => {
    const from = await stage.world.makeBucket();
    const to = await stage.world.makeBucket();
    for (const key of ["one", "two"]) {
      await stage.world.put(from, `old/${key}`, key);
      await stage.world.put(to, `up/${key}`, key);
    }
    stage.runEngine();
    const source = stage.world.destination(from, { prefix: "old/" });
    const told = await waitFor(await prove(source, to), isOver);
    expect(told).toMatchObject({ state: "verified", counts: { verified: 2 }, orphans: { objects: 0 } });
    expect(["stored", "acknowledged"]).toContain(told.tiers[0]?.tier);
    const read = await waitFor(await prove(source, to, { verify: "read_back" }), isOver);
    expect(read).toMatchObject({ state: "verified", tiers: [{ tier: "read_back", objects: 2 }] });
  });

  it("reads back a sample that is drawn by seed, and asks for the sum of the others", async () => {
    const root = await stage.world.makeFiles({});
    makeManyFiles(root, 80);
    const bucket = await stage.world.makeBucket();
    stage.runEngine();
    const { id } = await createS3Migration(
      {
        name: "sampled",
        source: { kind: "local", path: root },
        destination: stage.world.destination(bucket),
        options: { verify: "sample", verifySample: { share: 0.5, seed: 3 } },
        start: true,
      },
      ada,
    );
    const done = await waitFor(id, isOver);
    const policy = { verify: "sample" as const, verifySample: { share: 0.5, seed: 3 } };
    const keys = [...(await hashFiles(root)).keys()];
    const sampled = keys.filter((key) => proofOf(policy, key) === "read_back").length;
    expect(done.tiers.map(({ tier, objects }) => [tier, objects])).toEqual([
      ["stored", 80 - sampled],
      ["read_back", sampled],
    ]);
  });

  it("waits for a person when it was only planned, and shows what they approved", async () => {
    const root = await stage.world.makeFiles({ a: "a" });
    const bucket = await stage.world.makeBucket();
    await stage.world.put(bucket, "up/a", "a");
    stage.runEngine();
    const { id } = await createS3Migration(
      {
        name: "proof",
        source: { kind: "local", path: root },
        destination: stage.world.destination(bucket, { prefix: "up/" }),
        options: { mode: "verify_only" },
      },
      ada,
    );
    const { planHash } = await waitFor(id, ({ state }) => state === "planned");
    const stale = sendCommand(id, { verb: "start", planHash: "0000" }, ada);
    await expect(stale).rejects.toMatchObject({ code: "plan_changed" });
    await expect(sendCommand(id, { verb: "start" }, ada)).rejects.toMatchObject({
      code: "plan_unnamed",
      facts: { planHash },
    });
    await sendCommand(id, { verb: "start", planHash: planHash ?? "" }, { name: "bert" });
    const done = await waitFor(id, isOver);
    expect(done).toMatchObject({ state: "verified", approval: { by: "bert", planHash } });
  });

  it("goes on with the destination where a killed worker left off: no key twice, none lost", {
    timeout: 90_000,
  }, async () => {
    const root = await stage.world.makeFiles({});
    makeManyFiles(root, 60);
    const bucket = await stage.world.makeBucket();
    for (let at = 0; at < 30; at += 1) await stage.world.put(bucket, `up/orphan-${String(at).padStart(3, "0")}`, "x");
    const id = await prove({ kind: "local", path: root }, bucket);
    const worker = await stage.addWorker();
    await waitFor(id, ({ state }) => state !== "draft");
    await stage.kill(worker);
    await stage.addWorker();
    const done = await waitFor(id, isOver, 60_000);
    expect(done).toMatchObject({ counts: { missing_destination: 60 }, orphans: { objects: 30, bytes: 30 } });
    const first = await listS3Orphans(id, { limit: 20 });
    const second = await listS3Orphans(id, { limit: 20, after: first.nextAfter ?? "" });
    const keys = [...first.orphans, ...second.orphans].map(({ key }) => key);
    expect([keys.length, new Set(keys).size, second.nextAfter]).toEqual([30, 30, null]);
  });
});
