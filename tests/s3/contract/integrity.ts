import { createHash, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { crc32 } from "node:zlib";
import {
  ChecksumAlgorithm,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { expect } from "vitest";
import type { Check, Room } from "../contract";
import { raw, refusal } from "../target";

const base64 = (algorithm: string, body: Buffer | string) => createHash(algorithm).update(body).digest("base64");
const hex = (body: Buffer | string) => createHash("sha256").update(body).digest("hex");

function crc32Base64(body: Buffer): string {
  const out = Buffer.alloc(4);
  out.writeUInt32BE(crc32(body));
  return out.toString("base64");
}

async function bytesOf({ s3, bucket }: Room, key: string): Promise<Buffer> {
  const got = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return Buffer.from((await got.Body?.transformToByteArray()) ?? []);
}

/** `aws-chunked` framing of `body` with an unsigned trailer, in chunks of `chunkBytes`. */
function framed(body: Buffer, trailer: string, chunkBytes = 8192): Buffer {
  const pieces: Buffer[] = [];
  for (let at = 0; at < body.length; at += chunkBytes) {
    const piece = body.subarray(at, at + chunkBytes);
    pieces.push(Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from("\r\n"));
  }
  return Buffer.concat([...pieces, Buffer.from(`0\r\n${trailer}\r\n\r\n`)]);
}

function putFramed({ target, bucket }: Room, key: string, body: Buffer, trailer: string) {
  return raw(target, {
    method: "PUT",
    path: `/${bucket}/${key}`,
    payloadHash: "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
    headers: {
      "content-encoding": "aws-chunked",
      "x-amz-decoded-content-length": String(body.length),
      "x-amz-trailer": "x-amz-checksum-crc32",
    },
    body: framed(body, trailer),
  });
}

async function expectAbsent({ s3, bucket }: Room, key: string): Promise<void> {
  expect((await refusal(s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key })))).status).toBe(404);
}

function refusedPut(name: string, headers: Record<string, string>, expected: { code: string; status: number }): Check {
  return [
    name,
    async (room) => {
      const key = `refused-${hex(name).slice(0, 8)}`;
      const reply = await raw(room.target, {
        method: "PUT",
        path: `/${room.bucket}/${key}`,
        headers,
        body: "these bytes",
      });
      expect(reply).toMatchObject(expected);
      await expectAbsent(room, key);
    },
  ];
}

const WRONG: Record<string, string> = {
  crc32: "AAAAAA==",
  crc32c: "AAAAAA==",
  sha1: base64("sha1", "other bytes"),
  sha256: base64("sha256", "other bytes"),
  crc64nvme: "AAAAAAAAAAA=",
};

