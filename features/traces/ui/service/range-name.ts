import { DEFAULT_RANGE, RANGE_WORDS, type TimeRangeParams } from "@/lib/time-range";

/** "1 h", as it follows "last" or "previous". */
export function rangeName({ range, from, to }: TimeRangeParams): string {
  if (range === undefined && from !== undefined && to !== undefined) return "window";
  return RANGE_WORDS[range ?? DEFAULT_RANGE];
}
