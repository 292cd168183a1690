import * as z from "zod/mini";

const count = z.number().check(z.int(), z.minimum(0));
export const FINDING_KINDS = ["type", "headers"] as const;

/** `GET …/{id}/findings?kind&cursor&limit` */
export const findingsQuerySchema = z.strictObject({
  kind: z.optional(z.enum(FINDING_KINDS)),
  cursor: z.optional(z.coerce.number().check(z.int(), z.minimum(0))),
  limit: z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(500)), 100),
});
export type FindingsQuery = z.input<typeof findingsQuerySchema>;

const shape = { kind: z.enum(FINDING_KINDS), told: z.string(), found: z.string(), sent: z.nullable(z.string()) };

export const findingsReplySchema = z.object({
  /** Most first, at most 50; counted over the first 100,000 findings. */
  groups: z.array(z.object({ ...shape, objects: count, exampleKey: z.string() })),
  findings: z.array(z.object({ ...shape, objectId: count, key: z.string() })),
  nextCursor: z.nullable(count),
});
export type FindingsReply = z.output<typeof findingsReplySchema>;
