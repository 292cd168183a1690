import * as z from "zod/mini";

/*
 * What the overview, the rail and the palette read of the other features' public API, and nothing more: a field that is
 * not named here may change without touching this room.
 */

const durationsSchema = z.object({ count: z.number(), p50Us: z.number(), p95Us: z.number() });
const stretchSchema = z.object({ fromUs: z.number(), toUs: z.number() });

export const traceDigestSchema = z.object({
  window: z.object({ startUs: z.number(), endUs: z.number() }),
  totals: z.object({ count: z.number(), errorCount: z.number(), mendedCount: z.number() }),
  series: z.array(
    z.object({
      startUs: z.number(),
      endUs: z.number(),
      count: z.number(),
      errorCount: z.number(),
      maxUs: z.number(),
    }),
  ),
  durations: z.nullable(z.object({ shortestUs: z.number(), longestUs: z.number() })),
  operations: z.array(
    z.object({
      service: z.string(),
      operation: z.string(),
      count: z.number(),
      errorCount: z.number(),
      sumUs: z.number(),
      p50Us: z.number(),
      p95Us: z.number(),
      maxUs: z.number(),
      slowestTraceId: z.string(),
      histogram: z.array(z.extend(stretchSchema, { count: z.number() })),
      usual: z.nullable(durationsSchema),
      slowdown: z.nullable(
        z.object({
          sinceUs: z.number(),
          usual: durationsSchema,
          now: durationsSchema,
          addedUs: z.number(),
          parts: z.array(durationsSchema),
        }),
      ),
    }),
  ),
  operationCount: z.number(),
  coverage: z.object({
    complete: z.number(),
    gaps: z.array(stretchSchema),
    truncatedCount: z.number(),
    filling: z.enum(["done", "running", "waiting", "failing"]),
  }),
});
export type TraceDigestReply = z.infer<typeof traceDigestSchema>;

export const deployListSchema = z.object({
  deploys: z.array(z.object({ id: z.string(), service: z.string(), version: z.string(), atUs: z.number() })),
});

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
  startedAt: z.nullable(z.string()),
  finishedAt: z.nullable(z.string()),
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
  endedAt: z.nullable(z.string()),
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
