import { durationQuantity, formatShare } from "@/lib/format";
import { CELL_ROLE } from "../grid-roles";

type TimeCellProps = {
  durationUs: number;
  /** The sum of calls that ran beside each other is no time that passed. */
  isSum?: boolean;
  /** Part of the trace, on a second line. */
  share?: number | undefined;
  isQuiet?: boolean;
};

/** How long, numbers below each other, units quiet. */
export function TimeCell({ durationUs, isSum = false, share, isQuiet = false }: TimeCellProps) {
  const { value, unit } = durationQuantity(durationUs);
  return (
    <div
      className={`wf-time text-right whitespace-pre ${isQuiet ? "text-ink-2" : "font-medium"}`}
      {...CELL_ROLE}
      {...(isSum ? { title: "All calls added up; some ran at the same time" } : {})}
    >
      {isSum && <span className="font-normal text-ink-3">Σ </span>}
      {value}
      <span className="wf-unit font-normal text-ink-3">{unit === "" ? "" : `\u202f${unit}`}</span>
      {share !== undefined && <span className="block text-xs font-normal text-ink-3">{formatShare(share)}</span>}
    </div>
  );
}
