import type { Clause } from "./finding";
import { spell } from "./phrase";

/**
 * A sum in words that adds up as read: the total with three figures, the parts at the same resolution, rounded by
 * largest remainder so that their figures sum to the total's.
 */
export function spellSum(totalUs: number, partsUs: readonly number[]): { total: string; parts: string[] } {
  const resolutionUs = resolutionOf(totalUs);
  const units = partsUs.map((us) => Math.floor(us / resolutionUs));
  const wanted = Math.round(totalUs / resolutionUs);
  const byRemainder = partsUs
    .map((us, index) => ({ index, remainder: us / resolutionUs - Math.floor(us / resolutionUs) }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  let missing = wanted - units.reduce((a, b) => a + b, 0);
  for (const { index } of byRemainder) {
    if (missing <= 0) break;
    units[index] = (units[index] ?? 0) + 1;
    missing -= 1;
  }
  const shown = (count: number) => spellAt(count * resolutionUs, totalUs, resolutionUs);
  return { total: shown(wanted), parts: units.map(shown) };
}

/** One unit of the third figure of a total: 10 ms of 2.31 s. */
function resolutionOf(totalUs: number): number {
  if (totalUs < 1000) return 1;
  return 10 ** Math.max(0, Math.floor(Math.log10(totalUs)) - 2);
}

/** At the total's unit and digits: parts of seconds are seconds. */
function spellAt(us: number, totalUs: number, resolutionUs: number): string {
  if (us === 0) return "0";
  const unit = totalUs < 1000 ? 1 : totalUs < 1e6 ? 1000 : totalUs < 120e6 ? 1e6 : undefined;
  if (unit === undefined) return spell(us);
  const digits = Math.max(0, Math.round(Math.log10(unit / resolutionUs)));
  return `${(us / unit).toFixed(digits)}\u202f${unit === 1 ? "µs" : unit === 1000 ? "ms" : "s"}`;
}

/** What stands between a clause's time and its words: "820 ms in 114 × SELECT", "6.62 s waiting in the queue". */
export const joinerOf = ({ kind, text }: Pick<Clause, "kind" | "text">): string =>
  kind === "rest" || text.startsWith("waiting in the queue ") ? "" : "in ";
