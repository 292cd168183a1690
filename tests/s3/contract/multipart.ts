import { createHash, randomBytes } from "node:crypto";
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { expect } from "vitest";
import type { Check, Room } from "../contract";
import { raw, refusal } from "../target";

const MIN_PART = 5 * 1024 * 1024;
const PARTS = [randomBytes(MIN_PART), randomBytes(MIN_PART), randomBytes(1234)];
const WHOLE = Buffer.concat(PARTS);
const NINE_DIGITS_CRC64 = Buffer.from("ae8b14860a799888", "hex").toString("base64");

type Handle = { Bucket: string; Key: string; UploadId: string };

async function create(
  { s3, bucket }: Room,
  key: string,
  more: Partial<CreateMultipartUploadCommandInput> = {},
): Promise<Handle> {
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key: key, ...more }));
  return { Bucket: bucket, Key: key, UploadId: UploadId ?? "" };
}

async function upload(
  { s3 }: Room,
  handle: Handle,
  parts: readonly Buffer[],
  more: object = {},
): Promise<CompletedPart[]> {
  const done: CompletedPart[] = [];
  for (const [index, Body] of parts.entries()) {
    const reply = await s3.send(new UploadPartCommand({ ...handle, PartNumber: index + 1, Body, ...more }));
    done.push({ PartNumber: index + 1, ETag: reply.ETag, ChecksumSHA256: reply.ChecksumSHA256 });
  }
  return done;
}

function complete({ s3 }: Room, handle: Handle, Parts: CompletedPart[], more: object = {}) {
  return s3.send(new CompleteMultipartUploadCommand({ ...handle, MultipartUpload: { Parts }, ...more }));
}

async function md5Of({ s3, bucket }: Room, key: string): Promise<string> {
  const got = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return createHash("md5")
    .update((await got.Body?.transformToByteArray()) ?? "")
    .digest("hex");
}

const md5 = (body: Buffer) => createHash("md5").update(body).digest();

