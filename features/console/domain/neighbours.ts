import * as z from "zod/mini";

/*
 * What the overview, the rail and the palette read of the other features' public API, and nothing more: a field that is
 * not named here may change without touching this room.
 */

export const traceListSchema = z.object({
  summaries: z.array(
    z.object({
      traceId: z.string(),
      rootService: z.string(),
      rootOperation: z.string(),
      startUs: z.number(),
      durationUs: z.number(),
      spanCount: z.number(),
      errorSpanCount: z.number(),
      services: z.array(z.object({ name: z.string() })),
    }),
  ),
  truncated: z.boolean(),
});
export const serviceNamesSchema = z.object({ services: z.array(z.string()) });

export type TraceList = z.infer<typeof traceListSchema>;

export const traceSourceSchema = z.object({
  state: z.enum(["up", "down"]),
  host: z.string(),
  latencyMs: z.nullable(z.number()),
  isEmbedded: z.boolean(),
  downSince: z.nullable(z.string()),
  reason: z.nullable(z.string()),
});
export type TraceSource = z.infer<typeof traceSourceSchema>;

const s3MigrationSchema = z.object({
  id: z.string(),
  name: z.string(),
  isSample: z.boolean(),
  state: z.string(),
  phase: z.string(),
  allowedVerbs: z.array(z.string()),
  commandVersion: z.number(),
  updatedAt: z.string(),
  stopped: z.nullable(z.object({ message: z.string(), at: z.string() })),
  inventory: z.object({ sealedAt: z.nullable(z.string()), objects: z.number(), bytes: z.number() }),
  counts: z.record(z.string(), z.number()),
  bytes: z.object({ present: z.number() }),
  rate: z.nullable(z.object({ objectsPerSecond: z.number(), bytesPerSecond: z.number() })),
  eta: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("none") }),
    z.object({ kind: z.literal("estimating") }),
    z.object({ kind: z.literal("stalled"), since: z.string() }),
    z.object({ kind: z.literal("range"), earliestAt: z.string(), latestAt: z.string(), isOver30Days: z.boolean() }),
  ]),
});
export type S3Migration = z.infer<typeof s3MigrationSchema>;
export const s3MigrationListSchema = z.object({ migrations: z.array(s3MigrationSchema) });

const runSchema = z.object({
  id: z.string(),
  title: z.string(),
  status: z.enum(["active", "finished", "abandoned"]),
  startedBy: z.string(),
  startedAt: z.string(),
  stepCount: z.number(),
  doneCount: z.number(),
  skippedCount: z.number(),
});
export type Run = z.infer<typeof runSchema>;
export const runListSchema = z.object({ runs: z.array(runSchema) });

export const runbookListSchema = z.object({
  runbooks: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      source: z.string(),
      isTemplate: z.boolean(),
      status: z.string(),
      stepCount: z.number(),
    }),
  ),
  sources: z.array(
    z.object({
      name: z.string(),
      location: z.string(),
      syncedAt: z.nullable(z.string()),
      failure: z.nullable(z.string()),
      runbookCount: z.number(),
    }),
  ),
});
export type RunbookList = z.infer<typeof runbookListSchema>;

export const sampleSchema = z.object({
  state: z.enum(["absent", "loading", "present", "removing", "failed"]),
  detail: z.string(),
});
export type Sample = z.infer<typeof sampleSchema>;
