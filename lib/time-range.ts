import * as z from "zod/mini";
import { MS_PER_HOUR, MS_PER_MINUTE } from "./units";

/** Windows offered in the top bar, newest end = now. */
export const RELATIVE_RANGES = {
  "15m": 15 * MS_PER_MINUTE,
  "1h": MS_PER_HOUR,
  "3h": 3 * MS_PER_HOUR,
  "6h": 6 * MS_PER_HOUR,
  "24h": 24 * MS_PER_HOUR,
  "3d": 72 * MS_PER_HOUR,
  "7d": 168 * MS_PER_HOUR,
} as const;
export type RelativeRange = keyof typeof RELATIVE_RANGES;
export const DEFAULT_RANGE: RelativeRange = "1h";

/** Each as it follows "last". */
export const RANGE_WORDS: Record<RelativeRange, string> = {
  "15m": "15 min",
  "1h": "1 h",
  "3h": "3 h",
  "6h": "6 h",
  "24h": "24 h",
  "3d": "3 days",
  "7d": "7 days",
};

export const RANGE_NAMES = Object.keys(RELATIVE_RANGES) as [RelativeRange, ...RelativeRange[]];

const relativeRange = z.enum(RANGE_NAMES);
const epochMs = z.coerce.number().check(z.int(), z.minimum(0), z.maximum(8.64e15));

/** The time part of every page's URL: `?range=6h`, or `?from=…&to=…` in epoch milliseconds. */
export const timeRangeParams = {
  range: z.optional(relativeRange),
  from: z.optional(epochMs),
  to: z.optional(epochMs),
};

export type TimeRangeParams = { range?: RelativeRange | undefined; from?: number | undefined; to?: number | undefined };

/** A closed window; `fromMs < toMs`. */
export type TimeWindow = { fromMs: number; toMs: number };

/** The window a colleague chose to the millisecond, which does not move with the clock; undefined for a relative one. */
export function toFixedWindow({ range, from, to }: TimeRangeParams): TimeWindow | undefined {
  if (range !== undefined || from === undefined || to === undefined || from >= to) return undefined;
  return { fromMs: from, toMs: to };
}

/** The window the URL means at `nowMs`. A fixed window needs both ends; half of one falls back to the default range. */
export function toTimeWindow({ range, from, to }: TimeRangeParams, nowMs: number): TimeWindow {
  return toFixedWindow({ range, from, to }) ?? { fromMs: nowMs - RELATIVE_RANGES[range ?? DEFAULT_RANGE], toMs: nowMs };
}
