import * as z from "zod/mini";
import { filtersSchema } from "./filter-spec";
import { keepSchema } from "./keep-policy";
import { keyMapSchema } from "./key-map";
import { limitsSchema, PRIORITIES } from "./limits";
import { keyProblem } from "./object-key";
import { MIGRATION_MODES } from "./states";

const MIB = 1024 * 1024;

/** What is written here is kept and shown: an address with a secret in it would be too. */
function isBareAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { username, password, search, hash } = new URL(text);
  return username + password + search + hash === "" && !/[?#]/.test(text);
}

const pathSchema = z
  .string()
  .check(z.minLength(1), z.maxLength(4096), z.startsWith("/", "must be an absolute path"), z.regex(/^[^\0]*$/));

/** A path on the worker's machine. */
const localStoreSchema = z.strictObject({ kind: z.literal("local"), path: pathSchema });

const storeDirSchema = z.string().check(
  z.minLength(1),
  z.maxLength(200),
  z.refine(
    (name) => keyProblem(name) === undefined && !/^\/|\/$|\/\//.test(name),
    "must be a directory's name without dot segments, and without a slash at its ends",
  ),
);

/** CarrierWave's files below a `public` directory: `uploads/<model>/<mounted as>/<id>/<file>`. Its cache is left out. */
const carrierwaveStoreSchema = z.strictObject({
  kind: z.literal("carrierwave"),
  path: pathSchema,
  storeDir: z._default(storeDirSchema, "uploads"),
});

/** Paperclip's files below a `public` directory: `system/<class>/<attachment>/000/000/001/<style>/<file>`. */
const paperclipStoreSchema = z.strictObject({
  kind: z.literal("paperclip"),
  path: pathSchema,
  storeDir: z._default(storeDirSchema, "system"),
});

/** Active Storage's disk service: the file `ab/cd/abcd…` is the object `abcd…`, as its S3 service names it. */
const activeStorageStoreSchema = z.strictObject({ kind: z.literal("active_storage"), path: pathSchema });

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

const STORES = [
  localStoreSchema,
  s3StoreSchema,
  carrierwaveStoreSchema,
  paperclipStoreSchema,
  activeStorageStoreSchema,
] as const;
const storeSchema = z.discriminatedUnion("kind", STORES);

/** Where the rows of a manifest are: a file on the worker's machine, or a database the worker's settings name. */
const rowsSchema = z.discriminatedUnion("from", [
  z.strictObject({
    from: z.literal("file"),
    path: pathSchema,
    /** CSV with a header, JSON lines, or the `manifest.json` of an S3 Inventory with its CSV files beside it. */
    format: z.enum(["csv", "jsonl", "s3_inventory"]),
  }),
  z.strictObject({
    from: z.literal("database"),
    /** A name in the worker's `OPS_DATABASES`; no address and no password passes here. */
    database: z.string().check(z.regex(/^[a-z0-9_-]{1,60}$/i, "must be a name in the worker's OPS_DATABASES")),
    query: z.literal("active_storage_blobs"),
    /** Only blobs of this service; absent = all. */
    service: z.optional(z.string().check(z.minLength(1), z.maxLength(200))),
  }),
]);
export type ManifestRows = z.output<typeof rowsSchema>;

/** What must exist, by somebody's word: its rows are the listing, the store is where their bytes are. */
const manifestSchema = z.strictObject({ kind: z.literal("manifest"), rows: rowsSchema, store: storeSchema });

export const sourceSchema = z.discriminatedUnion("kind", [...STORES, manifestSchema]);
/** Where a job elsewhere says it reads or writes: words to show, never opened. */
const elsewhereSchema = z.strictObject({ kind: z.literal("elsewhere"), place: z.string().check(z.maxLength(300)) });
/** What a screen shows as source and destination. */
export const shownSourceSchema = z.discriminatedUnion("kind", [...STORES, manifestSchema, elsewhereSchema]);
export const shownDestinationSchema = z.discriminatedUnion("kind", [s3StoreSchema, elsewhereSchema]);
export type ShownPlace = z.output<typeof shownSourceSchema>;
export type StoreSpec = z.output<typeof storeSchema>;
export const destinationSchema = s3StoreSchema;
export type SourceSpec = z.output<typeof sourceSchema>;
export type DestinationSpec = z.output<typeof destinationSchema>;

