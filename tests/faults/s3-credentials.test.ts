import { afterEach, describe, expect, it } from "vitest";
import { createS3Migration, listS3Failures, sendCommand } from "@/features/s3-migrations/server";
import { pool } from "@/server/db/client";
import { waitFor, wrongTotals } from "@/tests/support/s3-engine";
import { type S3FaultProxy, startS3FaultProxy } from "@/tests/support/s3-fault-proxy";
import { setS3Stage } from "@/tests/support/s3-stage";
import { hashFiles, makeManyFiles } from "@/tests/support/s3-world";

const stage = setS3Stage();
const ada = { name: "ada" };
let proxy: S3FaultProxy | undefined;

afterEach(async () => {
  await proxy?.stop();
});

type Refusal = (method: string, path: string) => boolean;

/** A migration through a proxy that refuses nothing yet; `only` says what it may refuse later. */
async function plan(files: number, { only, options = {} }: { only: Refusal; options?: object }) {
  const root = await stage.world.makeFiles({});
  makeManyFiles(root, files);
  const bucket = await stage.world.makeBucket();
  proxy = await startS3FaultProxy({ upstream: stage.world.endpoint, seed: 11, only });
  stage.runEngine();
  stage.runEngine();
  const { id } = await createS3Migration(
    {
      name: "refused",
      source: { kind: "local", path: root },
      destination: stage.world.destination(bucket, { endpoint: proxy.endpoint }),
      options: { chunkObjects: 50, concurrency: 8, ...options },
    },
    ada,
  );
  await waitFor(id, ({ state }) => state === "planned");
  return { id, root, bucket, proxy };
}

async function count(sql: string, id: string): Promise<number> {
  const { rows } = await pool().query<{ n: number }>(sql, [id]);
  return rows[0]?.n ?? -1;
}
const FAILURES =
  "select count(*) as n from s3.failure where migration_no = (select no from s3_migration where id = $1)";

describe("credentials that expire midway", () => {
  it("stop two workers once: no object fails, nothing goes on asking, and it goes on where it was", async () => {
    const run = await plan(600, { only: () => true, options: { limits: { objectsPerSecond: 300 } } });
    await sendCommand(run.id, { verb: "start", unplanned: true }, ada);
    await waitFor(run.id, ({ counts }) => counts.copied > 100);
    const expiredAtMs = performance.now();
    run.proxy.setRates({ expired: 1 });
    const stopped = await waitFor(run.id, ({ state }) => state === "auto_stopped");
    expect(performance.now() - expiredAtMs).toBeLessThan(10_000);
    expect(stopped.stopped).toMatchObject({ errorClass: "auth" });
    expect(stopped.stopped?.message).toContain("ExpiredToken");
    expect(stopped.counts).toMatchObject({ failed: 0, retry_wait: 0 });
    await expect(count(FAILURES, run.id)).resolves.toBe(0);
    // At most what was in flight: two workers with eight objects each.
    const refused = run.proxy.injected.get("expired") ?? 0;
    expect(refused).toBeLessThanOrEqual(16);
    run.proxy.setRates({});
    await sendCommand(run.id, { verb: "resume" }, ada);
    const done = await waitFor(run.id, ({ state }) => state === "verified");
    expect(done.stopped).toBeNull();
    expect([...(await stage.world.hashBucket(run.bucket))].sort()).toEqual([...(await hashFiles(run.root))].sort());
    await expect(wrongTotals(run.id)).resolves.toEqual([]);
  });

  it("stop it anew when it is resumed too early, and lose nothing by it", async () => {
    const run = await plan(100, { only: () => true, options: { limits: { objectsPerSecond: 100 } } });
    await sendCommand(run.id, { verb: "start", unplanned: true }, ada);
    await waitFor(run.id, ({ counts }) => counts.copied > 10);
    run.proxy.setRates({ expired: 1 });
    await waitFor(run.id, ({ state }) => state === "auto_stopped");
    for (let round = 0; round < 3; round += 1) {
      await sendCommand(run.id, { verb: "resume" }, ada);
      await waitFor(run.id, ({ state, desiredState }) => state === "auto_stopped" && desiredState === "running");
    }
    run.proxy.setRates({});
    await sendCommand(run.id, { verb: "resume" }, ada);
    const done = await waitFor(run.id, ({ state }) => state === "verified");
    expect(done.counts).toMatchObject({ verified: 100, failed: 0 });
  });
});

