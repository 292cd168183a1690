import type { TraceSummary } from "@/features/traces/contract";
import { buildSkeleton } from "@/features/traces/domain/build-skeleton";
import { lengthOf } from "@/features/traces/domain/length-of-trace";
import { computeFacts } from "@/features/traces/domain/trace-facts";
import type { DecodedDocument } from "./decoding/decoded-document";

/** A summary of each trace in the document, for sources that have none. */
export function summarise(document: DecodedDocument): TraceSummary[] {
  const services = document.serviceOfGroups();
  return [...document.traces].map(([traceId, table]) => {
    const { skeleton } = buildSkeleton(table, services);
    const facts = computeFacts(skeleton);
    return {
      traceId,
      rootService: facts.rootService,
      rootOperation: facts.rootOperation,
      ...lengthOf(skeleton),
      spanCount: skeleton.spanCount,
      errorSpanCount: facts.errorSpanCount,
      orphanSpanCount: facts.orphanSpanCount,
      services: facts.services,
    };
  });
}
