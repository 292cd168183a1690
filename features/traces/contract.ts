import * as z from "zod/mini";
import {
  attributesParam,
  durationsAreOrdered,
  durationUs,
  epochMs,
  searchText,
  windowIsForward,
} from "./domain/request-fields";
import { skeletonWireSchema } from "./domain/skeleton-wire";
import { SPAN_KINDS } from "./domain/trace-skeleton";
import { serviceShareSchema, traceSummarySchema } from "./domain/trace-summary";

export * from "./domain/diagnosis/finding";
export * from "./domain/facts/completion-schema";
export * from "./domain/facts/deploy-schema";
export * from "./domain/facts/digest-schema";
export * from "./domain/facts/facts-schema";
export * from "./domain/facts/red-schema";
export * from "./domain/facts/saved-search-schema";
export * from "./domain/facts/service-map-schema";
export * from "./domain/facts/slowest-schema";
export * from "./domain/paths/aggregate-path-schema";
export * from "./domain/paths/bubble-up-schema";
export * from "./domain/paths/compare-schema";
export * from "./domain/paths/paths-query-schema";
export * from "./domain/paths/usual-schema";
export * from "./domain/search-view/points-schema";
export * from "./domain/trace-summary";
export * from "./domain/waterfall/attribute-matches";
export { type SimilarCalls, similarCallsSchema } from "./domain/waterfall/similar-calls";

/*
 * Times in requests are epoch milliseconds; times in replies are epoch microseconds where they belong to spans
 * (`…Us`) and ISO strings where they belong to the console (`fetchedAt`, `uploadedAt`).
 */

export const SEARCH_LIMITS = { default: 100, max: 1500 } as const;
/** A trace file as it is sent, plain or packed, and what it may unpack to: the largest trace that opens at all by default. */
export const MAX_UPLOAD_BYTES = 20 * 1024 * 1024;
export const MAX_UPLOAD_JSON_BYTES = 256 * 1024 * 1024;
/** A skeleton carries its span ids up to this many spans; above, a span is asked for by its row. */
export const MAX_INLINE_SPAN_IDS = 20_000;

/** What to look for. Every field is optional; without a window the last hour is searched. */
export const traceSearchSchema = z
  .strictObject({
    service: z.optional(searchText),
    operation: z.optional(searchText),
    start: z.optional(epochMs),
    end: z.optional(epochMs),
    minDurationUs: z.optional(durationUs),
    maxDurationUs: z.optional(durationUs),
    attributes: z.optional(attributesParam),
    limit: z._default(
      z.coerce.number().check(z.int(), z.minimum(1), z.maximum(SEARCH_LIMITS.max)),
      SEARCH_LIMITS.default,
    ),
  })
  .check(z.refine(...windowIsForward), z.refine(...durationsAreOrdered));
export type TraceSearch = z.output<typeof traceSearchSchema>;

/** The same search as the caller writes it: attributes as an object, limit optional. */
export type TraceSearchInput = Partial<Omit<TraceSearch, "attributes">> & {
  attributes?: Record<string, string> | undefined;
};

/** The query string `GET /api/traces` understands. */
export function toSearchParams({ attributes, ...search }: TraceSearchInput): URLSearchParams {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) if (value !== undefined) params.set(key, String(value));
  if (attributes !== undefined && Object.keys(attributes).length > 0)
    params.set("attributes", JSON.stringify(attributes));
  return params;
}

/** Where the answer came from and how it came. */
export const traceSourceInfoSchema = z.object({
  /** `v3`: trace summaries by Jaeger's API v3; `legacy`: whole traces by its older search. */
  kind: z.enum(["v3", "legacy"]),
  /** Host, port and base path; never credentials. */
  host: z.string(),
  latencyMs: z.number(),
  fetchedAt: z.string(),
  capabilities: z.object({
    summaries: z.boolean(),
    /** False once the store has refused a search that named no service. */
    searchWithoutService: z.boolean(),
  }),
});
export type TraceSourceInfo = z.infer<typeof traceSourceInfoSchema>;

export const SEARCH_NOTES = [
  "duration_matches_spans",
  "more_exist",
  "asked_each_service",
  "services_left_out",
] as const;
const searchNoteSchema = z.object({ code: z.enum(SEARCH_NOTES), text: z.string() });
export type SearchNote = z.infer<typeof searchNoteSchema>;

export const traceSearchReplySchema = z.object({
  /** Newest first. */
  summaries: z.array(traceSummarySchema),
  /** More traces matched than were returned. */
  truncated: z.boolean(),
  /** What the reader must know to read the list right. */
  notes: z.array(searchNoteSchema),
  source: traceSourceInfoSchema,
});
export type TraceSearchReply = z.infer<typeof traceSearchReplySchema>;

/** A trace's id as Jaeger spells it, or the id of an uploaded one. */
export const traceIdSchema = z
  .string()
  .check(z.regex(/^(?:[0-9a-f]{1,32}|upload-[0-9a-f]{32})$/, "is 1 to 32 lower-case hex digits"));
export const traceParamsSchema = z.object({ traceId: traceIdSchema });

/** `00f067aa0ba902b7`, or `at-17`: the span in row 17 of the skeleton named by `version`. */
export const spanRefSchema = z.string().check(z.regex(/^(?:[0-9a-f]{16}|at-\d{1,7})$/, "is 16 hex digits, or at-ROW"));
export const spanParamsSchema = z.object({ traceId: traceIdSchema, spanId: spanRefSchema });
export const spanQuerySchema = z.strictObject({ version: z.optional(z.string().check(z.maxLength(64))) });

