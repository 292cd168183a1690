"use client";

import { useSearchParams } from "next/navigation";
import * as z from "zod/mini";
import { type TimeRangeParams, timeRangeParams } from "@/lib/time-range";

const schema = z.object(timeRangeParams);

/** The time part of the URL as the top bar shows it; anything unreadable means the default range. */
export function useTimeRange(): TimeRangeParams {
  const search = useSearchParams();
  const parsed = schema.safeParse({
    range: search.get("range") ?? undefined,
    from: search.get("from") ?? undefined,
    to: search.get("to") ?? undefined,
  });
  return parsed.success ? parsed.data : {};
}
