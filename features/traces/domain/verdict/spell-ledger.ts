import { formatDuration } from "@/lib/format";
import type { Verdict } from "../diagnosis/finding";

/** The sum of a verdict in words, parts in the order of its clauses. */
export function spellLedger({ durationUs, clauses }: Pick<Verdict, "durationUs" | "clauses">): {
  total: string;
  parts: string[];
} {
  return { total: formatDuration(durationUs), parts: clauses.map(({ timeUs }) => formatDuration(timeUs)) };
}
