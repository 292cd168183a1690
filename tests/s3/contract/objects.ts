import { createHash, randomBytes } from "node:crypto";
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { expect } from "vitest";
import type { Check, Room } from "../contract";
import { raw, refusal } from "../target";

const BODY = randomBytes(100_000);

async function putBody({ s3, bucket }: Room, key: string): Promise<void> {
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: BODY }));
}

async function range(room: Room, Range: string) {
  const got = await room.s3.send(new GetObjectCommand({ Bucket: room.bucket, Key: "ranged", Range }));
  return { bytes: Buffer.from((await got.Body?.transformToByteArray()) ?? []), contentRange: got.ContentRange };
}

export const objectChecks: Check[] = [
  [
    "gives back what was put, with size, MD5 as ETag, and a time",
    async (room) => {
      await putBody(room, "whole");
      const got = await room.s3.send(new GetObjectCommand({ Bucket: room.bucket, Key: "whole" }));
      expect(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(BODY)).toBe(true);
      expect(got.ETag).toBe(`"${createHash("md5").update(BODY).digest("hex")}"`);
      expect(got.ContentLength).toBe(BODY.length);
      expect(Math.abs(Date.now() - (got.LastModified?.getTime() ?? 0))).toBeLessThan(60_000);
    },
  ],
  [
    "keeps an object of no bytes",
    async ({ s3, bucket }) => {
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "empty", Body: "" }));
      const got = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: "empty" }));
      expect(await got.Body?.transformToString()).toBe("");
      expect(got.ContentLength).toBe(0);
    },
  ],
  [
    "keeps content type, headers and metadata",
    async ({ s3, bucket }) => {
      const described = {
        ContentType: "image/png",
        CacheControl: "max-age=60",
        ContentDisposition: 'attachment; filename="a b.png"',
        ContentLanguage: "de",
        Metadata: { owner: "asha", "with-dash": "1 2" },
      };
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "described", Body: "x", ...described }));
      expect(await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: "described" }))).toMatchObject(described);
    },
  ],
  [
    "answers ranges from the front, the middle and the end",
    async (room) => {
      await putBody(room, "ranged");
      expect(await range(room, "bytes=0-9")).toEqual({
        bytes: BODY.subarray(0, 10),
        contentRange: `bytes 0-9/${BODY.length}`,
      });
      expect((await range(room, "bytes=50000-")).bytes).toEqual(BODY.subarray(50_000));
      expect((await range(room, "bytes=-7")).bytes).toEqual(BODY.subarray(-7));
      expect((await range(room, "bytes=99990-200000")).bytes).toEqual(BODY.subarray(99_990));
      expect((await refusal(range(room, "bytes=100000-"))).status).toBe(416);
    },
  ],
  [
    "replaces an object whole",
    async ({ s3, bucket }) => {
      await s3.send(
        new PutObjectCommand({ Bucket: bucket, Key: "twice", Body: "first, longer", Metadata: { a: "1" } }),
      );
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "twice", Body: "second" }));
      const got = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: "twice" }));
      expect(await got.Body?.transformToString()).toBe("second");
      expect(got.Metadata ?? {}).toEqual({});
    },
  ],
  [
    "deletes one object, and what is not there, alike",
    async ({ s3, bucket }) => {
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "gone", Body: "x" }));
      for (let time = 0; time < 2; time += 1) {
        const reply = await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: "gone" }));
        expect(reply.$metadata.httpStatusCode).toBe(204);
      }
      expect((await refusal(s3.send(new HeadObjectCommand({ Bucket: bucket, Key: "gone" })))).status).toBe(404);
    },
  ],
  [
    "deletes many at once and names each",
    async ({ s3, bucket }) => {
      const keys = ["del-1", "del & <2>", "del-é"];
      for (const Key of keys) await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: "x" }));
      const Objects = [...keys, "del-never"].map((Key) => ({ Key }));
      const reply = await s3.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects } }));
      expect(reply.Errors ?? []).toEqual([]);
      expect(reply.Deleted?.map(({ Key }) => Key)).toEqual(expect.arrayContaining(keys));
      for (const Key of keys)
        expect((await refusal(s3.send(new HeadObjectCommand({ Bucket: bucket, Key })))).status).toBe(404);
    },
  ],
  [
    "refuses a deletion document that is not XML",
    async ({ target, bucket }) => {
      const body = "<Delete><Object>";
      const headers = { "content-md5": createHash("md5").update(body).digest("base64") };
      const reply = await raw(target, { method: "POST", path: `/${bucket}?delete`, headers, body });
      expect(reply).toMatchObject({ status: 400, code: "MalformedXML" });
    },
  ],
  [
    "creates, finds, lists and deletes buckets, and keeps one that is not empty",
    async ({ s3, bucket }) => {
      const Bucket = `${bucket}-second`;
      await s3.send(new CreateBucketCommand({ Bucket }));
      await s3.send(new HeadBucketCommand({ Bucket }));
      expect((await s3.send(new ListBucketsCommand({}))).Buckets?.map(({ Name }) => Name)).toContain(Bucket);
      await s3.send(new PutObjectCommand({ Bucket, Key: "x", Body: "x" }));
      expect(await refusal(s3.send(new DeleteBucketCommand({ Bucket })))).toEqual({
        code: "BucketNotEmpty",
        status: 409,
      });
      await s3.send(new DeleteObjectCommand({ Bucket, Key: "x" }));
      await s3.send(new DeleteBucketCommand({ Bucket }));
      expect((await refusal(s3.send(new HeadBucketCommand({ Bucket })))).status).toBe(404);
    },
  ],
];
