import { z } from "zod";

const MIB = 1024 * 1024;

/** A path on the worker's machine. */
const localStoreSchema = z.strictObject({
  kind: z.literal("local"),
  path: z.string().min(1).max(4096).startsWith("/", "must be an absolute path"),
});

/**
 * A bucket, or the part of it under `prefix`. Without `endpoint` the worker uses `S3_ENDPOINT`, or Amazon's.
 * `profile` names credentials the worker finds in its own environment; a secret never passes here.
 */
const s3StoreSchema = z.strictObject({
  kind: z.literal("s3"),
  bucket: z
    .string()
    .min(3)
    .max(63)
    .regex(/^[a-z0-9][a-z0-9.-]*[a-z0-9]$/, "must be a bucket name: lower case, digits, dots and dashes"),
  prefix: z.string().max(900).default(""),
  endpoint: z.url({ protocol: /^https?$/ }).optional(),
  region: z.string().min(1).max(60).optional(),
  profile: z.string().min(1).max(100).optional(),
});

export const sourceSchema = z.discriminatedUnion("kind", [localStoreSchema, s3StoreSchema]);
export const destinationSchema = s3StoreSchema;
export type SourceSpec = z.output<typeof sourceSchema>;
export type DestinationSpec = z.output<typeof destinationSchema>;

/** How to go about it; every field has a default that suits a million small files. */
export const optionsSchema = z.strictObject({
  /** Objects in flight per worker at most; lowered by itself while the destination throttles. */
  concurrency: z.int().min(1).max(256).default(32),
  /** Over all workers; absent = as fast as the destination takes it. */
  maxObjectsPerSecond: z.number().min(0.1).max(1_000_000).optional(),
  /** Objects larger than this go up in parts. */
  multipartThresholdBytes: z
    .int()
    .min(64 * 1024)
    .max(5 * 1024 * MIB)
    .default(256 * MIB),
  partSizeBytes: z
    .int()
    .min(64 * 1024)
    .max(1024 * MIB)
    .default(32 * MIB),
  /** Attempts per object before it is listed as failed. */
  maxAttempts: z.int().min(1).max(20).default(5),
  /** `stored`: ask the destination for the checksum it stored. `read_back`: fetch every object and hash it again. */
  verify: z.enum(["stored", "read_back"]).default("stored"),
  /** The migration stops by itself above this share of failures among the last 1,000 objects. */
  stopAtFailedShare: z.number().min(0.001).max(1).default(0.05),
  chunkObjects: z.int().min(1).max(10_000).default(1000),
});
export type MigrationOptions = z.output<typeof optionsSchema>;
