import type { CSSProperties } from "react";
import { serviceStyle } from "@/components/ui/service-style";
import type { Clause } from "../../domain/diagnosis/finding";
import { colouredAs } from "../../domain/span-text";
import type { TraceSkeleton } from "../../domain/trace-skeleton";

/** How a clause is drawn: in the colour of what its spans wait for, hatched where no span explains it, or quiet. */
export type ClauseLook = { className: "vd-solid" | "vd-hatch" | "vd-rest"; style: CSSProperties };

/** The look of a clause, the same in the sentence and in every bar. */
export function clauseLook(trace: TraceSkeleton, clause: Clause, isGap: boolean): ClauseLook {
  if (clause.kind === "rest") return { className: "vd-rest", style: {} };
  if (isGap || clause.kind === "unaccounted") return { className: "vd-hatch", style: {} };
  const row = clause.rows[0];
  const service = row === undefined || row >= trace.spanCount ? clause.service : colouredAs(trace, row);
  return { className: "vd-solid", style: { "--c": `var(--${serviceStyle(service).colour})` } as CSSProperties };
}
