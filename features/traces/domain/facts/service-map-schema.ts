import * as z from "zod/mini";
import { epochMs, windowIsForward } from "../request-fields";

export const serviceMapQuerySchema = z
  .strictObject({ start: z.optional(epochMs), end: z.optional(epochMs) })
  .check(z.refine(...windowIsForward));
export type ServiceMapQuery = z.output<typeof serviceMapQuerySchema>;

export const serviceMapReplySchema = z.object({
  window: z.object({ startUs: z.number(), endUs: z.number() }),
  nodes: z.array(
    z.object({
      service: z.string(),
      /** A system that sends no spans itself (a database, an outside host), known by its callers' spans. */
      isRemote: z.boolean(),
      /** Requests it answers, and of these the ones that begin a trace; errors and p95 are of all of them. */
      requestCount: z.nullable(z.number()),
      begunCount: z.nullable(z.number()),
      errorCount: z.nullable(z.number()),
      /** Estimated where the requests inside others' traces are known of some traces only. */
      perSecond: z.nullable(z.number()),
      p95Us: z.nullable(z.number()),
      /** Of the traces it takes part in, those that were read whole: what is told of its calls rests on them. */
      sampledCount: z.number(),
      traceCount: z.number(),
    }),
  ),
  edges: z.array(
    z.object({
      parent: z.string(),
      child: z.string(),
      /** Calls in the window as the source counts them; null when known from samples only. */
      callCount: z.nullable(z.number()),
      perSecond: z.nullable(z.number()),
      /** In sampled traces: calls looked at, share that failed, p95 of the call as its caller saw it. */
      sampledCalls: z.number(),
      errorShare: z.nullable(z.number()),
      p95Us: z.nullable(z.number()),
      /** Calls per trace that has any, from samples. */
      perTrace: z.nullable(z.number()),
    }),
  ),
  sampledTraces: z.number(),
  notes: z.array(z.object({ code: z.string(), text: z.string() })),
});
export type ServiceMapReply = z.infer<typeof serviceMapReplySchema>;