/** How to go about it; every field has a default that suits a million small files. */
export const optionsSchema = z.strictObject({
  /** What it does: copy and prove, or only prove what somebody else copied, or show what a job elsewhere reports. */
  mode: z._default(z.enum(MIGRATION_MODES), "copy"),
  /** Objects in flight per worker at most; lowered by itself while the destination throttles. */
  concurrency: z._default(z.int().check(z.minimum(1), z.maximum(256)), 32),
  /** Over all workers; absent = as fast as the destination takes it. */
  limits: z.prefault(limitsSchema, {}),
  /** Among the migrations that run at the same time. */
  priority: z._default(z.enum(PRIORITIES), "normal"),
  /** Objects larger than this go up in parts. */
  multipartThresholdBytes: z._default(z.int().check(z.minimum(64 * 1024), z.maximum(5 * 1024 * MIB)), 256 * MIB),
  partSizeBytes: z._default(z.int().check(z.minimum(64 * 1024), z.maximum(1024 * MIB)), 32 * MIB),
  /**
   * `auto`: where both ends are one server and one account, objects of 1 MiB to 5 GiB are copied on it, if both sides
   * tell checksums that prove it. `never`: every byte comes by the worker.
   */
  serverCopy: z._default(z.enum(["auto", "never"]), "auto"),
  /** Attempts per object before it is listed as failed. */
  maxAttempts: z._default(z.int().check(z.minimum(1), z.maximum(20)), 5),
  /** `stored`: ask the destination for the checksum it stored. `read_back`: fetch every object and hash it again. */
  verify: z._default(z.enum(["stored", "read_back", "sample"]), "stored"),
  /** Only for `sample`: this share of the objects is read back, drawn by key and seed; of the others the sum is asked. */
  verifySample: z.prefault(
    z.strictObject({
      share: z._default(z.number().check(z.minimum(0), z.maximum(1)), 0.01),
      seed: z._default(z.int().check(z.minimum(0), z.maximum(2 ** 31)), 1),
    }),
    {},
  ),
  /** The migration stops by itself above this share of failures among the last 1,000 objects. */
  stopAtFailedShare: z._default(z.number().check(z.minimum(0.001), z.maximum(1)), 0.05),
  chunkObjects: z._default(z.int().check(z.minimum(1), z.maximum(10_000)), 1000),
  filters: z.prefault(filtersSchema, {}),
  keyMap: z._default(keyMapSchema, { kind: "none" }),
  keep: z.prefault(keepSchema, {}),
  /** Looks at the source after copying, until one finds nothing new; 0 = none. */
  maxDeltaPasses: z._default(z.int().check(z.minimum(0), z.maximum(20)), 3),
  /** Days between the cutover and the first moment the source may be retired. */
  soakDays: z._default(z.number().check(z.minimum(0), z.maximum(365)), 14),
  /** Pace of deleting at the source, over one worker. */
  retireObjectsPerSecond: z._default(z.number().check(z.minimum(0.1), z.maximum(10_000)), 50),
});
export type MigrationOptions = z.output<typeof optionsSchema>;
export type OptionsInput = z.input<typeof optionsSchema>;

/** Where a store is, as people write it. */
export function placeOf(spec: ShownPlace): string {
  switch (spec.kind) {
    case "s3":
      return `s3://${spec.bucket}${spec.prefix === "" ? "" : `/${spec.prefix}`}`;
    case "manifest":
      return placeOf(spec.store);
    case "elsewhere":
      return spec.place === "" ? "not told" : spec.place;
    case "carrierwave":
    case "paperclip":
      return `${spec.path.replace(/\/+$/, "")}/${spec.storeDir}`;
    default:
      return spec.path;
  }
}
