"use client";

import { ChevronDown, Clock } from "lucide-react";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { useTimeRange } from "@/components/hooks/use-time-range";
import { Button } from "@/components/ui/button";
import { Menu, MenuHeading, MenuItem } from "@/components/ui/menu";
import { formatAbsolute } from "@/components/ui/relative-time";
import { withSearch } from "@/lib/routes";
import {
  DEFAULT_RANGE,
  RANGE_NAMES,
  RANGE_WORDS,
  type RelativeRange,
  type TimeWindow,
  toFixedWindow,
} from "@/lib/time-range";

/**
 * The time part of the URL (`?range=6h`, or a fixed `from`/`to` set by a chart). Choosing one keeps every other
 * parameter, and drops a page's cursor.
 */
export function TimeRangePicker() {
  const router = useRouter();
  const pathname = usePathname();
  const search = useSearchParams();
  const params = useTimeRange();
  const fixed = toFixedWindow(params);
  const chosen = params.range ?? DEFAULT_RANGE;
  const choose = (next: RelativeRange) => {
    const changed = new URLSearchParams(search);
    for (const name of ["from", "to", "cursor"]) changed.delete(name);
    changed.set("range", next);
    router.push(withSearch(pathname, changed), { scroll: false });
  };
  return (
    <Menu
      label="Time range"
      trigger={
        <Button
          // A frame as high as the finger needs would touch both edges of the bar.
          className="touch:border-transparent touch:bg-transparent"
          icon={<Clock aria-hidden />}
          size="sm"
          title={fixed && toTitle(fixed)}
        >
          <span className="max-phone:sr-only">{fixed === undefined ? toLabel(chosen) : "Chosen window"}</span>
          <span aria-hidden className="hidden max-phone:inline">
            {fixed === undefined ? toLabel(chosen).replace("Last ", "") : "set"}
          </span>
          <ChevronDown aria-hidden className="max-phone:hidden" />
        </Button>
      }
    >
      {fixed !== undefined && <MenuHeading>{toTitle(fixed)}</MenuHeading>}
      {RANGE_NAMES.map((key) => (
        <MenuItem key={key} checked={fixed === undefined && key === chosen} onSelect={() => choose(key)}>
          {toLabel(key)}
        </MenuItem>
      ))}
    </Menu>
  );
}

const toLabel = (range: RelativeRange): string => `Last ${RANGE_WORDS[range]}`;

const toTitle = ({ fromMs, toMs }: TimeWindow): string => `${formatAbsolute(fromMs)} to ${formatAbsolute(toMs)}`;
