"use client";

import { ChevronDown, Clock } from "lucide-react";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { Button } from "@/components/ui/button";
import { Menu, MenuHeading, MenuItem } from "@/components/ui/menu";
import { formatAbsolute } from "@/components/ui/relative-time";
import { DEFAULT_RANGE, RELATIVE_RANGES, type RelativeRange } from "@/lib/time-range";

const LABELS: Record<RelativeRange, string> = {
  "15m": "Last 15 min",
  "1h": "Last 1 h",
  "3h": "Last 3 h",
  "6h": "Last 6 h",
  "24h": "Last 24 h",
  "3d": "Last 3 days",
  "7d": "Last 7 days",
};
const RANGES = Object.keys(RELATIVE_RANGES) as RelativeRange[];

const isRange = (text: string | null): text is RelativeRange => text !== null && text in RELATIVE_RANGES;

/**
 * The time part of the URL (`?range=6h`, or a fixed `from`/`to` set by a chart). Choosing one keeps every other
 * parameter, and drops a page's cursor.
 */
export function TimeRangePicker() {
  const router = useRouter();
  const pathname = usePathname();
  const search = useSearchParams();
  const range = search.get("range");
  const from = Number(search.get("from") ?? Number.NaN);
  const to = Number(search.get("to") ?? Number.NaN);
  const isFixed = !isRange(range) && from < to;
  const chosen = isRange(range) ? range : DEFAULT_RANGE;
  const choose = (next: RelativeRange) => {
    const params = new URLSearchParams(search);
    for (const name of ["from", "to", "cursor"]) params.delete(name);
    params.set("range", next);
    router.push(`${pathname}?${params}` as Parameters<typeof router.push>[0], { scroll: false });
  };
  return (
    <Menu
      label="Time range"
      trigger={
        <Button size="sm" icon={<Clock aria-hidden />} title={isFixed ? toTitle(from, to) : undefined}>
          <span className="max-phone:sr-only">{isFixed ? "Chosen window" : LABELS[chosen]}</span>
          <ChevronDown aria-hidden />
        </Button>
      }
    >
      {isFixed && <MenuHeading>{toTitle(from, to)}</MenuHeading>}
      {RANGES.map((key) => (
        <MenuItem key={key} checked={!isFixed && key === chosen} onSelect={() => choose(key)}>
          {LABELS[key]}
        </MenuItem>
      ))}
    </Menu>
  );
}

const toTitle = (from: number, to: number): string => `${formatAbsolute(from)} to ${formatAbsolute(to)}`;
