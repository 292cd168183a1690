import { z } from "zod";
import { plainWords } from "@/server/http/plain-words";
import type { ReportItem } from "../../domain/fold-report";
import { externalRefSchema, REPORT_STATES, WRITER_STATUSES } from "../../domain/reported";
import { DESIRED_STATES, ERROR_CLASSES, type ErrorClass } from "../../domain/states";

/** Limits of one batch; the API's documentation names them. */
export const MAX_ITEMS = 1000;
export const MAX_PACKED_BYTES = 1024 * 1024;
export const MAX_PLAIN_BYTES = 8 * 1024 * 1024;

/** The largest object any S3 server takes is 50 TB. */
const MAX_OBJECT_BYTES = 50 * 1024 ** 4;
/** Of a batch, and of a whole migration: sums and differences of two of these are exact in a JavaScript number. */
export const MAX_SUM_BYTES = 2 ** 52;
const MAX_KEY_BYTES = 1024;
const MAX_SHOWN_MESSAGE = 500;

const isStorable = (value: string): boolean => !value.includes("\0") && value.isWellFormed();
const text = (max: number) =>
  z.string().max(max).refine(isStorable, "holds a NUL character or half of a surrogate pair");
const label = (max: number) => text(max).regex(/^[^\p{Cc}]*$/u, "must hold no control characters");
const count = z.int().min(0);
const isoTime = z.iso.datetime();

export const reportParamsSchema = z.strictObject({ ref: externalRefSchema });
export const streamParamsSchema = z.strictObject({ ref: externalRefSchema, stream: z.uuid() });

const declaredSchema = z.strictObject({ objects: count.optional(), bytes: count.max(MAX_SUM_BYTES).optional() });

/** `PUT /api/v1/migrations/{ref}`: makes it, or changes what is declared. */
export const createReportedSchema = z.strictObject({
  name: label(120).trim().min(1).optional(),
  source: label(300).optional(),
  destination: label(300).optional(),
  declared: declaredSchema.optional(),
});
export type CreateReported = z.output<typeof createReportedSchema>;

const DESIRED_WORDS =
  "What people want of the job. running: go on. paused: finish what is in flight, begin nothing new, send heartbeats with status paused until this says running again. cancelled: report what was done, send status stopped, end.";
const answer = { desired_state: z.enum(DESIRED_STATES).describe(DESIRED_WORDS), server_time: isoTime };

export const reportedReplySchema = z.object({
  id: z.uuid(),
  external_ref: z.string(),
  mode: z.literal("reported"),
  state: z.string(),
  declared: z.object({ objects: count.nullable(), bytes: count.nullable() }),
  ...answer,
});

/** `POST …/streams` */
export const openStreamSchema = z.strictObject({ writer: label(100).min(1).default("default") });

const countsSchema = z.object({ objects: count, bytes: count, states: z.record(z.enum(REPORT_STATES), count) });
export type ReportedCounts = z.output<typeof countsSchema>;

export const streamReplySchema = z.object({
  stream: z.uuid(),
  writer: z.string(),
  epoch: z.int(),
  next_seq: z.int(),
  /** Of the whole migration, over all its streams. */
  counts: countsSchema,
  key_digest: z.string(),
  ...answer,
});

const epoch = z.int().min(1).max(2_147_483_647);

/** `POST …/streams/{stream}/batches`; items are read one by one, so that each refusal names its own. */
export const batchSchema = z.strictObject({
  epoch,
  seq: z.int().min(1),
  /** Items may go back to an earlier state; needs a token that may. */
  reset: z.boolean().default(false),
  items: z.array(z.unknown()).min(1),
});
export type Batch = z.output<typeof batchSchema>;

export const batchReplySchema = z.object({
  applied: count,
  duplicate: z.boolean(),
  next_seq: z.int(),
  ...answer,
});

/** `POST …/heartbeat` */
export const heartbeatSchema = z.strictObject({
  stream: z.uuid(),
  epoch,
  current_key: text(MAX_KEY_BYTES).optional(),
  status: z
    .enum(WRITER_STATUSES)
    .default("running")
    .describe("What the job does: it follows desired_state, and is shown as paused or cancelled only once it says so."),
});
export type Heartbeat = z.output<typeof heartbeatSchema>;
export const heartbeatReplySchema = z.object({ next_seq: z.int(), ...answer });

