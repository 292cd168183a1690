import type { Standout } from "../paths/bubble-up-schema";
import type { QueryTerm } from "../query/query-line";

/** What a search takes of a difference: terms, and whether they speak of single spans. */
export type StandoutFilter = { terms: QueryTerm[]; matches: "traces" | "spans" | undefined };

/** The filter that keeps the traces which have it; undefined where the language has no word for it. */
export function standoutFilter({ kind, key, value, atLeast }: Standout): StandoutFilter | undefined {
  switch (kind) {
    case "attribute":
      return key === "" ? undefined : { terms: [{ field: "attribute", key, value }], matches: undefined };
    case "error":
      return { terms: [{ field: "status", value: "error" }], matches: undefined };
    case "span-count":
      if (atLeast === null) return undefined;
      return { terms: [{ field: "spans", comparator: ">=", value: atLeast }], matches: "traces" };
    case "step":
    case "repeated-step":
      // Jaeger knows a step by the name of a span, not by how often it came.
      return { terms: [{ field: "operation", value }, ...serviceTerm(key)], matches: "spans" };
  }
}

const serviceTerm = (service: string): QueryTerm[] => (service === "" ? [] : [{ field: "service", value: service }]);

/** "95" and "8.7": three digits are more than a sample of a hundred knows. */
export function liftText(lift: number): string {
  return lift >= 10 ? String(Math.round(lift)) : lift.toFixed(1);
}