export const integrityChecks: Check[] = [
  ...Object.values(ChecksumAlgorithm)
    .filter((algorithm) => ["CRC32", "CRC32C", "SHA1", "SHA256"].includes(algorithm))
    .map(
      (algorithm): Check => [
        `verifies ${algorithm}, keeps it and tells it when asked`,
        async ({ s3, bucket }) => {
          const key = `sum-${algorithm}`;
          const put = await s3.send(
            new PutObjectCommand({ Bucket: bucket, Key: key, Body: "123456789", ChecksumAlgorithm: algorithm }),
          );
          const field = `Checksum${algorithm}` as "ChecksumCRC32";
          const head = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key, ChecksumMode: "ENABLED" }));
          expect(head[field]).toMatch(/^[A-Za-z0-9+/]+=*$/);
          expect(put[field]).toBe(head[field]);
          expect(head.ChecksumType).toBe("FULL_OBJECT");
          const silent = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
          expect(silent[field]).toBeUndefined();
        },
      ],
    ),
  [
    "computes CRC64NVME when the client sends no checksum",
    async ({ target, bucket }) => {
      const path = `/${bucket}/unsummed`;
      await raw(target, { method: "PUT", path, body: "123456789" });
      const head = await raw(target, { method: "HEAD", path, headers: { "x-amz-checksum-mode": "ENABLED" } });
      expect(head.headers["x-amz-checksum-crc64nvme"]).toBe(Buffer.from("ae8b14860a799888", "hex").toString("base64"));
    },
  ],
  ...Object.entries(WRONG).map(([name, value]) =>
    refusedPut(
      `refuses bytes that do not match x-amz-checksum-${name}`,
      { [`x-amz-checksum-${name}`]: value },
      { code: "BadDigest", status: 400 },
    ),
  ),
  refusedPut(
    "refuses bytes that do not match Content-MD5",
    { "content-md5": base64("md5", "other bytes") },
    { code: "BadDigest", status: 400 },
  ),
  refusedPut(
    "refuses a Content-MD5 that is none",
    { "content-md5": "bm90IGFuIG1kNQ==" },
    { code: "InvalidDigest", status: 400 },
  ),
  refusedPut(
    "refuses a checksum that is none",
    { "x-amz-checksum-crc32": "!!!" },
    { code: "InvalidRequest", status: 400 },
  ),
  refusedPut(
    "refuses two checksums at once",
    {
      "x-amz-checksum-crc32": crc32Base64(Buffer.from("these bytes")),
      "x-amz-checksum-sha1": base64("sha1", "these bytes"),
    },
    { code: "InvalidRequest", status: 400 },
  ),
  [
    "refuses bytes that do not match x-amz-content-sha256",
    async (room) => {
      const reply = await raw(room.target, {
        method: "PUT",
        path: `/${room.bucket}/lied`,
        body: "true",
        payloadHash: hex("lie"),
      });
      expect(reply).toMatchObject({ status: 400, code: "XAmzContentSHA256Mismatch" });
      await expectAbsent(room, "lied");
    },
  ],
  [
    "takes UNSIGNED-PAYLOAD",
    async (room) => {
      const reply = await raw(room.target, {
        method: "PUT",
        path: `/${room.bucket}/unsigned`,
        body: "abc",
        payloadHash: "UNSIGNED-PAYLOAD",
      });
      expect(reply.status).toBe(200);
      expect(reply.headers.etag).toBe(`"${createHash("md5").update("abc").digest("hex")}"`);
      expect((await bytesOf(room, "unsigned")).toString()).toBe("abc");
    },
  ],
  [
    "decodes the aws-chunked body the SDK sends for a stream, byte for byte",
    async (room) => {
      const body = randomBytes(300_000);
      const { s3, bucket } = room;
      await s3.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: "streamed",
          Body: Readable.from([body.subarray(0, 70_001), body.subarray(70_001)]),
          ContentLength: body.length,
        }),
      );
      expect((await bytesOf(room, "streamed")).equals(body)).toBe(true);
      const head = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: "streamed", ChecksumMode: "ENABLED" }));
      expect(head.ContentLength).toBe(body.length);
      expect(head.ChecksumCRC32).toBe(crc32Base64(body));
    },
  ],
  [
    "does not keep aws-chunked as the object's encoding",
    async (room) => {
      const body = Buffer.from("framed");
      expect((await putFramed(room, "framed", body, `x-amz-checksum-crc32:${crc32Base64(body)}`)).status).toBe(200);
      const head = await room.s3.send(new HeadObjectCommand({ Bucket: room.bucket, Key: "framed" }));
      expect(head.ContentEncoding ?? "").toBe("");
    },
  ],
  [
    "refuses a trailing checksum that does not match",
    async (room) => {
      const reply = await putFramed(room, "bad-trailer", Buffer.from("framed"), "x-amz-checksum-crc32:AAAAAA==");
      expect(reply).toMatchObject({ status: 400, code: "BadDigest" });
      await expectAbsent(room, "bad-trailer");
    },
  ],
  [
    "refuses an empty trailing checksum",
    async (room) => {
      const reply = await putFramed(room, "no-trailer", Buffer.from("framed"), "");
      expect(reply.status).toBe(400);
      await expectAbsent(room, "no-trailer");
    },
  ],
  [
    "tells checksum and size by GetObjectAttributes",
    async ({ s3, bucket }) => {
      const Body = "attributes";
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "attributes", Body, ChecksumAlgorithm: "SHA256" }));
      const reply = await s3.send(
        new GetObjectAttributesCommand({
          Bucket: bucket,
          Key: "attributes",
          ObjectAttributes: ["Checksum", "ObjectSize", "ETag"],
        }),
      );
      expect(reply.ObjectSize).toBe(Body.length);
      expect(reply.Checksum?.ChecksumSHA256).toBe(base64("sha256", Body));
      expect(reply.ETag?.replaceAll('"', "")).toBe(createHash("md5").update(Body).digest("hex"));
    },
  ],
];
