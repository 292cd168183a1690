import { US_PER_MS } from "@/lib/units";

/** Logs are written before a span starts and after it ends, by clocks that differ a little. */
const MARGIN_MS = 1000;

type LogsOf = { traceId: string; spanId: string; startUs: number; endUs: number };

/**
 * A link to the logs of a span: `{traceId}`, `{spanId}`, `{start}` and `{end}` of the template replaced, times in epoch
 * milliseconds with a second to either side. What is put in is encoded, so that it cannot change where the link leads.
 */
export function toLogsUrl(template: string, { traceId, spanId, startUs, endUs }: LogsOf): string {
  const values: Record<string, string> = {
    traceId,
    spanId,
    start: String(Math.floor(startUs / US_PER_MS) - MARGIN_MS),
    end: String(Math.ceil(endUs / US_PER_MS) + MARGIN_MS),
  };
  return template.replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : encodeURIComponent(value);
  });
}
