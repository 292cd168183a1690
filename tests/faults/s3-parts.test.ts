import { readFile } from "node:fs/promises";
import path from "node:path";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { destinationSchema } from "@/features/s3-migrations/contract";
import { createS3Migration, listS3Uploads, sendCommand } from "@/features/s3-migrations/server";
import type { ChunkObject } from "@/features/s3-migrations/server/engine/chunk-repository";
import type { CopyContext } from "@/features/s3-migrations/server/engine/copy-context";
import { takeUpload } from "@/features/s3-migrations/server/engine/upload-attempt";
import { listFailures } from "@/features/s3-migrations/server/failure-repository";
import { openDestination } from "@/features/s3-migrations/server/stores/open-stores";
import { pool } from "@/server/db/client";
import { LOCAL_S3_CREDENTIALS } from "@/server/local-s3/start-local-s3";
import { notesOf, PART_BYTES, PARTS, setKilledMidway } from "@/tests/support/killed-midway";
import { waitFor } from "@/tests/support/s3-engine";
import { setS3Stage } from "@/tests/support/s3-stage";
import { hashFiles } from "@/tests/support/s3-world";
import { until } from "@/tests/support/until";

const stage = setS3Stage();
const ada = { name: "ada" };
const isOver = ({ state }: { state: string }) => ["verified", "failed", "auto_stopped"].includes(state);

const killMidway = setKilledMidway(stage);

const sdk = () =>
  new S3Client({
    endpoint: stage.world.endpoint,
    region: "us-east-1",
    credentials: LOCAL_S3_CREDENTIALS,
    forcePathStyle: true,
  });

describe("a worker killed in the middle of twelve parts", () => {
  it("is gone on with: what the server has is not sent again", { timeout: 120_000 }, async () => {
    const { id, root, bucket, sent, before } = await killMidway();
    expect((await listS3Uploads(id)).own).toMatchObject([{ key: "large.bin", parts: before, ofParts: PARTS }]);
    stage.runEngine();
    const done = await waitFor(id, ({ state }) => state === "verified", 90_000);
    expect(sent).toHaveLength(PARTS - before);
    expect(done.tiers).toMatchObject([{ tier: "stored", objects: 1 }]);
    expect(await stage.world.hashBucket(bucket)).toEqual(await hashFiles(root));
    expect(await stage.world.openUploads(bucket)).toEqual([]);
    expect((await pool().query("select 1 from s3.upload_part")).rowCount).toBe(0);
  });

  it("is not gone on with where the server holds another part than was sent", { timeout: 120_000 }, async () => {
    const { id, root, bucket, sent, before } = await killMidway();
    const client = sdk();
    const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
    const upload = { Bucket: bucket, Key: "large.bin", UploadId: Uploads[0]?.UploadId };
    await client.send(
      new UploadPartCommand({
        ...upload,
        PartNumber: 2,
        Body: Buffer.alloc(PART_BYTES, "x"),
        ChecksumAlgorithm: "CRC32",
      }),
    );
    stage.runEngine();
    await waitFor(id, ({ state }) => state === "verified", 90_000);
    expect(sent).toContain(2);
    expect(sent).toHaveLength(PARTS - before + 1);
    expect(await stage.world.hashBucket(bucket)).toEqual(await hashFiles(root));
  });
});

