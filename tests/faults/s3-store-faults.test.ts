import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createS3Migration, sendCommand } from "@/features/s3-migrations/server";
import { type FaultProxy, startFaultProxy } from "@/tests/support/fault-proxy";
import { recount, waitFor } from "@/tests/support/s3-engine";
import { setS3Stage } from "@/tests/support/s3-stage";
import { seededRandom } from "@/tests/support/s3-workers";
import { hashFiles, makeManyFiles } from "@/tests/support/s3-world";

const stage = setS3Stage();

const ada = { name: "ada" };
let proxy: FaultProxy;

beforeAll(async () => {
  proxy = await startFaultProxy(stage.world.endpoint);
});
afterEach(async () => {
  proxy.setFault(() => undefined);
});
afterAll(async () => {
  await proxy.stop();
});

async function plan(count: number, options = {}) {
  const root = await stage.world.makeFiles({});
  makeManyFiles(root, count);
  const bucket = await stage.world.makeBucket();
  stage.runEngine();
  const { id } = await createS3Migration(
    {
      name: "faults",
      source: { kind: "local", path: root },
      destination: stage.world.destination(bucket, { endpoint: proxy.endpoint }),
      options: { chunkObjects: 100, concurrency: 8, ...options },
    },
    ada,
  );
  await waitFor(id, ({ state }) => state === "planned");
  return { root, bucket, id };
}

async function expectSame({ root, bucket, id }: { root: string; bucket: string; id: string }, count: number) {
  expect([...(await stage.world.hashBucket(bucket))].sort()).toEqual([...(await hashFiles(root))].sort());
  expect((await recount(id)).rows).toEqual({ 3: count });
}

describe("a destination in trouble", () => {
  it("with 30 % SlowDown: no object fails, the limit gives way", { timeout: 120_000 }, async () => {
    const migration = await plan(300);
    const random = seededRandom(7);
    proxy.setFault(() => (random() < 0.3 ? "slow-down" : undefined));
    await sendCommand(migration.id, { verb: "start", unplanned: true }, ada);
    const slowed = await waitFor(migration.id, ({ engine: { retries } }) => retries > 20);
    expect(slowed.engine.concurrency).toBeLessThanOrEqual(8);
    const done = await waitFor(migration.id, ({ state }) => state === "verified", 90_000);
    expect(done.engine.throttledMs).toBeGreaterThan(0);
    await expectSame(migration, 300);
  });

  it("with resets, 500s and lost acknowledgements: what was stored unheard is found to be ours", {
    timeout: 120_000,
  }, async () => {
    const migration = await plan(300);
    const random = seededRandom(8);
    const kinds = ["reset", "internal-error", "lost-ack", "lost-ack"] as const;
    proxy.setFault(() => (random() < 0.15 ? kinds[Math.floor(random() * kinds.length)] : undefined));
    await sendCommand(migration.id, { verb: "start", unplanned: true }, ada);
    const done = await waitFor(migration.id, ({ state }) => state === "verified", 90_000);
    expect(done.counts).toMatchObject({ verified: 300, conflict: 0, failed: 0 });
    await expectSame(migration, 300);
  });

  it("with a byte flipped on the way: the checksum refuses it and the retry is clean", {
    timeout: 60_000,
  }, async () => {
    const migration = await plan(60);
    const random = seededRandom(9);
    proxy.setFault(({ method }) => (method === "PUT" && random() < 0.2 ? "flip-request-byte" : undefined));
    await sendCommand(migration.id, { verb: "start", unplanned: true }, ada);
    await waitFor(migration.id, ({ state }) => state === "verified", 50_000);
    expect(proxy.count()).toBeGreaterThan(0);
    await expectSame(migration, 60);
  });

  it("with every byte flipped: nothing counts as copied and the migration stops itself", {
    timeout: 60_000,
  }, async () => {
    const migration = await plan(250, { maxAttempts: 1 });
    proxy.setFault(({ method }) => (method === "PUT" ? "flip-request-byte" : undefined));
    await sendCommand(migration.id, { verb: "start", unplanned: true }, ada);
    const stopped = await waitFor(migration.id, ({ state }) => state === "auto_stopped", 50_000);
    expect(stopped.stopped).toMatchObject({ errorClass: "integrity" });
    expect(stopped.counts).toMatchObject({ copied: 0, verified: 0 });
  });
});

describe("a source bucket in trouble", () => {
  it("with a bit turned over on the way here: its own checksum shows it, buffered and streamed", {
    timeout: 60_000,
  }, async () => {
    const from = await stage.world.makeBucket();
    const to = await stage.world.makeBucket();
    await stage.world.put(from, "small", "x".repeat(1000));
    await stage.world.put(from, "large", Buffer.alloc(17 * 1024 * 1024, "y"));
    const hurt = new Set<string>();
    proxy.setFault(({ method, url, range }) => {
      // The first bytes, which tell the type, are not what is stored.
      if (method !== "GET" || url.includes("list-type") || range === "bytes=0-4099" || hurt.has(url)) return undefined;
      hurt.add(url);
      return "flip-reply-byte";
    });
    stage.runEngine();
    const source = stage.world.destination(from, { endpoint: proxy.endpoint });
    const { id } = await createS3Migration(
      { name: "flipped", source, destination: stage.world.destination(to), start: true },
      ada,
    );
    const done = await waitFor(id, ({ state }) => state === "verified", 50_000);
    expect(hurt.size).toBe(2);
    expect(done.engine.retries).toBe(2);
    expect([...(await stage.world.hashBucket(to))].sort()).toEqual([...(await stage.world.hashBucket(from))].sort());
  });

  it("with truncated answers: nothing short is ever stored", { timeout: 60_000 }, async () => {
    const from = await stage.world.makeBucket();
    const to = await stage.world.makeBucket();
    for (let at = 0; at < 40; at += 1) await stage.world.put(from, `k${at}`, `body ${at} `.repeat(50));
    const random = seededRandom(10);
    proxy.setFault(({ method, url }) =>
      method === "GET" && url.includes("/k") && random() < 0.3 ? "truncate" : undefined,
    );
    stage.runEngine();
    const source = stage.world.destination(from, { endpoint: proxy.endpoint });
    const { id } = await createS3Migration(
      { name: "cut", source, destination: stage.world.destination(to), start: true },
      ada,
    );
    await waitFor(id, ({ state }) => state === "verified", 50_000);
    expect([...(await stage.world.hashBucket(to))].sort()).toEqual([...(await stage.world.hashBucket(from))].sort());
  });

  it("with a listing that breaks midway: the pass resumes, never seals short", { timeout: 120_000 }, async () => {
    const from = await stage.world.makeBucket();
    const to = await stage.world.makeBucket();
    const keys = Array.from({ length: 2100 }, (_, at) => `k${String(at).padStart(5, "0")}`);
    for (let at = 0; at < keys.length; at += 50) {
      await Promise.all(keys.slice(at, at + 50).map((key) => stage.world.put(from, key, key)));
    }
    let listings = 0;
    proxy.setFault(({ url }) => {
      if (!url.includes("list-type=2")) return undefined;
      listings += 1;
      return listings === 2 ? "internal-error" : listings === 4 ? "truncate" : undefined;
    });
    stage.runEngine();
    const source = stage.world.destination(from, { endpoint: proxy.endpoint });
    const { id } = await createS3Migration({ name: "listing", source, destination: stage.world.destination(to) }, ada);
    const planned = await waitFor(id, ({ state }) => state === "planned", 60_000);
    expect(planned.inventory.objects).toBe(2100);
    expect(listings).toBeGreaterThan(4);
  });
});
