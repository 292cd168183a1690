import type { Clause, FindingsReply } from "../../domain/diagnosis/finding";

/** Whether a clause is time that no span explains. */
export function isGapClause({ findings }: FindingsReply, { kind, findingIndex }: Clause): boolean {
  return kind === "unaccounted" || (findingIndex !== null && findings[findingIndex]?.kind === "unaccounted-time");
}
