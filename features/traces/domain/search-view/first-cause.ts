import * as z from "zod/mini";

/** What the table needs of a trace's findings; the rest is for its own page. */
export const firstCauseReplySchema = z.object({
  findings: z.array(
    z.object({
      kind: z.string(),
      severity: z.string(),
      service: z.string(),
      operation: z.string(),
      shareOfTrace: z.number(),
    }),
  ),
});

/** The first cause of a trace in a table cell; null when the diagnosis names none. */
export type FirstCause = { label: string; operation: string; service: string; share: number };

const LABELS: Record<string, string> = {
  "n-plus-one": "N+1",
  "slow-query": "Slow query",
  "slow-external-call": "Slow call",
  "sequential-calls": "One by one",
  straggler: "Straggler",
  "unaccounted-time": "Unaccounted",
  "heavy-span": "Own work",
  "queue-wait": "Queued",
  retries: "Retries",
  "error-origin": "Error",
  "clock-skew": "Clock skew",
  "missing-spans": "Missing spans",
};

/** The cause that stands first; one that only informs is none. */
export function toFirstCause({ findings }: z.infer<typeof firstCauseReplySchema>): FirstCause | null {
  const [first] = findings;
  if (first === undefined || first.severity === "info") return null;
  const { kind, operation, service, shareOfTrace } = first;
  return { label: LABELS[kind] ?? kind, operation, service, share: shareOfTrace };
}
