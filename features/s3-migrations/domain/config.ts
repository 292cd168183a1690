import * as z from "zod/mini";
import { limitChangeSchema, PRIORITIES } from "./limits";
import { type MigrationOptions, optionsSchema } from "./plan-spec";
import { windowText } from "./time-windows";

/** What may change while it runs. Everything else is what was planned and proven, and stays. */
export const configureSchema = z.strictObject({
  concurrency: z.optional(z.int().check(z.minimum(1), z.maximum(256))),
  limits: z.optional(limitChangeSchema),
  priority: z.optional(z.enum(PRIORITIES)),
  maxAttempts: z.optional(z.int().check(z.minimum(1), z.maximum(20))),
  stopAtFailedShare: z.optional(z.number().check(z.minimum(0.001), z.maximum(1))),
  retireObjectsPerSecond: z.optional(z.number().check(z.minimum(0.1), z.maximum(10_000))),
});
export type Configure = z.output<typeof configureSchema>;

const changeSchema = z.object({
  /** As in `options`, such as `limits.bytesPerSecond`. */
  field: z.string(),
  /** Null = not set. */
  from: z.nullable(z.string()),
  to: z.nullable(z.string()),
});
export type ConfigChange = z.output<typeof changeSchema>;
export const configChangesSchema = z.array(changeSchema);

/** One version of what may change. Version 1 is what was planned. */
export const configVersionSchema = z.object({
  version: z.int().check(z.minimum(2)),
  actor: z.string(),
  reason: z.nullable(z.string()),
  at: z.iso.datetime(),
  changes: configChangesSchema,
});

/** The options with the change in them. */
export function applyConfigure(options: MigrationOptions, { limits, ...rest }: Configure): MigrationOptions {
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  const next = { ...options.limits, ...limits };
  const set = Object.fromEntries(Object.entries(next).filter(([, value]) => value !== null && value !== undefined));
  return optionsSchema.parse({ ...options, ...given, limits: set });
}

/** What differs between two sets of options, of that which may change; in words that a person reads. */
export function configChanges(before: MigrationOptions, after: MigrationOptions): ConfigChange[] {
  const [old, now] = [shownConfig(before), shownConfig(after)];
  return Object.keys(now)
    .map((field) => ({ field, from: old[field] ?? null, to: now[field] ?? null }))
    .filter(({ from, to }) => from !== to);
}

function shownConfig(options: MigrationOptions): Record<string, string | undefined> {
  const { concurrency, priority, maxAttempts, stopAtFailedShare, retireObjectsPerSecond } = options;
  const { windows, objectsPerSecond, requestsPerSecond, bytesPerSecond } = options.limits;
  const text = (value: number | undefined) => (value === undefined ? undefined : String(value));
  return {
    concurrency: text(concurrency),
    priority,
    maxAttempts: text(maxAttempts),
    stopAtFailedShare: text(stopAtFailedShare),
    retireObjectsPerSecond: text(retireObjectsPerSecond),
    "limits.objectsPerSecond": text(objectsPerSecond),
    "limits.requestsPerSecond": text(requestsPerSecond),
    "limits.bytesPerSecond": text(bytesPerSecond),
    "limits.windows": windows.length === 0 ? undefined : windows.map(windowText).join("; "),
  };
}
