import * as z from "zod/mini";
import {
  COMMAND_VERBS,
  ERROR_CLASSES,
  OBJECT_STATES,
  type ObjectState,
  OPEN_STATES,
  PROBLEM_STATES,
  VERIFY_TIERS,
} from "./states";

const count = z.number().check(z.int(), z.minimum(0));
const iso = z.iso.datetime();
const MAX_KEY_CHARS = 1024;

/** States to look for: one, or those people think of together. */
export const OBJECT_FILTERS = ["open", "to_decide", "left_out", ...OBJECT_STATES] as const;
const LEFT_OUT_STATES = ["skipped_filtered", "ignored", "superseded"] as const satisfies ObjectState[];
export type ObjectFilterName = (typeof OBJECT_FILTERS)[number];

/** The states a filter stands for. */
export function statesOf(name: ObjectFilterName): readonly ObjectState[] {
  if (name === "open") return OPEN_STATES;
  if (name === "left_out") return LEFT_OUT_STATES;
  return name === "to_decide" ? PROBLEM_STATES : [name];
}

/** `GET …/{id}/objects?prefix&from&search&state&tier&errorClass&code&order&cursor&limit` */
export const objectsQuerySchema = z.strictObject({
  /** The source key begins with it, byte for byte. */
  prefix: z.optional(z.string().check(z.maxLength(MAX_KEY_CHARS))),
  /** Keys from this one on, byte for byte: the way into the middle of millions. */
  from: z.optional(z.string().check(z.maxLength(MAX_KEY_CHARS))),
  /** Stands somewhere in the source or the destination key; ASCII letters in either case. */
  search: z.optional(z.string().check(z.maxLength(MAX_KEY_CHARS))),
  state: z.optional(z.enum(OBJECT_FILTERS)),
  /** At the destination, and so surely. */
  tier: z.optional(z.enum(VERIFY_TIERS)),
  /** It failed in this way, and has not been put right. */
  errorClass: z.optional(z.enum(ERROR_CLASSES)),
  code: z.optional(z.string().check(z.maxLength(100))),
  /** Descending pages go back from the cursor, or from the last key. */
  order: z._default(z.enum(["asc", "desc"]), "asc"),
  /** `nextCursor` of the page before; pages in either order go on from it, itself left out. */
  cursor: z.optional(z.coerce.number().check(z.int(), z.minimum(0))),
  limit: z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(500)), 100),
});
export type ObjectsQuery = z.input<typeof objectsQuerySchema>;

const objectRowSchema = z.object({
  /** Grows in key order within one look at the source. */
  objectId: count,
  chunkId: count,
  /** Number of the look at the source that found it; 0 is the first. */
  epoch: count,
  key: z.string(),
  /** Its whole key at the destination, prefix included. */
  destinationKey: z.string(),
  sizeBytes: count,
  state: z.enum(OBJECT_STATES),
  /** `null` unless it is at the destination. */
  tier: z.nullable(z.enum(VERIFY_TIERS)),
  attempts: count,
});
export type ObjectRow = z.output<typeof objectRowSchema>;

const listedObjectSchema = z.extend(objectRowSchema, {
  /** Why it is not there, while that stands. */
  failure: z.nullable(z.object({ errorClass: z.enum(ERROR_CLASSES), code: z.string() })),
});
export type ListedObject = z.output<typeof listedObjectSchema>;

export const objectsReplySchema = z.object({
  /**
   * In key order, look by look, or in that order backwards. May be fewer than asked for, even none, while `nextCursor`
   * says that there is more.
   */
  objects: z.array(listedObjectSchema),
  nextCursor: z.nullable(count),
});
export type ObjectsReply = z.output<typeof objectsReplySchema>;

export const objectParamsSchema = z.strictObject({
  id: z.uuid(),
  objectId: z.coerce.number().check(z.int(), z.minimum(0)),
});

/** What is known of the last thing that went wrong with an object. */
export const failureShape = {
  errorClass: z.enum(ERROR_CLASSES),
  code: z.string(),
  httpStatus: z.nullable(count),
  requestId: z.nullable(z.string()),
  message: z.string(),
  attempts: count,
  firstAt: iso,
  lastAt: iso,
};

/** `GET …/{id}/objects/{objectId}`: everything known of one object. */
export const objectDetailSchema = z.object({
  object: objectRowSchema,
  /** When the look that found it was sealed. */
  listedAt: z.nullable(iso),
  /** What tells the source's version apart: an ETag, or time, size and inode. Empty = taken as it is when retried. */
  fingerprint: z.string(),
  /** CRC-32 of the bytes sent, base64 as S3 writes it. */
  crc32: z.nullable(z.string()),
  /** The destination's, for what was stored or found there. */
  etag: z.nullable(z.string()),
  /** What goes with its bytes, once the destination was asked for it. */
  kept: z.object({
    headers: z.enum(["unknown", "proven", "different"]),
    findings: z.array(
      z.object({
        kind: z.enum(["type", "headers"]),
        told: z.string(),
        found: z.string(),
        sent: z.nullable(z.string()),
      }),
    ),
  }),
  /** Why it is left out. */
  reason: z.nullable(z.string()),
  /** What a manifest or a database says of it. */
  expected: z.nullable(z.record(z.string(), z.unknown())),
  chunk: z.object({ firstKey: z.string(), lastKey: z.string(), objects: count, retries: count, isLeased: z.boolean() }),
  /** An upload in parts under way for it. */
  uploadStartedAt: z.nullable(iso),
  /** Why it is not there, while that stands. */
  failure: z.nullable(z.object(failureShape)),
  /** Commands that put it back to work and what had failed before each, newest first, at most 50. */
  retries: z.array(
    z.object({
      commandId: count,
      at: iso,
      verb: z.enum(COMMAND_VERBS),
      actor: z.string(),
      note: z.nullable(z.string()),
      state: z.enum(OBJECT_STATES),
      ...failureShape,
    }),
  ),
  /** Rows of the same key from other looks at the source, oldest first. */
  versions: z.array(objectRowSchema),
  /** What finds the spans of its chunk's work in the trace store. */
  spans: z.object({ service: z.string(), attributes: z.record(z.string(), z.string()) }),
});
export type ObjectDetail = z.output<typeof objectDetailSchema>;
