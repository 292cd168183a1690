import * as z from "zod/mini";
import {
  attributesParam,
  durationsAreOrdered,
  durationUs,
  epochMs,
  searchText,
  windowIsForward,
} from "../request-fields";
import { flameSchema, requestSplitSchema } from "./aggregate-path-schema";

/** Traces read whole for one answer, at most. */
export const MAX_SAMPLE = 100;

// JSON has numbers: what a query string must coerce, a body must not (null would become 0).
const jsonMs = z.number().check(z.int(), z.minimum(0), z.maximum(8.64e15));
const jsonUs = z.number().check(z.int(), z.minimum(0), z.maximum(Number.MAX_SAFE_INTEGER));
const jsonBounds = {
  start: z.optional(jsonMs),
  end: z.optional(jsonMs),
  minDurationUs: z.optional(jsonUs),
  maxDurationUs: z.optional(jsonUs),
};

const attributesSchema = z
  .record(z.string().check(z.minLength(1), z.maxLength(200)), z.string().check(z.maxLength(2000)))
  .check(z.refine((attributes) => Object.keys(attributes).length <= 20, { message: "has at most 20 attributes" }));

/** Which traces are meant, as JSON. Without a window the last hour. */
export const groupSearchSchema = z
  .strictObject({
    service: z.optional(searchText),
    operation: z.optional(searchText),
    ...jsonBounds,
    attributes: z.optional(attributesSchema),
  })
  .check(z.refine(...windowIsForward), z.refine(...durationsAreOrdered));
export type GroupSearch = z.output<typeof groupSearchSchema>;

const TRACE_ID = /^(?:[0-9a-f]{1,32}|upload-[0-9a-f]{32})$/;
const NO_WORDS = "is not valid";
const NOT_A_SIDE = 'is a trace id, or a search as JSON, like {"service":"web","operation":"GET /"}';

/** One side of a comparison: a trace, or the traces a search finds. */
export type CompareSideQuery = { kind: "trace"; traceId: string } | { kind: "group"; search: GroupSearch };

const sideParam = z.pipe(
  z.string().check(z.trim(), z.maxLength(16_000)),
  z.transform((text, context): CompareSideQuery => {
    if (TRACE_ID.test(text)) return { kind: "trace", traceId: text };
    const value = parseJson(text);
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      context.issues.push({ code: "custom", input: text, message: NOT_A_SIDE });
      return z.NEVER;
    }
    const parsed = groupSearchSchema.safeParse(value, { reportInput: true, error: () => NO_WORDS });
    if (parsed.success) return { kind: "group", search: parsed.data };
    for (const { message, ...issue } of parsed.error.issues) {
      // Without words of the schema's own, whoever parses the whole has the words.
      context.issues.push((message === NO_WORDS ? issue : { ...issue, message }) as z.core.$ZodRawIssue);
    }
    return z.NEVER;
  }),
);

export const compareQuerySchema = z.strictObject({
  before: sideParam,
  after: sideParam,
  /** `slowest`: of each group only the slowest twentieth. */
  requests: z._default(z.enum(["all", "slowest"]), "all"),
});
export type CompareQuery = z.output<typeof compareQuerySchema>;

/** `a1,b2`: ids with commas between. */
const traceIdsParam = z.pipe(
  z.string().check(z.regex(/^[0-9a-f]{1,32}(?:,[0-9a-f]{1,32})*$/, "is trace ids with commas between")),
  z.transform((text: string, context) => {
    const ids = text.split(",");
    if (ids.length <= MAX_SAMPLE) return ids;
    context.issues.push({ code: "custom", input: text, message: `has at most ${MAX_SAMPLE} ids` });
    return z.NEVER;
  }),
);

export const criticalPathQuerySchema = z
  .strictObject({
    /** These traces instead of a search: the proven slowest, say. */
    traceIds: z.optional(traceIdsParam),
    service: z.optional(searchText),
    operation: z.optional(searchText),
    start: z.optional(epochMs),
    end: z.optional(epochMs),
    minDurationUs: z.optional(durationUs),
    maxDurationUs: z.optional(durationUs),
    attributes: z.optional(attributesParam),
    /** How many of the slowest traces seen; 50 by default. */
    limit: z.optional(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(MAX_SAMPLE))),
  })
  .check(
    z.refine(
      ({ traceIds, ...search }) =>
        traceIds === undefined || Object.values(search).every((value) => value === undefined),
      { path: ["traceIds"], message: "cannot be combined with a search" },
    ),
    z.refine(...windowIsForward),
    z.refine(...durationsAreOrdered),
  );
export type CriticalPathQuery = z.output<typeof criticalPathQuerySchema>;

export const criticalPathReplySchema = z.extend(flameSchema, {
  /** Traces that matched, as far as the search saw; the slowest of these were read. */
  seenCount: z.number(),
  skippedCount: z.number(),
  isWholeSearch: z.boolean(),
  /** Durations of the traces read: how long their callers waited. */
  fastestUs: z.number(),
  slowestUs: z.number(),
  /** The slowest twenty of them, each by itself. */
  requests: z.array(requestSplitSchema),
});
export type CriticalPathReply = z.infer<typeof criticalPathReplySchema>;

const traceIds = z
  .array(z.string().check(z.regex(/^[0-9a-f]{1,32}$/, "is 1 to 32 lower-case hex digits")))
  .check(z.minLength(1), z.maxLength(1_500));
const brushSchema = z
  .strictObject({
    ...jsonBounds,
    traceIds: z.optional(traceIds),
  })
  .check(
    z.refine((brush) => Object.values(brush).some((value) => value !== undefined), { message: "selects nothing" }),
    z.refine(
      ({ traceIds: ids, ...bounds }) =>
        ids === undefined || Object.values(bounds).every((bound) => bound === undefined),
      { path: ["traceIds"], message: "cannot be combined with bounds" },
    ),
    z.refine(...windowIsForward),
    z.refine(...durationsAreOrdered),
  );

export const bubbleUpBodySchema = z.strictObject({
  search: groupSearchSchema,
  /** By start (epoch ms) and duration of the trace, or by id. What matches the search and is not selected is the baseline. */
  selection: brushSchema,
  /** The same seed samples the same traces. */
  seed: z._default(z.number().check(z.int(), z.minimum(0), z.maximum(2 ** 32 - 1)), 1),
});
export type BubbleUpBody = z.output<typeof bubbleUpBodySchema>;

function parseJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}
