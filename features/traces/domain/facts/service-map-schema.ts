import { z } from "zod";
import { epochMs, windowIsForward } from "../request-fields";

export const serviceMapQuerySchema = z
  .strictObject({ start: epochMs.optional(), end: epochMs.optional() })
  .refine(...windowIsForward);
export type ServiceMapQuery = z.output<typeof serviceMapQuerySchema>;

export const serviceMapReplySchema = z.object({
  window: z.object({ startUs: z.number(), endUs: z.number() }),
  nodes: z.array(
    z.object({
      service: z.string(),
      /** A system that sends no spans itself (a database, an outside host), known by its callers' spans. */
      isRemote: z.boolean(),
      /** Traces it begins, from the fact table. */
      requestCount: z.number().nullable(),
      errorCount: z.number().nullable(),
      perSecond: z.number().nullable(),
      p95Us: z.number().nullable(),
    }),
  ),
  edges: z.array(
    z.object({
      parent: z.string(),
      child: z.string(),
      /** Calls in the window as the source counts them; null when known from samples only. */
      callCount: z.number().nullable(),
      perSecond: z.number().nullable(),
      /** In sampled traces: calls looked at, share that failed, p95 of the call as its caller saw it. */
      sampledCalls: z.number(),
      errorShare: z.number().nullable(),
      p95Us: z.number().nullable(),
      /** Calls per trace that has any, from samples. */
      perTrace: z.number().nullable(),
    }),
  ),
  sampledTraces: z.number(),
  notes: z.array(z.object({ code: z.string(), text: z.string() })),
});
export type ServiceMapReply = z.infer<typeof serviceMapReplySchema>;
