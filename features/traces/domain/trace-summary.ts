import * as z from "zod/mini";

export const serviceShareSchema = z.object({ name: z.string(), spanCount: z.number(), errorSpanCount: z.number() });

/** One line about a trace, as a search answers it. */
export const traceSummarySchema = z.object({
  traceId: z.string(),
  /** Empty when the root span has not arrived. */
  rootService: z.string(),
  rootOperation: z.string(),
  startUs: z.number(),
  /** From the first start to the last end; with clocks that disagree put right where the source tells. */
  durationUs: z.number(),
  /** How long the root span took: what its caller waited. Absent where the source does not tell. */
  requestUs: z.optional(z.number()),
  /** By how much clocks of its services differ at the least; absent where they agree or the source does not tell. */
  clocksApartUs: z.optional(z.number()),
  spanCount: z.number(),
  errorSpanCount: z.number(),
  orphanSpanCount: z.number(),
  services: z.array(serviceShareSchema),
});
export type TraceSummary = z.infer<typeof traceSummarySchema>;
