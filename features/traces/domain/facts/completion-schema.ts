import * as z from "zod/mini";
import { searchText } from "../request-fields";

/**
 * `GET /api/traces/completions`. Without `key`: keys (fields of the query language, then attribute keys seen). With `key`:
 * its values; `service`, `operation`, `status` and `kind` are fields, anything else is an attribute.
 */
export const completionsQuerySchema = z.strictObject({
  key: z.optional(searchText),
  prefix: z._default(z.string().check(z.maxLength(500)), ""),
  /** Only what was seen on spans of this service. */
  service: z.optional(searchText),
  limit: z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(100)), 20),
});
export type CompletionsQuery = z.output<typeof completionsQuerySchema>;

export const completionsReplySchema = z.object({
  /** Prefix matches first, then matches inside; most seen first. */
  items: z.array(
    z.object({
      kind: z.enum(["field", "attribute", "value"]),
      key: z.string(),
      /** Present with `kind: "value"`. */
      value: z.nullable(z.string()),
      /** What to insert, quoted where the query language needs it: `http.route:"/users/:id"`. */
      insert: z.string(),
      /** One line about a field. */
      hint: z.nullable(z.string()),
      /** Traces it was seen in, each counted once however many values or services it has; null where nobody counted. */
      traceCount: z.nullable(z.number()),
      /** Out of how many sampled traces that is; null where all were counted. */
      sampledOf: z.nullable(z.number()),
    }),
  ),
  /** Sampled traces the attributes were read from; they are not all traces. */
  sampledTraces: z.number(),
});
export type CompletionsReply = z.infer<typeof completionsReplySchema>;
