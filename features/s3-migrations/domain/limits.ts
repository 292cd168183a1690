import * as z from "zod/mini";

/** What a migration may use at most, over all its workers together. Each may be changed while it runs. */
export const limitsSchema = z.strictObject({
  /** Objects begun, whatever is done with them. */
  objectsPerSecond: z.optional(z.number().check(z.minimum(0.1), z.maximum(1_000_000))),
  /** Requests to both stores, as far as they are buckets. */
  requestsPerSecond: z.optional(z.number().check(z.minimum(0.1), z.maximum(1_000_000))),
  /** Bytes of objects, to the destination and read back from it. */
  bytesPerSecond: z.optional(z.number().check(z.minimum(1024), z.maximum(1e12))),
});
export type Limits = z.output<typeof limitsSchema>;

/** Whatever is shared out among workers. */
export type AllowanceKind = "objectsPerSecond" | "requestsPerSecond" | "bytesPerSecond" | "retireObjectsPerSecond";
