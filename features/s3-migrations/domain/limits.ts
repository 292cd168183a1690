import * as z from "zod/mini";
import { timeWindowSchema } from "./time-windows";

const rate = z.number().check(z.minimum(0.1), z.maximum(1_000_000));
const bytesRate = z.number().check(z.minimum(1024), z.maximum(1e12));
const windows = z.array(timeWindowSchema).check(z.maxLength(20));

/** What a migration may use at most, over all its workers together. Each may be changed while it runs. */
export const limitsSchema = z.strictObject({
  /** Objects begun, whatever is done with them. */
  objectsPerSecond: z.optional(rate),
  /** Requests to both stores, as far as they are buckets. */
  requestsPerSecond: z.optional(rate),
  /** Bytes of objects, to the destination and read back from it. */
  bytesPerSecond: z.optional(bytesRate),
  /** Outside of these it waits; none = it never waits. */
  windows: z._default(windows, []),
});
export type Limits = z.output<typeof limitsSchema>;

/** Whatever is shared out among workers. */
export type AllowanceKind = "objectsPerSecond" | "requestsPerSecond" | "bytesPerSecond" | "retireObjectsPerSecond";

/** A change of some limits: what is not named stays, null takes a limit away. */
export const limitChangeSchema = z.strictObject({
  objectsPerSecond: z.nullish(rate),
  requestsPerSecond: z.nullish(rate),
  bytesPerSecond: z.nullish(bytesRate),
  windows: z.optional(windows),
});

/** Who gets the workers' attention when several migrations run: shares of 9, 3 and 1. */
export const PRIORITIES = ["high", "normal", "low"] as const;
export type Priority = (typeof PRIORITIES)[number];