/** `POST …/complete` */
export const completeSchema = z.strictObject({
  stream: z.uuid(),
  epoch,
  claimed: z.strictObject({
    objects: count,
    bytes: count.optional(),
    states: z.partialRecord(z.enum(REPORT_STATES), count).optional(),
  }),
  /** XOR of the SHA-256 of every key, as 64 hexadecimal digits. */
  key_digest: z
    .string()
    .regex(/^[0-9a-f]{64}$/, "must be 64 hexadecimal digits")
    .optional(),
});
export type Complete = z.output<typeof completeSchema>;
export const completeReplySchema = z.object({ state: z.literal("reported"), counts: countsSchema, ...answer });

/** For the documentation, and for each item alone. */
export const itemSchema = z.strictObject({
  key: text(MAX_KEY_BYTES)
    .min(1)
    .refine((key) => Buffer.byteLength(key) <= MAX_KEY_BYTES, `must be at most ${MAX_KEY_BYTES} bytes as UTF-8`),
  state: z.enum(REPORT_STATES),
  size: z.int().min(0).max(MAX_OBJECT_BYTES).optional(),
  checksum: label(200).optional(),
  algo: z.enum(["crc32", "crc32c", "crc64nvme", "md5", "sha1", "sha256"]).optional(),
  content_type: label(255).optional(),
  error: z
    .strictObject({ class: label(60).optional(), code: label(100).optional(), message: text(10_000).optional() })
    .optional(),
  /** The job's own clock; shown, never counted with. Postgres knows no year 0. */
  at: z.iso
    .datetime({ offset: true })
    .refine((at) => Date.parse(at) >= 0, "must not be before 1970")
    .optional(),
});
export const batchDocumentSchema = batchSchema.extend({ items: z.array(itemSchema).min(1).max(MAX_ITEMS) });

export type ParsedItem = ReportItem & {
  checksum: string | null;
  algo: string | null;
  contentType: string | null;
  error: { errorClass: ErrorClass; code: string; message: string } | null;
  at: string | null;
};
export type ItemProblem = { index: number; field: string; reason: string };

/** All items, or every problem of every item. */
export function parseItems(raw: readonly unknown[]): { items: ParsedItem[]; problems: ItemProblem[] } {
  const items: ParsedItem[] = [];
  const problems: ItemProblem[] = [];
  let sum = 0;
  raw.forEach((value, index) => {
    const parsed = itemSchema.safeParse(value, { error: plainWords(value) });
    if (parsed.success) {
      items.push(toItem(parsed.data));
      sum += parsed.data.size ?? 0;
    } else {
      const reasons = new Map(parsed.error.issues.toReversed().map(({ path, message }) => [path.join("."), message]));
      for (const [field, reason] of reasons) problems.push({ index, field, reason });
    }
  });
  if (sum > MAX_SUM_BYTES) problems.push({ index: 0, field: "size", reason: "the sizes add up to more than 4 PiB" });
  return { items, problems };
}

function toItem({
  key,
  state,
  size,
  checksum,
  algo,
  content_type,
  error,
  at,
}: z.output<typeof itemSchema>): ParsedItem {
  const isTrouble = state === "failed" || state === "missing_source" || state === "conflict";
  return {
    key,
    state,
    sizeBytes: size,
    checksum: checksum ?? null,
    algo: algo ?? null,
    contentType: content_type ?? null,
    error:
      isTrouble || error !== undefined
        ? {
            errorClass: ERROR_CLASSES.find((known) => known === error?.class) ?? "reported",
            code: error?.code ?? error?.class ?? state,
            message: shorten(error?.message ?? "The job gave no reason."),
          }
        : null,
    at: at ?? null,
  };
}

/** Cut between characters, never inside one. */
const shorten = (message: string): string => message.slice(0, MAX_SHOWN_MESSAGE).toWellFormed();
