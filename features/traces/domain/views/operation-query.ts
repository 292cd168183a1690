import { SPAN_KINDS, type TraceSkeleton } from "../trace-skeleton";
import type { OperationTotal } from "./operation-totals";

/** The words of a query that finds the spans of one operation and no others. */
export function toOperationQuery(
  trace: Pick<TraceSkeleton, "names" | "services">,
  { service, name, kind }: Pick<OperationTotal, "service" | "name" | "kind">,
): string {
  const words = [`svc=${quoted(trace.services[service] ?? "")}`, `name=${quoted(trace.names[name] ?? "")}`];
  return [...words, `kind:${SPAN_KINDS[kind] ?? "unspecified"}`].join(" ");
}

/** A word that the query reads as the same text. */
function quoted(text: string): string {
  if (/^[^\s"\\]+$/.test(text)) return text;
  return `"${text.replaceAll(/["\\]/g, (sign) => `\\${sign}`)}"`;
}