export const traceOriginSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("jaeger"), source: traceSourceInfoSchema, isFromCache: z.boolean() }),
  z.object({
    kind: z.literal("upload"),
    fileName: z.string(),
    uploadedBy: z.string(),
    uploadedAt: z.string(),
    expiresAt: z.string(),
  }),
]);
export type TraceOrigin = z.infer<typeof traceOriginSchema>;

/** What is true of the trace as a whole, trouble included. */
export const traceFactsSchema = z.object({
  rootService: z.string(),
  rootOperation: z.string(),
  errorSpanCount: z.number(),
  orphanSpanCount: z.number(),
  skewedSpanCount: z.number(),
  duplicateSpanCount: z.number(),
  cycleSpanCount: z.number(),
  maxDepth: z.number(),
  services: z.array(serviceShareSchema),
  /** Spans the last search counted for this trace; more than `spanCount` means the source cut the trace short. */
  expectedSpanCount: z.nullable(z.number()),
  /** What the source warned of, each text once. */
  warnings: z.array(z.object({ text: z.string(), count: z.number() })),
  /** Ended long enough ago that no more spans are expected. */
  isSettled: z.boolean(),
});
export type TraceFacts = z.infer<typeof traceFactsSchema>;

export const traceReplySchema = z.object({
  traceId: z.string(),
  /** Changes when the trace's spans do. */
  version: z.string(),
  facts: traceFactsSchema,
  columns: skeletonWireSchema,
  origin: traceOriginSchema,
});
export type TraceReply = z.infer<typeof traceReplySchema>;

/** An attribute value as OpenTelemetry has them; bytes come as base64 text. */
export type AttributeValue = string | number | boolean | null | AttributeValue[] | { [key: string]: AttributeValue };
const attributeValueSchema: z.ZodMiniType<AttributeValue> = z.lazy(() =>
  z.union([
    z.string(),
    z.number(),
    z.boolean(),
    z.null(),
    z.array(attributeValueSchema),
    z.record(z.string(), attributeValueSchema),
  ]),
);
// A schema that contains itself needs a name in the API's documentation.
attributeValueSchema.register(z.globalRegistry, { id: "AttributeValue" });
const attributeSchema = z.object({
  key: z.string(),
  type: z.enum(["string", "int", "double", "bool", "bytes", "array", "map", "empty"]),
  value: attributeValueSchema,
});
export type Attribute = z.infer<typeof attributeSchema>;

export const spanDetailSchema = z.object({
  spanId: z.string(),
  parentSpanId: z.nullable(z.string()),
  /** Its row in the skeleton of this `version`. */
  row: z.number(),
  version: z.string(),
  name: z.string(),
  service: z.string(),
  kind: z.enum(SPAN_KINDS),
  /** As the span's own clock has it, epoch microseconds. */
  startUs: z.number(),
  durationUs: z.number(),
  status: z.object({ code: z.enum(["unset", "ok", "error"]), message: z.string() }),
  attributes: z.array(attributeSchema),
  events: z.array(z.object({ name: z.string(), timeUs: z.number(), attributes: z.array(attributeSchema) })),
  links: z.array(z.object({ traceId: z.string(), spanId: z.string(), attributes: z.array(attributeSchema) })),
  resource: z.array(attributeSchema),
  scope: z.object({ name: z.string(), version: z.string() }),
  warnings: z.array(z.string()),
});
export type SpanDetail = z.infer<typeof spanDetailSchema>;

export const DOWNLOAD_FORMATS = ["otlp", "jaeger"] as const;
export type DownloadFormat = (typeof DOWNLOAD_FORMATS)[number];
export const downloadQuerySchema = z.strictObject({ format: z._default(z.enum(DOWNLOAD_FORMATS), "otlp") });

export const uploadQuerySchema = z.strictObject({
  /** Shown, never used as a path. */
  fileName: z._default(z.string().check(z.trim(), z.maxLength(200)), "trace.json"),
});
/** One entry per trace in the file; open it with its `traceId` (`upload-…`). */
export const uploadReplySchema = z.object({
  traces: z.array(traceSummarySchema),
  expiresAt: z.string(),
});
export type UploadReply = z.infer<typeof uploadReplySchema>;

export const servicesReplySchema = z.object({
  services: z.array(z.string()),
  /**
   * Of many services those with traces lately, busiest first, as far as the traces held tell; empty where services are few.
   */
  busiest: z.array(z.string()),
  /** The source did not answer: these are the services of the traces that were read of it before. */
  unheard: z.nullable(z.object({ reason: z.string(), since: z.nullable(z.iso.datetime()) })),
});
export type ServicesReply = z.infer<typeof servicesReplySchema>;
export const serviceParamsSchema = z.object({ service: z.string().check(z.minLength(1), z.maxLength(500)) });
export const operationsReplySchema = z.object({
  operations: z.array(z.object({ name: z.string(), spanKind: z.enum(SPAN_KINDS) })),
});
export type Operation = z.infer<typeof operationsReplySchema>["operations"][number];

/** Health of the trace source, as far as the console knows without asking more than once in ten seconds. */
export const traceSourceStatusSchema = z.object({
  state: z.enum(["up", "down"]),
  host: z.string(),
  /** Unknown until it has answered once. */
  kind: z.nullable(z.enum(["v3", "legacy"])),
  latencyMs: z.nullable(z.number()),
  /** Whether spans come from the console's own collector. */
  isEmbedded: z.boolean(),
  lastGoodAt: z.nullable(z.string()),
  downSince: z.nullable(z.string()),
  /** Why, in one sentence. */
  reason: z.nullable(z.string()),
});
export type TraceSourceStatus = z.infer<typeof traceSourceStatusSchema>;