export const multipartChecks: Check[] = [
  [
    "puts parts together in order, with an ETag of their MD5s and their number",
    async (room) => {
      const handle = await create(room, "assembled", { ContentType: "image/png", Metadata: { owner: "asha" } });
      const reply = await complete(room, handle, await upload(room, handle, PARTS));
      const expected = createHash("md5")
        .update(Buffer.concat(PARTS.map(md5)))
        .digest("hex");
      expect(reply.ETag).toBe(`"${expected}-3"`);
      expect(await md5Of(room, "assembled")).toBe(md5(WHOLE).toString("hex"));
      const head = await room.s3.send(new HeadObjectCommand({ Bucket: room.bucket, Key: "assembled" }));
      expect(head).toMatchObject({
        ContentLength: WHOLE.length,
        ContentType: "image/png",
        Metadata: { owner: "asha" },
      });
    },
  ],
  [
    "keeps a composite SHA-256 when asked at creation",
    async (room) => {
      const handle = await create(room, "composite", { ChecksumAlgorithm: "SHA256" });
      await complete(room, handle, await upload(room, handle, PARTS, { ChecksumAlgorithm: "SHA256" }));
      const head = await room.s3.send(
        new HeadObjectCommand({ Bucket: room.bucket, Key: "composite", ChecksumMode: "ENABLED" }),
      );
      const digests = PARTS.map((part) => createHash("sha256").update(part).digest());
      expect(head.ChecksumSHA256).toBe(`${createHash("sha256").update(Buffer.concat(digests)).digest("base64")}-3`);
      expect(head.ChecksumType).toBe("COMPOSITE");
    },
  ],
  [
    "asks for the parts' checksums when the whole is to have one of them",
    async (room) => {
      const handle = await create(room, "unproven", { ChecksumAlgorithm: "SHA256" });
      const [part] = await upload(room, handle, [Buffer.from("x")], { ChecksumAlgorithm: "SHA256" });
      const attempt = complete(room, handle, [{ PartNumber: 1, ETag: part?.ETag }]);
      expect(await refusal(attempt)).toEqual({ code: "InvalidRequest", status: 400 });
    },
  ],
  [
    "keeps a CRC64NVME of the whole object when asked at creation",
    async (room) => {
      const body = Buffer.from("123456789");
      const handle = await create(room, "full-object", { ChecksumAlgorithm: "CRC64NVME", ChecksumType: "FULL_OBJECT" });
      const { headers } = await raw(room.target, {
        method: "PUT",
        path: `/${room.bucket}/full-object?partNumber=1&uploadId=${encodeURIComponent(handle.UploadId)}`,
        body,
      });
      await complete(room, handle, [{ PartNumber: 1, ETag: headers.etag, ChecksumCRC64NVME: NINE_DIGITS_CRC64 }]);
      const head = await room.s3.send(
        new HeadObjectCommand({ Bucket: room.bucket, Key: "full-object", ChecksumMode: "ENABLED" }),
      );
      expect(head.ChecksumCRC64NVME).toBe(NINE_DIGITS_CRC64);
      expect(head.ChecksumType).toBe("FULL_OBJECT");
    },
  ],
  [
    "lists the parts there are, and replaces a part sent twice",
    async (room) => {
      const handle = await create(room, "listed");
      await upload(room, handle, [Buffer.from("a"), Buffer.from("b")]);
      await upload(room, handle, [Buffer.from("longer")]);
      const { Parts } = await room.s3.send(new ListPartsCommand(handle));
      expect(Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
        [1, 6],
        [2, 1],
      ]);
      await room.s3.send(new AbortMultipartUploadCommand(handle));
    },
  ],
  [
    "shows open uploads, and forgets an aborted one with its parts",
    async (room) => {
      const handle = await create(room, "aborted");
      const done = await upload(room, handle, [Buffer.from("x")]);
      const open = async () =>
        (await room.s3.send(new ListMultipartUploadsCommand({ Bucket: room.bucket }))).Uploads ?? [];
      expect((await open()).map(({ UploadId }) => UploadId)).toContain(handle.UploadId);
      await room.s3.send(new AbortMultipartUploadCommand(handle));
      expect((await open()).map(({ UploadId }) => UploadId)).not.toContain(handle.UploadId);
      expect(await refusal(complete(room, handle, done))).toEqual({ code: "NoSuchUpload", status: 404 });
      expect((await refusal(room.s3.send(new HeadObjectCommand({ Bucket: room.bucket, Key: "aborted" })))).status).toBe(
        404,
      );
    },
  ],
  [
    "refuses a part that was never sent, or has another ETag",
    async (room) => {
      const handle = await create(room, "wrong-part");
      const [first] = await upload(room, handle, [PARTS[0] ?? WHOLE]);
      const never = { PartNumber: 2, ETag: first?.ETag };
      expect((await refusal(complete(room, handle, [first ?? never, never]))).code).toBe("InvalidPart");
      const other = { PartNumber: 1, ETag: `"${md5(Buffer.from("y")).toString("hex")}"` };
      expect(await refusal(complete(room, handle, [other]))).toEqual({ code: "InvalidPart", status: 400 });
    },
  ],
  [
    "refuses parts out of order",
    async (room) => {
      const handle = await create(room, "disorder");
      const done = await upload(room, handle, PARTS.slice(0, 2));
      expect(await refusal(complete(room, handle, done.reverse()))).toEqual({ code: "InvalidPartOrder", status: 400 });
    },
  ],
  [
    "refuses a part below 5 MiB that is not the last",
    async (room) => {
      const handle = await create(room, "small");
      const done = await upload(room, handle, [Buffer.from("small"), Buffer.from("x")]);
      expect(await refusal(complete(room, handle, done))).toEqual({ code: "EntityTooSmall", status: 400 });
    },
  ],
  [
    "If-None-Match: * holds for a completed upload too",
    async (room) => {
      await room.s3.send(new PutObjectCommand({ Bucket: room.bucket, Key: "taken", Body: "mine" }));
      const handle = await create(room, "taken");
      const done = await upload(room, handle, [Buffer.from("theirs")]);
      const attempt = complete(room, handle, done, { IfNoneMatch: "*" });
      expect(await refusal(attempt)).toEqual({ code: "PreconditionFailed", status: 412 });
      expect(await md5Of(room, "taken")).toBe(md5(Buffer.from("mine")).toString("hex"));
    },
  ],
  [
    "takes parts from objects it already has",
    async (room) => {
      const { s3, bucket } = room;
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "part-source", Body: WHOLE }));
      const handle = await create(room, "part-copy");
      const CopySource = `${bucket}/part-source`;
      const ranges = [`bytes=0-${MIN_PART - 1}`, `bytes=${MIN_PART}-${WHOLE.length - 1}`];
      const done: CompletedPart[] = [];
      for (const [index, CopySourceRange] of ranges.entries()) {
        const reply = await s3.send(
          new UploadPartCopyCommand({ ...handle, PartNumber: index + 1, CopySource, CopySourceRange }),
        );
        done.push({ PartNumber: index + 1, ETag: reply.CopyPartResult?.ETag });
      }
      await complete(room, handle, done);
      expect(await md5Of(room, "part-copy")).toBe(md5(WHOLE).toString("hex"));
    },
  ],
];
