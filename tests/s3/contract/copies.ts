import { CopyObjectCommand, GetObjectCommand, HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { expect } from "vitest";
import type { Check, Room } from "../contract";
import { refusal } from "../target";

const SOURCE = { Body: "the source", ContentType: "image/png", Metadata: { owner: "asha" } };

async function prepare({ s3, bucket }: Room, key: string): Promise<string> {
  return (
    (await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, ...SOURCE, ChecksumAlgorithm: "SHA256" }))).ETag ??
    ""
  );
}

function copy({ s3, bucket }: Room, from: string, to: string, more: object = {}) {
  const CopySource = `${bucket}/${encodeURIComponent(from)}`;
  return s3.send(new CopyObjectCommand({ Bucket: bucket, Key: to, CopySource, ...more }));
}

export const copyChecks: Check[] = [
  [
    "copies bytes, type and metadata inside the server",
    async (room) => {
      const etag = await prepare(room, "from a+ü");
      const reply = await copy(room, "from a+ü", "to");
      expect(reply.CopyObjectResult?.ETag).toBe(etag);
      const got = await room.s3.send(new GetObjectCommand({ Bucket: room.bucket, Key: "to" }));
      expect(await got.Body?.transformToString()).toBe(SOURCE.Body);
      expect(got).toMatchObject({ ContentType: "image/png", Metadata: { owner: "asha" } });
    },
  ],
  [
    "carries the checksum along",
    async (room) => {
      await prepare(room, "summed");
      await copy(room, "summed", "summed-copy");
      const [from, to] = await Promise.all(
        ["summed", "summed-copy"].map((Key) =>
          room.s3.send(new HeadObjectCommand({ Bucket: room.bucket, Key, ChecksumMode: "ENABLED" })),
        ),
      );
      expect(to?.ChecksumSHA256).toBe(from?.ChecksumSHA256);
      expect(to?.ChecksumSHA256).toBeDefined();
    },
  ],
  [
    "replaces the description when told",
    async (room) => {
      await prepare(room, "described");
      await copy(room, "described", "redescribed", {
        MetadataDirective: "REPLACE",
        ContentType: "text/plain",
        Metadata: { b: "2" },
      });
      const head = await room.s3.send(new HeadObjectCommand({ Bucket: room.bucket, Key: "redescribed" }));
      expect(head).toMatchObject({ ContentType: "text/plain", Metadata: { b: "2" } });
    },
  ],
  [
    "copies only the version the condition names",
    async (room) => {
      const etag = await prepare(room, "versioned");
      await copy(room, "versioned", "same", { CopySourceIfMatch: etag });
      const other = { CopySourceIfMatch: '"0123456789abcdef0123456789abcdef"' };
      expect(await refusal(copy(room, "versioned", "changed", other))).toEqual({
        code: "PreconditionFailed",
        status: 412,
      });
      expect((await refusal(room.s3.send(new HeadObjectCommand({ Bucket: room.bucket, Key: "changed" })))).status).toBe(
        404,
      );
    },
  ],
  [
    "says when the source of a copy is missing",
    async (room) =>
      expect(await refusal(copy(room, "never-was", "to-nowhere"))).toEqual({ code: "NoSuchKey", status: 404 }),
  ],
];
