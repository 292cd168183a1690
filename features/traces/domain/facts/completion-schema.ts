import { z } from "zod";
import { searchText } from "../request-fields";

/**
 * `GET /api/traces/completions`. Without `key`: keys (fields of the query language, then attribute keys seen). With `key`:
 * its values; `service`, `operation`, `status` and `kind` are fields, anything else is an attribute.
 */
export const completionsQuerySchema = z.strictObject({
  key: searchText.optional(),
  prefix: z.string().max(500).default(""),
  /** Only what was seen on spans of this service. */
  service: searchText.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});
export type CompletionsQuery = z.output<typeof completionsQuerySchema>;

export const completionsReplySchema = z.object({
  /** Prefix matches first, then matches inside; most seen first. */
  items: z.array(
    z.object({
      kind: z.enum(["field", "attribute", "value"]),
      key: z.string(),
      /** Present with `kind: "value"`. */
      value: z.string().nullable(),
      /** What to insert, quoted where the query language needs it: `http.route:"/users/:id"`. */
      insert: z.string(),
      /** One line about a field. */
      hint: z.string().nullable(),
      /** Traces it was seen in; null where nobody counted. */
      traceCount: z.number().nullable(),
    }),
  ),
  /** Sampled traces the attributes were read from; they are not all traces. */
  sampledTraces: z.number(),
});
export type CompletionsReply = z.infer<typeof completionsReplySchema>;
