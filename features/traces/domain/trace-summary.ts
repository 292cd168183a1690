import * as z from "zod/mini";

export const serviceShareSchema = z.object({ name: z.string(), spanCount: z.number(), errorSpanCount: z.number() });

/** One line about a trace, as a search answers it. */
export const traceSummarySchema = z.object({
  traceId: z.string(),
  /** Empty when the root span has not arrived. */
  rootService: z.string(),
  rootOperation: z.string(),
  startUs: z.number(),
  durationUs: z.number(),
  spanCount: z.number(),
  errorSpanCount: z.number(),
  orphanSpanCount: z.number(),
  services: z.array(serviceShareSchema),
});
export type TraceSummary = z.infer<typeof traceSummarySchema>;
