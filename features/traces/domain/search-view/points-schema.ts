import * as z from "zod/mini";
import {
  attributesParam,
  durationsAreOrdered,
  durationUs,
  epochMs,
  searchText,
  windowIsForward,
} from "../request-fields";

const count = z.coerce.number().check(z.int(), z.minimum(0), z.maximum(1e9));

/** `GET /api/traces/points`: the filters of `/api/traces/facts`. Without a window the last hour is meant. */
export const pointsQuerySchema = z
  .strictObject({
    service: z.optional(searchText),
    operation: z.optional(searchText),
    start: z.optional(epochMs),
    end: z.optional(epochMs),
    minDurationUs: z.optional(durationUs),
    maxDurationUs: z.optional(durationUs),
    status: z.optional(z.enum(["error", "ok"])),
    minSpans: z.optional(count),
    maxSpans: z.optional(count),
    attributes: z.optional(attributesParam),
    own: z._default(z.stringbool(), false),
  })
  .check(z.refine(...windowIsForward), z.refine(...durationsAreOrdered));
export type PointsQuery = z.output<typeof pointsQuerySchema>;

/** More are a sample: a plot has no more places, and a browser should not draw for nothing. */
export const MAX_POINTS = 20_000;

/** The traces of a window as columns, one entry a trace, in no order. */
export const pointsReplySchema = z.object({
  /** Starts count from here. */
  originUs: z.number(),
  startOffsetsUs: z.array(z.number()),
  durationsUs: z.array(z.number()),
  /** Spans that failed. */
  errorCounts: z.array(z.number()),
  /** Place in `operations`. */
  operationOf: z.array(z.number()),
  /** 16 bytes a trace, base64. */
  ids: z.string(),
  /** What was usual for each root operation in this window, filters aside. */
  operations: z.array(
    z.object({ service: z.string(), name: z.string(), count: z.number(), p50Us: z.number(), p95Us: z.number() }),
  ),
  /** Traces that match; more than the points when those are a sample. */
  totalCount: z.number(),
});
export type PointsReply = z.infer<typeof pointsReplySchema>;
