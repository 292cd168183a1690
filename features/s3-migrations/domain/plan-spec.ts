import * as z from "zod/mini";
import { filtersSchema } from "./filter-spec";
import { keyMapSchema } from "./key-map";
import { keyProblem } from "./object-key";

const MIB = 1024 * 1024;

/** What is written here is kept and shown: an address with a secret in it would be too. */
function isBareAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { username, password, search, hash } = new URL(text);
  return username + password + search + hash === "" && !/[?#]/.test(text);
}

/** A path on the worker's machine. */
const localStoreSchema = z.strictObject({
  kind: z.literal("local"),
  path: z.string().check(z.minLength(1), z.maxLength(4096), z.startsWith("/", "must be an absolute path")),
});

/**
 * A bucket, or the part of it under `prefix`. Without `endpoint` the worker uses `S3_ENDPOINT`, or Amazon's.
 * `profile` names credentials the worker finds in its own environment; a secret never passes here.
 */
const s3StoreSchema = z.strictObject({
  kind: z.literal("s3"),
  bucket: z.string().check(
    z.minLength(3),
    z.maxLength(63),
    z.regex(/^[a-z0-9][a-z0-9.-]*[a-z0-9]$/, "must be a bucket name: lower case, digits, dots and dashes"),
    z.refine((name) => !name.includes("..") && !/^[0-9.]+$/.test(name), "must not look like an IP address or hold .."),
  ),
  prefix: z._default(
    z.string().check(
      z.maxLength(900),
      z.refine(
        (prefix) => keyProblem(`${prefix}x`) === undefined,
        "must not hold dot segments or characters S3 refuses",
      ),
    ),
    "",
  ),
  endpoint: z.optional(
    z
      .url({ protocol: /^https?$/, error: "must be an address that starts with http:// or https://" })
      .check(z.refine(isBareAddress, "must hold no name, password, query or fragment: keys stay with the worker")),
  ),
  region: z.optional(
    z.string().check(z.regex(/^[a-z0-9-]{1,60}$/i, "must be a region's name: letters, digits and dashes")),
  ),
  profile: z.optional(
    z.string().check(z.minLength(1), z.maxLength(100), z.regex(/^[^\p{Cc}]*$/u, "must hold no control characters")),
  ),
});

export const sourceSchema = z.discriminatedUnion("kind", [localStoreSchema, s3StoreSchema]);
export const destinationSchema = s3StoreSchema;
export type SourceSpec = z.output<typeof sourceSchema>;
export type DestinationSpec = z.output<typeof destinationSchema>;

/** How to go about it; every field has a default that suits a million small files. */
export const optionsSchema = z.strictObject({
  /** Objects in flight per worker at most; lowered by itself while the destination throttles. */
  concurrency: z._default(z.int().check(z.minimum(1), z.maximum(256)), 32),
  /** Over all workers; absent = as fast as the destination takes it. */
  maxObjectsPerSecond: z.optional(z.number().check(z.minimum(0.1), z.maximum(1_000_000))),
  /** Objects larger than this go up in parts. */
  multipartThresholdBytes: z._default(z.int().check(z.minimum(64 * 1024), z.maximum(5 * 1024 * MIB)), 256 * MIB),
  partSizeBytes: z._default(z.int().check(z.minimum(64 * 1024), z.maximum(1024 * MIB)), 32 * MIB),
  /** Attempts per object before it is listed as failed. */
  maxAttempts: z._default(z.int().check(z.minimum(1), z.maximum(20)), 5),
  /** `stored`: ask the destination for the checksum it stored. `read_back`: fetch every object and hash it again. */
  verify: z._default(z.enum(["stored", "read_back"]), "stored"),
  /** The migration stops by itself above this share of failures among the last 1,000 objects. */
  stopAtFailedShare: z._default(z.number().check(z.minimum(0.001), z.maximum(1)), 0.05),
  chunkObjects: z._default(z.int().check(z.minimum(1), z.maximum(10_000)), 1000),
  filters: z.prefault(filtersSchema, {}),
  keyMap: z._default(keyMapSchema, { kind: "none" }),
});
export type MigrationOptions = z.output<typeof optionsSchema>;
