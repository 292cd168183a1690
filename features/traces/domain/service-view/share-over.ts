import type { DurationHistogram } from "../facts/facts-schema";
import type { RedReply } from "../facts/red-schema";

/** How many requests took longer than a round time, now and before. Shares of their own requests; null without any. */
export type ShareOver = { overUs: number; now: number; before: number | null };

const ROUND = [1, 1.2, 1.5, 1.8, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 9, 10];

/**
 * The share of requests over the first round time from the p95 on of before (of now, where nothing is compared). Undefined
 * without durations. A quantile says how slow the slowest are; this says how many of them there are.
 */
export function shareOver(reply: Pick<RedReply, "against" | "histogram" | "totals">): ShareOver | undefined {
  const { against, totals } = reply;
  const usual = (against?.before.totals.quantiles ?? totals.quantiles)?.p95Us;
  if (usual === undefined || usual <= 0) return undefined;
  const overUs = toRoundUs(usual);
  const now = countShare(against?.histogramNow ?? reply.histogram, overUs);
  if (now === null) return undefined;
  return { overUs, now, before: against === null ? null : countShare(against.histogramBefore, overUs) };
}

function toRoundUs(us: number): number {
  const power = 10 ** Math.floor(Math.log10(us));
  return Math.round((ROUND.find((step) => step * power >= us) ?? 10) * power);
}

/** A bin that holds the time counts in part, as if its requests stood evenly on its logarithmic scale. */
function countShare(bins: DurationHistogram, overUs: number): number | null {
  const all = bins.reduce((sum, { count }) => sum + count, 0);
  if (all === 0) return null;
  const over = bins.reduce((sum, { fromUs, toUs, count }) => {
    if (fromUs >= overUs) return sum + count;
    if (toUs <= overUs) return sum;
    const low = Math.log(Math.max(1, fromUs));
    return sum + (count * (Math.log(toUs) - Math.log(overUs))) / Math.max(1e-9, Math.log(toUs) - low);
  }, 0);
  return over / all;
}