describe("access denied", () => {
  const isOne = (path: string) => /_0*42\.png/.test(path);

  it("to one object fails that object alone: the others are copied, and a retry brings it once it is allowed", async () => {
    const run = await plan(120, { only: (method, path) => method === "PUT" && isOne(path), options: {} });
    run.proxy.setRates({ denied: 1 });
    await sendCommand(run.id, { verb: "start", unplanned: true }, ada);
    const ended = await waitFor(run.id, ({ state }) => state === "failed" || state === "auto_stopped");
    expect(ended).toMatchObject({ state: "failed", stopped: null, counts: { failed: 1, verified: 119 } });
    const { groups } = await listS3Failures(run.id, { limit: 10 });
    expect(groups).toMatchObject([{ errorClass: "denied", code: "AccessDenied", objects: 1 }]);
    run.proxy.setRates({});
    await sendCommand(run.id, { verb: "retry_failed" }, ada);
    await waitFor(run.id, ({ state }) => state === "verified");
    await expect(wrongTotals(run.id)).resolves.toEqual([]);
  });

  it("to the bucket stops two workers once, whatever the answer to a single object says", async () => {
    const run = await plan(300, { only: () => true, options: { limits: { objectsPerSecond: 200 } } });
    await sendCommand(run.id, { verb: "start", unplanned: true }, ada);
    await waitFor(run.id, ({ counts }) => counts.copied > 50);
    run.proxy.setRates({ denied: 1 });
    const stopped = await waitFor(run.id, ({ state }) => state === "auto_stopped");
    expect(stopped.stopped).toMatchObject({ errorClass: "auth" });
    await expect(count(FAILURES, run.id)).resolves.toBe(0);
    run.proxy.setRates({});
    await sendCommand(run.id, { verb: "resume" }, ada);
    const done = await waitFor(run.id, ({ state }) => state === "verified");
    expect(done.counts).toMatchObject({ verified: 300, failed: 0 });
  });

  it("to HEAD, which tells no code, is one object's own as well", async () => {
    const run = await plan(60, { only: (method, path) => method === "HEAD" && isOne(path) });
    run.proxy.setRates({ denied: 1 });
    await sendCommand(run.id, { verb: "start", unplanned: true }, ada);
    const ended = await waitFor(run.id, ({ state }) => state === "failed" || state === "auto_stopped");
    expect(ended).toMatchObject({ state: "failed", stopped: null, counts: { failed: 1, verified: 59 } });
  });
});

describe("the error budget", () => {
  /** Of each directory, where every twentieth file is: failures stand between successes in key order. */
  const everyTenth: Refusal = (method, path) =>
    method === "PUT" && Math.floor(Number(/_(\d+)\.png/.exec(path)?.[1]) / 20) % 10 === 0;

  it("stops the run with its reason once a larger share fails than is allowed", async () => {
    // A refusal is not tried again: failures come between successes, as the objects do. Held to a pace, since the
    // copies would be over before the budget is looked at.
    const limits = { objectsPerSecond: 250 };
    const run = await plan(1500, { only: everyTenth, options: { maxAttempts: 1, stopAtFailedShare: 0.05, limits } });
    run.proxy.setRates({ denied: 1 });
    await sendCommand(run.id, { verb: "start", unplanned: true }, ada);
    const stopped = await waitFor(run.id, ({ state }) => state === "auto_stopped");
    expect(stopped.stopped?.message).toMatch(/^Stopped: \d+ of the last \d+ objects failed\.$/);
    expect(stopped.counts.pending).toBeGreaterThan(0);
    await expect(wrongTotals(run.id)).resolves.toEqual([]);
  });

  it("lets a share pass that is allowed, and lists every object of it", async () => {
    const run = await plan(400, { only: everyTenth, options: { maxAttempts: 1, stopAtFailedShare: 0.2 } });
    run.proxy.setRates({ "internal-error": 1 });
    await sendCommand(run.id, { verb: "start", unplanned: true }, ada);
    const ended = await waitFor(run.id, ({ state }) => state === "failed");
    expect(ended.counts).toMatchObject({ failed: 40, verified: 360 });
    await expect(count(FAILURES, run.id)).resolves.toBe(40);
  });
});
