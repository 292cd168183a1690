import { z } from "zod";
import { CHECKSUM_ALGORITHMS } from "./checksum";

const storedChecksum = z.object({
  algorithm: z.enum(CHECKSUM_ALGORITHMS),
  type: z.enum(["FULL_OBJECT", "COMPOSITE"]),
  value: z.string(),
});

/** Headers S3 keeps with an object and gives back, and the `x-amz-meta-*` pairs without their prefix. */
const describedBy = {
  headers: z.record(z.string(), z.string()),
  metadata: z.record(z.string(), z.string()),
  /** Absent = STANDARD. */
  storageClass: z.string().optional(),
  tags: z.array(z.tuple([z.string(), z.string()])).optional(),
  /** Canned access rules; absent = private. */
  acl: z.string().optional(),
};

const storedObject = z.object({
  key: z.string(),
  dataId: z.string(),
  sizeBytes: z.number(),
  etag: z.string(),
  lastModifiedMs: z.number(),
  checksum: storedChecksum,
  partCount: z.number().optional(),
  ...describedBy,
});
export type StoredObject = z.infer<typeof storedObject>;
export type StoredChecksum = z.infer<typeof storedChecksum>;

const storedPart = z.object({
  partNumber: z.number(),
  dataId: z.string(),
  sizeBytes: z.number(),
  etag: z.string(),
  lastModifiedMs: z.number(),
  checksum: z.string(),
});
export type StoredPart = z.infer<typeof storedPart>;

const storedUpload = z.object({
  uploadId: z.string(),
  key: z.string(),
  initiatedMs: z.number(),
  algorithm: z.enum(CHECKSUM_ALGORITHMS),
  /** False: nobody asked for a checksum, the server keeps one by itself and does not list it. */
  isAlgorithmAsked: z.boolean(),
  type: z.enum(["FULL_OBJECT", "COMPOSITE"]),
  ...describedBy,
});
export type StoredUpload = z.infer<typeof storedUpload>;

/** One line of a bucket's journal. `complete` is an object put and the end of its upload in one step. */
export const journalRecord = z.discriminatedUnion("op", [
  z.object({ op: z.literal("put"), object: storedObject }),
  z.object({ op: z.literal("delete"), key: z.string() }),
  z.object({ op: z.literal("upload"), upload: storedUpload }),
  z.object({ op: z.literal("part"), uploadId: z.string(), part: storedPart }),
  z.object({ op: z.literal("complete"), uploadId: z.string(), object: storedObject }),
  z.object({ op: z.literal("abort"), uploadId: z.string() }),
]);
export type JournalRecord = z.infer<typeof journalRecord>;