describe("an upload that ended before its worker could say so", () => {
  /** The upload the victim left, as the server names it. */
  async function leftUpload(bucket: string) {
    const client = sdk();
    const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
    return { client, upload: { Bucket: bucket, Key: "large.bin", UploadId: Uploads[0]?.UploadId } };
  }

  /** Sends what is missing and completes it, as the victim would have. */
  async function completeLeft(bucket: string, body: Buffer): Promise<void> {
    const { client, upload } = await leftUpload(bucket);
    const { Parts: there = [] } = await client.send(new ListPartsCommand(upload));
    const parts = [];
    for (let number = 1; number <= PARTS; number += 1) {
      const known = there.find(({ PartNumber }) => PartNumber === number);
      const Body = body.subarray((number - 1) * PART_BYTES, number * PART_BYTES);
      const { ETag, ChecksumCRC32 } =
        known ??
        (await client.send(new UploadPartCommand({ ...upload, PartNumber: number, Body, ChecksumAlgorithm: "CRC32" })));
      parts.push({ PartNumber: number, ETag, ChecksumCRC32 });
    }
    await client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: parts } }));
  }

  it("completed: what is there is compared, and no part is sent again", { timeout: 120_000 }, async () => {
    const { id, root, bucket, sent } = await killMidway();
    await completeLeft(bucket, await readFile(path.join(root, "large.bin")));
    stage.runEngine();
    const done = await waitFor(id, isOver, 90_000);
    expect((await listFailures(id, { limit: 10 })).failures).toEqual([]);
    expect(done).toMatchObject({ state: "verified", tiers: [{ tier: "stored", objects: 1 }] });
    expect(sent).toEqual([]);
    expect(await stage.world.hashBucket(bucket)).toEqual(await hashFiles(root));
    expect(await notesOf(id)).toEqual({ uploads: 0, parts: 0 });
  });

  it("completed with other bytes: is a conflict, and is left alone", { timeout: 120_000 }, async () => {
    const { id, root, bucket, sent } = await killMidway();
    const body = await readFile(path.join(root, "large.bin"));
    body.fill("x", body.length - 3);
    await completeLeft(bucket, body);
    const stored = await stage.world.hashBucket(bucket);
    stage.runEngine();
    await waitFor(id, ({ counts }) => counts.conflict === 1, 90_000);
    expect(sent).toEqual([]);
    expect(await stage.world.hashBucket(bucket)).toEqual(stored);
    await sendCommand(id, { verb: "cancel" }, ada);
  });

  it("aborted: another is begun", { timeout: 120_000 }, async () => {
    const { id, root, bucket, sent } = await killMidway();
    const { client, upload } = await leftUpload(bucket);
    await client.send(new AbortMultipartUploadCommand(upload));
    stage.runEngine();
    const done = await waitFor(id, isOver, 90_000);
    expect((await listFailures(id, { limit: 10 })).failures).toEqual([]);
    expect(done.state).toBe("verified");
    expect(sent).toHaveLength(PARTS);
    expect(await stage.world.hashBucket(bucket)).toEqual(await hashFiles(root));
    expect(await stage.world.openUploads(bucket)).toEqual([]);
    expect(await notesOf(id)).toEqual({ uploads: 0, parts: 0 });
  });

  it("is forgotten once its migration is cancelled", { timeout: 60_000 }, async () => {
    const { id, bucket } = await killMidway();
    const { client, upload } = await leftUpload(bucket);
    await client.send(new AbortMultipartUploadCommand(upload));
    await sendCommand(id, { verb: "cancel" }, ada);
    stage.runEngine();
    await until("its note is gone", async () => (await notesOf(id)).uploads === 0, 30_000);
  });
});

describe("parts of an object that failed for good", () => {
  it("are given back once they are old enough; other people's uploads are listed and stay", {
    timeout: 120_000,
  }, async () => {
    const { id, bucket } = await killMidway();
    await stage.world.beginUpload(bucket, "somebody else's");
    // As if its attempts had been used up: the chunk's sums follow.
    const mine = "where migration_no = (select no from s3_migration where id = $1)";
    await pool().query(`update s3.object set state = 6 ${mine}`, [id]);
    await pool().query(
      `update s3.chunk set failed = 1, pending = 0, bytes_other = bytes_waiting, bytes_waiting = 0 ${mine}`,
      [id],
    );
    const engine = stage.runEngine({ abandonedMs: 0 });
    await until("its parts are given back", async () => (await stage.world.openUploads(bucket)).length === 1, 30_000);
    expect(await stage.world.openUploads(bucket)).toEqual(["somebody else's"]);
    await engine.stop();
    expect((await listS3Uploads(id)).own).toEqual([]);
    await sendCommand(id, { verb: "cancel" }, ada);
  });

  it("of others are written down after copying", { timeout: 60_000 }, async () => {
    const root = await stage.world.makeFiles({ a: "1" });
    const bucket = await stage.world.makeBucket();
    await stage.world.beginUpload(bucket, "somebody else's");
    stage.runEngine();
    const destination = stage.world.destination(bucket);
    const source = { kind: "local", path: root } as const;
    const { id } = await createS3Migration({ name: "others", source, destination, start: true }, ada);
    await waitFor(id, ({ state }) => state === "verified");
    expect((await listS3Uploads(id)).others).toMatchObject([{ key: "somebody else's" }]);
    expect(await stage.world.openUploads(bucket)).toEqual(["somebody else's"]);
  });
});

// Last: its migration stays as it is.
describe("an upload whose worker was killed", () => {
  it("is left alone by another that lost its lease and has not noticed", { timeout: 120_000 }, async () => {
    const { id, bucket } = await killMidway();
    const { rows } = await pool().query<{ no: number; objectId: number }>(
      `select m.no, o.id as "objectId" from s3_migration m join s3.object o on o.migration_no = m.no where m.id = $1`,
      [id],
    );
    const [{ no, objectId } = { no: 0, objectId: 0 }] = rows;
    const destination = openDestination(destinationSchema.parse(stage.world.destination(bucket)), 1);
    const context = { destination, migrationNo: no, isMine: async () => false } as unknown as CopyContext;
    const object = { id: objectId, key: "large.bin", destinationKey: "large.bin" } as ChunkObject;
    // Cut otherwise: whoever may would abort it and begin anew.
    const cut = { fingerprint: "other", sizeBytes: 1, partBytes: 1, keptSum: 0 };
    await expect(takeUpload(context, object, { cut, metadata: {} })).rejects.toMatchObject({ storeCode: "LeaseLost" });
    await destination.close();
    expect(await stage.world.openUploads(bucket)).toHaveLength(1);
  });
});
