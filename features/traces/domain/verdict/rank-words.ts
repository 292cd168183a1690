import { formatCount, formatDuration, formatNumber } from "@/lib/format";
import { MS_PER_HOUR } from "@/lib/units";

/** The hours before a trace that it is ranked among. */
export const RANK_WINDOW_HOURS = 6;
const DAY_HOURS = 24;
/** Differences below this are within what is usual. */
const LEAST_RATIO = 1.2;

/** "13 × usual (174 ms)", "as usual (174 ms)". */
export function usualWords(durationUs: number, usualUs: number): string {
  const ratio = usualUs === 0 ? 1 : durationUs / usualUs;
  const usual = `(${formatDuration(usualUs)})`;
  if (ratio < LEAST_RATIO && ratio > 1 / LEAST_RATIO) return `as usual ${usual}`;
  return `${formatNumber(ratio >= 10 ? Math.round(ratio) : Math.round(ratio * 10) / 10)} × usual ${usual}`;
}

/** "7th slowest of 1,104 in 6 h"; nothing for a trace that stands alone. */
export function rankWords({ count, slowerCount, isWhole }: { count: number; slowerCount: number; isWhole: boolean }) {
  if (count < 2) return undefined;
  const place = slowerCount === 0 ? "slowest" : `${ordinal(slowerCount + 1)} slowest`;
  return `${place} of ${isWhole ? "" : "at least "}${formatCount(count)} in ${RANK_WINDOW_HOURS}\u202fh`;
}

/** The window a trace is ranked in: the hours before it and itself. Epoch milliseconds. */
export function rankWindow(startMs: number): { startMs: number; endMs: number } {
  const end = Math.ceil(startMs) + 1000;
  return { startMs: Math.max(0, end - RANK_WINDOW_HOURS * MS_PER_HOUR), endMs: end };
}

/** What history of fewer requests than five says. */
export function fewWords(traceCount: number): string | undefined {
  if (traceCount === 0) return undefined;
  return `${traceCount === 1 ? "1 other request" : `${traceCount} other requests`} known: too few to tell what is usual`;
}

type Everywhere = {
  savesUs: number;
  /** Requests of the operation in the hours before. */
  count: number;
  isWhole: boolean;
  /** Of the requests compared with, those slow by the same step; undefined where nobody knows. */
  standing: { alikeCount?: number | undefined; traceCount: number } | undefined;
};

/**
 * What a saving is worth in a day, were every request that is slow by the same step to save it: a rate, and said to be one.
 * Nothing where it is not known how many are, or none is.
 */
export function everywhereWords({ savesUs, count, isWhole, standing }: Everywhere): string | undefined {
  if (savesUs === 0 || count < 2 || !standing?.alikeCount || standing.traceCount === 0) return undefined;
  const share = standing.alikeCount / standing.traceCount;
  const perDay = Math.round((share * count * DAY_HOURS) / RANK_WINDOW_HOURS);
  const worth = formatDuration(savesUs * perDay);
  const least = isWhole ? "≈" : "at least";
  return `If those slow by the same step (${standing.alikeCount} of ${standing.traceCount} sampled) saved it: ${least} ${worth} a day, over ${least} ${formatCount(perDay)} of them at the rate of these ${RANK_WINDOW_HOURS}\u202fh.`;
}

function ordinal(value: number): string {
  const tens = value % 100;
  const ending = tens >= 11 && tens <= 13 ? "th" : (["th", "st", "nd", "rd"][value % 10] ?? "th");
  return `${formatCount(value)}${ending}`;
}
