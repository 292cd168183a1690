import { formatDuration } from "@/lib/format";
import type { QueryTerm } from "../query/query-line";

/**
 * A rectangle of the plot: starts from `fromMs` to `toMs`, durations from `lowUs` to `highUs`, edges included. Without
 * an upper edge `highUs` is infinite.
 */
export type Brush = { fromMs: number; toMs: number; lowUs: number; highUs: number };

const TEXT = /^(\d{1,16})-(\d{1,16})_(\d{1,16})-(\d{0,16})$/;
/** What stood for "no upper edge" in older links. */
const OLD_TOP_US = 1e13;

/** `from-to_low-high`, or `from-to_low-` without an upper edge; anything else, and one turned inside out, is none. */
export function parseBrush(text: string | null): Brush | undefined {
  const match = TEXT.exec(text ?? "");
  if (match === null) return undefined;
  const [fromMs = 0, toMs = 0, lowUs = 0, topUs = 0] = match.slice(1).map(Number);
  const highUs = match[4] === "" || topUs >= OLD_TOP_US ? Number.POSITIVE_INFINITY : topUs;
  return fromMs <= toMs && lowUs <= highUs ? { fromMs, toMs, lowUs, highUs } : undefined;
}

/** The text {@link parseBrush} reads back; fractions are rounded outwards. */
export function printBrush({ fromMs, toMs, lowUs, highUs }: Brush): string {
  return `${Math.floor(fromMs)}-${Math.ceil(toMs)}_${Math.floor(lowUs)}-${hasTop(highUs) ? Math.ceil(highUs) : ""}`;
}

/** Whether a selection ends at a duration, and does not take everything above its lower edge. */
export const hasTop = (highUs: number): boolean => Number.isFinite(highUs);

/** "359 ms – 2.4 s", "359 ms or longer". */
export function brushText({ lowUs, highUs }: Brush): string {
  if (!hasTop(highUs)) return `${formatDuration(lowUs)} or longer`;
  return `${formatDuration(lowUs)} – ${formatDuration(highUs)}`;
}

/** The rectangle between two corners, in any order; never below zero. */
export function brushBetween(a: { ms: number; us: number }, b: { ms: number; us: number }): Brush {
  return {
    fromMs: Math.max(0, Math.floor(Math.min(a.ms, b.ms))),
    toMs: Math.max(0, Math.ceil(Math.max(a.ms, b.ms))),
    lowUs: Math.max(0, Math.floor(Math.min(a.us, b.us))),
    highUs: Math.max(0, Math.ceil(Math.max(a.us, b.us))),
  };
}

/** Whether a trace lies in the rectangle. */
export function isInBrush(brush: Brush, { startMs, durationUs }: { startMs: number; durationUs: number }): boolean {
  return startMs >= brush.fromMs && startMs <= brush.toMs && durationUs >= brush.lowUs && durationUs <= brush.highUs;
}

/** How far one press of an arrow moves an edge or the whole, as a share of the plot. */
const STEP = 0.02;

type Extent = { fromMs: number; toMs: number; lowUs: number; highUs: number };

/**
 * The rectangle after an arrow key: moved, or with Shift its far edge. Times move by a share of the plot's width,
 * durations by a factor, as the plot is logarithmic. Never leaves the plot.
 */
export function nudgeBrush(brush: Brush, key: string, isResize: boolean, extent: Extent): Brush {
  const timeStep = (extent.toMs - extent.fromMs) * STEP;
  const factor = (extent.highUs / Math.max(1, extent.lowUs)) ** STEP;
  const alongMs = key === "ArrowRight" ? timeStep : key === "ArrowLeft" ? -timeStep : 0;
  const up = key === "ArrowUp" ? factor : key === "ArrowDown" ? 1 / factor : 1;
  // What is open above stays so until its upper edge is meant.
  const isOpen = !hasTop(brush.highUs) && !(isResize && key === "ArrowDown");
  const topUs = Math.min(brush.highUs, extent.highUs);
  const [clampMs, clampUs] = [between(extent.fromMs, extent.toMs), between(extent.lowUs, extent.highUs)];
  return brushBetween(
    {
      ms: clampMs(brush.fromMs + (isResize ? 0 : alongMs)),
      us: clampUs(Math.max(1, brush.lowUs) * (isResize ? 1 : up)),
    },
    { ms: clampMs(brush.toMs + alongMs), us: isOpen ? brush.highUs : clampUs(topUs * up) },
  );
}

/** What a keyboard starts with: the middle half of the time, the slower half of the durations. */
export function firstBrush(extent: Extent): Brush {
  const quarterMs = (extent.toMs - extent.fromMs) / 4;
  const middleUs = Math.sqrt(Math.max(1, extent.lowUs) * extent.highUs);
  return brushBetween(
    { ms: extent.fromMs + quarterMs, us: middleUs },
    { ms: extent.toMs - quarterMs, us: extent.highUs },
  );
}

/** The terms that say the same of durations; the time of a brush is the page's time range. Rounded to three digits. */
export function brushTerms({ lowUs, highUs }: Brush): QueryTerm[] {
  const low = Math.floor(lowUs / stepOf(lowUs)) * stepOf(lowUs);
  const from: QueryTerm = { field: "dur", comparator: ">=", value: low };
  if (!hasTop(highUs)) return [from];
  const high = Math.ceil(highUs / stepOf(highUs)) * stepOf(highUs);
  return [from, { field: "dur", comparator: "<=", value: high }];
}

const stepOf = (us: number): number => Math.max(1, 10 ** (Math.floor(Math.log10(Math.max(1, us))) - 2));
const between = (low: number, high: number) => (value: number) => Math.min(high, Math.max(low, value));
