import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { S3MigrationSnapshot } from "@/features/s3-migrations/contract";
import { createS3Migration, sendCommand } from "@/features/s3-migrations/server";
import { listChunkBuckets, listFailures } from "@/features/s3-migrations/server/failure-repository";
import { getDetail } from "@/features/s3-migrations/server/migration-repository";
import { pool } from "@/server/db/client";
import { recount, waitFor } from "@/tests/support/s3-engine";
import { setS3Stage } from "@/tests/support/s3-stage";
import { seededRandom } from "@/tests/support/s3-workers";
import { hashFiles, makeManyFiles, type S3World } from "@/tests/support/s3-world";
import { until } from "@/tests/support/until";

const SEED = Number(process.env.CHAOS_SEED ?? 42);
const MIB = 1024 * 1024;
const ada = { name: "ada" };

/** Names that some server, proxy or client is known to fold, decode twice or cut. */
const ODD_NAMES = [
  "naïve name +%2F 😀.png",
  "nfc-\u00e9",
  "nfd-e\u0301",
  "plus+plus",
  "percent%41",
  "quotes\"'&<>.png",
  "semi;colon,comma=1?x#y",
  "star*(1)!~",
  "back\\slash",
  " spaces around ",
  "tab\tinside",
  "...dots",
  "deep/er/and/deeper/still.txt",
];

/**
 * What every S3 server must see from the engine, told by an independent look (the official SDK, own hashing, rows counted
 * anew). `openWorld` starts the server under test.
 */
export function describeCopies(
  server: string,
  openWorld: () => Promise<S3World>,
  { copiesParts = true }: { copiesParts?: boolean } = {},
): void {
  const stage = setS3Stage(openWorld);

  describe(`a migration to ${server}`, () => {
    it("copies every file byte for byte and proves it by the stored checksum", { timeout: 120_000 }, async () => {
      const root = await stage.world.makeFiles(Object.fromEntries(ODD_NAMES.map((name) => [name, `body of ${name}`])));
      makeManyFiles(root, 600);
      fs.writeFileSync(path.join(root, "empty"), "");
      const objects = 601 + ODD_NAMES.length;
      const bucket = await stage.world.makeBucket();
      stage.runEngine();
      const { id } = await createS3Migration(
        {
          name: "previews",
          source: { kind: "local", path: root },
          destination: stage.world.destination(bucket, { prefix: "up/" }),
          options: { chunkObjects: 100 },
          start: true,
        },
        ada,
      );
      const done = await waitFor(id, isOver, 60_000);
      expect((await listFailures(id, { limit: 10 })).failures).toEqual([]);
      expect(done).toMatchObject({ state: "verified", inventory: { objects } });
      expect(done.allowedVerbs).toEqual(["begin_cutover", "list_again"]);
      expect(done.tiers).toEqual([{ tier: "stored", objects, bytes: done.inventory.bytes }]);
      const source = await hashFiles(root);
      const copied = await stage.world.hashBucket(bucket);
      expect([...copied].sort()).toEqual([...source].map(([key, hash]) => [`up/${key}`, hash]).sort());
      const { rows, chunks } = await recount(id);
      expect(rows).toEqual({ 3: objects });
      expect(chunks).toMatchObject({ n: objects, verified: objects });
      const { commands, samples } = await getDetail(id);
      expect(commands).toEqual([]);
      expect(samples.length).toBeGreaterThan(0);
      const { buckets } = await listChunkBuckets(id, 3);
      expect(buckets.reduce((sum, bar) => sum + bar.proven, 0)).toBe(objects);
    });

    it("copies a bucket under a prefix, streams large objects and cuts larger ones into parts", {
      timeout: 120_000,
    }, async () => {
      const from = await stage.world.makeBucket();
      const to = await stage.world.makeBucket();
      await stage.world.put(from, "old/small", "s");
      await stage.world.put(from, "old/empty", "");
      await stage.world.put(from, "old/big", Buffer.alloc(17 * MIB + 5, "b"));
      await stage.world.put(from, "old/huge", Buffer.alloc(26 * MIB + 7, "h"));
      await stage.world.put(from, "elsewhere", "not this one");
      for (const name of ODD_NAMES) await stage.world.put(from, `old/${name}`, `body of ${name}`);
      stage.runEngine();
      const { id } = await createS3Migration(
        {
          name: "buckets",
          source: stage.world.destination(from, { prefix: "old/" }),
          destination: stage.world.destination(to, { prefix: "new/" }),
          options: {
            multipartThresholdBytes: 20 * MIB,
            partSizeBytes: 5 * MIB,
            verify: "read_back",
            serverCopy: "never",
          },
          start: true,
        },
        ada,
      );
      const done = await waitFor(id, isOver, 60_000);
      expect((await listFailures(id, { limit: 10 })).failures).toEqual([]);
      expect(done).toMatchObject({ state: "verified", counts: { verified: 4 + ODD_NAMES.length } });
      expect(done.tiers.map(({ tier }) => tier)).toEqual(["read_back"]);
      const source = [...(await stage.world.hashBucket(from))].filter(([key]) => key.startsWith("old/"));
      const expected = source.map(([key, hash]) => [key.replace(/^old/, "new"), hash]).sort();
      expect([...(await stage.world.hashBucket(to))].sort()).toEqual(expected);
      expect(await stage.world.openUploads(to)).toEqual([]);
    });

    // 5 GiB is the limit of one copy; here it is 5 MiB, and the way is the same.
    it("has the server copy part by part what is too large for one copy, and leaves nothing open", {
      timeout: 120_000,
    }, async () => {
      const from = await stage.world.makeBucket();
      const to = await stage.world.makeBucket();
      await stage.world.put(from, "one byte more", randomBytes(5 * MIB + 1));
      await stage.world.put(from, "dir/+%2F ü", randomBytes(16 * MIB + 3));
      await stage.world.put(from, "just one copy", randomBytes(5 * MIB));
      stage.runEngine({ serverCopyBytes: 5 * MIB });
      const { id } = await createS3Migration(
        {
          name: "parts on the server",
          source: stage.world.destination(from),
          destination: stage.world.destination(to),
          options: { multipartThresholdBytes: 20 * MIB },
          start: true,
        },
        ada,
      );
      const done = await waitFor(id, isOver, 60_000);
      expect((await listFailures(id, { limit: 10 })).failures).toEqual([]);
      expect(done).toMatchObject({ state: "verified", counts: { verified: 3 }, kept: { headersProven: 3 } });
      expect(done.tiers.map(({ tier }) => tier)).toEqual(["stored"]);
      expect([...(await stage.world.hashBucket(to))].sort()).toEqual([...(await stage.world.hashBucket(from))].sort());
      expect(await stage.world.openUploads(to)).toEqual([]);
      // In parts, as the ETag of each says.
      const { rows } = await pool().query<{ key: string; etag: string }>(
        "select src_key as key, etag from s3.object where migration_no = (select no from s3_migration where id = $1) order by 1",
        [id],
      );
      const parts = Object.fromEntries(rows.map(({ key, etag }) => [key, etag.split("-")[1]]));
      const inParts = { "dir/+%2F ü": "4", "one byte more": "2", "just one copy": undefined };
      // A server whose sums of copied parts prove nothing has the bytes come by: whole, as these are small.
      expect(parts).toEqual(copiesParts ? inParts : Object.fromEntries(rows.map(({ key }) => [key, undefined])));
    });

    it("has the server copy what it has itself, and proves it by the checksum", { timeout: 120_000 }, async () => {
      const from = await stage.world.makeBucket();
      const to = await stage.world.makeBucket();
      await stage.world.put(from, "small", "s");
      await stage.world.put(from, "one MiB", Buffer.alloc(MIB, "m"));
      await stage.world.put(from, "dir/+%2F ü", Buffer.alloc(21 * MIB + 7, "h"));
      stage.runEngine();
      const { id } = await createS3Migration(
        {
          name: "on the server",
          source: stage.world.destination(from),
          destination: stage.world.destination(to),
          options: { multipartThresholdBytes: 20 * MIB },
          start: true,
        },
        ada,
      );
      const done = await waitFor(id, isOver, 60_000);
      expect((await listFailures(id, { limit: 10 })).failures).toEqual([]);
      expect(done).toMatchObject({ state: "verified", kept: { headersProven: 3 } });
      expect(done.tiers.map(({ tier }) => tier)).toEqual(["stored"]);
      expect([...(await stage.world.hashBucket(to))].sort()).toEqual([...(await stage.world.hashBucket(from))].sort());
      expect(await stage.world.openUploads(to)).toEqual([]);
    });

    it("recognises what is there already and overwrites nothing", async () => {
      const root = await stage.world.makeFiles({ same: "equal", other: "mine!", new: "new" });
      const bucket = await stage.world.makeBucket();
      await stage.world.put(bucket, "same", "equal");
      await stage.world.put(bucket, "other", "yours");
      const before = await stage.world.hashBucket(bucket);
      stage.runEngine();
      const { id } = await createS3Migration(
        {
          name: "there",
          source: { kind: "local", path: root },
          destination: stage.world.destination(bucket),
          start: true,
        },
        ada,
      );
      const done = await waitFor(id, isOver);
      expect(done).toMatchObject({ state: "failed", counts: { verified: 2, conflict: 1 } });
      const { failures } = await listFailures(id, { limit: 10 });
      expect(failures).toMatchObject([{ key: "other", state: "conflict", errorClass: "conflict", code: "KeyExists" }]);
      expect((await stage.world.hashBucket(bucket)).get("other")).toBe(before.get("other"));
    });
  });

  describe(`a worker killed while it uploads parts to ${server}`, () => {
    it("leaves no part behind: whoever takes over goes on with its uploads", {
      timeout: 120_000,
    }, async () => {
      const big = Object.fromEntries(["a", "b"].map((name) => [`${name}.bin`, Buffer.alloc(48 * MIB + 3, name)]));
      const root = await stage.world.makeFiles({ ...big, small: "s" });
      const bucket = await stage.world.makeBucket();
      const { id } = await createS3Migration(
        {
          name: "parts",
          source: { kind: "local", path: root },
          destination: stage.world.destination(bucket),
          options: { multipartThresholdBytes: 6 * MIB, partSizeBytes: 5 * MIB, concurrency: 2 },
          start: true,
        },
        ada,
      );
      const victim = await stage.addWorker();
      await until("an upload in parts is open", async () => (await stage.world.openUploads(bucket)).length > 0, 60_000);
      await stage.kill(victim);
      expect(await stage.world.openUploads(bucket)).not.toEqual([]);
      await stage.addWorker();
      const done = await waitFor(id, isOver, 90_000);
      expect(done).toMatchObject({ state: "verified", counts: { verified: 3 } });
      expect(done.tiers.map(({ tier }) => tier)).toEqual(["stored"]);
      expect(await stage.world.openUploads(bucket)).toEqual([]);
      expect([...(await stage.world.hashBucket(bucket))].sort()).toEqual([...(await hashFiles(root))].sort());
    });

    it("leaves no part behind when the migration is cancelled instead", { timeout: 120_000 }, async () => {
      const root = await stage.world.makeFiles({ "a.bin": Buffer.alloc(48 * MIB + 3, "a") });
      const bucket = await stage.world.makeBucket();
      const { id } = await createS3Migration(
        {
          name: "parts given up",
          source: { kind: "local", path: root },
          destination: stage.world.destination(bucket),
          options: { multipartThresholdBytes: 6 * MIB, partSizeBytes: 5 * MIB, concurrency: 2 },
          start: true,
        },
        ada,
      );
      const victim = await stage.addWorker();
      await until("an upload in parts is open", async () => (await stage.world.openUploads(bucket)).length > 0, 60_000);
      await stage.kill(victim);
      await sendCommand(id, { verb: "cancel" }, ada);
      await stage.addWorker();
      await waitFor(id, ({ state }) => state === "cancelled", 60_000);
      await until("its parts are gone", async () => (await stage.world.openUploads(bucket)).length === 0, 30_000);
      expect((await stage.world.hashBucket(bucket)).size).toBe(0);
    });
  });

  describe(`a worker killed at random while it copies to ${server} (seed ${SEED})`, () => {
    it("loses and doubles nothing, whatever it was doing", { timeout: 180_000 }, async () => {
      const files = 2000;
      const random = seededRandom(SEED);
      const root = await stage.world.makeFiles({});
      makeManyFiles(root, files);
      const bucket = await stage.world.makeBucket();
      const { id } = await createS3Migration(
        {
          name: "crash",
          source: { kind: "local", path: root },
          destination: stage.world.destination(bucket),
          options: { chunkObjects: 100, limits: { objectsPerSecond: 500 } },
          start: true,
        },
        ada,
      );
      for (let round = 0; round < 5; round += 1) {
        const [victim] = await Promise.all([stage.addWorker(), round === 0 ? stage.addWorker() : undefined]);
        await sleep(200 + random() * 1500);
        await stage.kill(victim);
      }
      await stage.addWorker();
      const done = await waitFor(id, isOver, 120_000);
      expect(done.state).toBe("verified");
      expect(Object.values(done.counts).reduce((sum, n) => sum + n, 0)).toBe(files);
      expect([...(await stage.world.hashBucket(bucket))].sort()).toEqual([...(await hashFiles(root))].sort());
      const { rows, chunks } = await recount(id);
      expect(rows).toEqual({ 3: files });
      expect(chunks).toMatchObject({ n: files, verified: files, pending: 0, failed: 0 });
    });
  });
}

/** Ended for better or worse: what a test waits for, so that a failure is seen at once and not after a timeout. */
const isOver = ({ state }: S3MigrationSnapshot): boolean =>
  state === "verified" || state === "failed" || state === "auto_stopped";
