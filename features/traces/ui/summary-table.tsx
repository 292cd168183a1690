"use client";

import { ArrowDown, ArrowUp } from "lucide-react";
import { useRouter } from "next/navigation";
import {
  type CSSProperties,
  type KeyboardEvent,
  useEffect,
  useEffectEvent,
  useLayoutEffect,
  useMemo,
  useRef,
} from "react";
import { PHONE, useMedia } from "@/components/hooks/use-media";
import { scrollToRowPx, useRowWindow } from "@/components/hooks/use-row-window";
import { routes } from "@/lib/routes";
import { US_PER_MS } from "@/lib/units";
import type { TraceSummary } from "../contract";
import { durationQuantileUs } from "../domain/scatter-scale";
import { type Brush, isInBrush } from "../domain/search-view/brush";
import { operationKey, type UsualTime } from "../domain/search-view/plot-points";
import type { ChosenColumn } from "../domain/search-view/search-address";
import { pickServiceSlots } from "../domain/service-slots";
import type { SummarySort } from "../domain/summary-order";
import { GROUP_ROLE, HEAD_ROLE, HEAD_ROW, sortableHead } from "./grid-roles";
import { type Column, columnLooks, columnTemplate, shownColumns } from "./summary-columns";
import { SummaryRow, summaryRowId } from "./summary-row";
import "./summary-table.css";

const ROW_PX = 26;
const PHONE_ROW_PX = 106;
const SLOTS = 6;
/** The top bar and the column names stand over the rows, on a phone the bar of pages below. */
const COVERED_ABOVE_PX = 80;
const COVERED_BELOW_PX = 72;
/** So many rows before the end the next page is asked for. */
const AHEAD_ROWS = 40;
/** The breakpoints `desk` and `tablet`. */
const NARROW = "(width < 73.8125rem)";
const TABLET = "(width < 63.8125rem)";

type SummaryTableProps = {
  /** In their order. */
  summaries: readonly TraceSummary[];
  sort: SummarySort;
  /** Columns the list can be sorted by. */
  sortable: ReadonlySet<SummarySort["by"]>;
  onSort: (sort: SummarySort) => void;
  hidden: readonly ChosenColumn[];
  usual: ReadonlyMap<string, UsualTime> | undefined;
  brush: Brush | undefined;
  /** The trace marked in plot and table alike. */
  activeId: string | undefined;
  onActive: (traceId: string | undefined) => void;
  picked: readonly string[];
  onPick: (traceId: string) => void;
  /** Traces that came while the reader was looking. */
  newIds: ReadonlySet<string>;
  /** Called before the page is left for a trace. */
  onLeave: (traceId: string) => void;
  onNearEnd: () => void;
};

/** The traces found, one line each; only those near the viewport exist. j, k, x and ↵ work from anywhere. */
export function SummaryTable(props: SummaryTableProps) {
  const { summaries, activeId, usual, brush } = props;
  const gridRef = useRef<HTMLDivElement>(null);
  const isPhone = useMedia(PHONE);
  const isNarrow = useMedia(NARROW);
  const isTablet = useMedia(TABLET);
  const room = isPhone || !isNarrow ? "wide" : isTablet ? "tablet" : "narrow";
  const rowPx = isPhone ? PHONE_ROW_PX : ROW_PX;
  const columns = useMemo(() => shownColumns(props.hidden, room), [props.hidden, room]);
  const slots = useMemo(() => pickServiceSlots(summaries, SLOTS), [summaries]);
  const fullBarUs = useMemo(() => toFullBarUs(summaries), [summaries]);
  const { from, to } = useRowWindow(gridRef, rowPx, summaries.length);
  const press = useListPress(props, gridRef, rowPx);
  useListKeys(press, gridRef);
  useKeptPlace(summaries, gridRef, rowPx);
  useNearEnd(to + AHEAD_ROWS >= summaries.length && to > 0, summaries.length, props.onNearEnd);
  const handleKeyDown = (event: KeyboardEvent) => {
    if (!hasModifier(event) && !(event.target instanceof HTMLAnchorElement) && press(event.key)) event.preventDefault();
  };
  return (
    <div className="st" style={{ "--st-template": columnTemplate(columns) } as CSSProperties}>
      {/* biome-ignore lint/a11y/useSemanticElements: rows are placed one by one, which a table cannot do */}
      <div
        aria-activedescendant={activeId === undefined ? undefined : summaryRowId(activeId)}
        aria-label="Traces found"
        role="grid"
        tabIndex={0}
        aria-rowcount={summaries.length + 1}
        className="outline-offset-[-2px]"
        onKeyDown={handleKeyDown}
      >
        <Head columns={columns} onSort={props.onSort} sort={props.sort} sortable={props.sortable} />
        <div className="relative" ref={gridRef} style={{ height: summaries.length * rowPx }} {...GROUP_ROLE}>
          {summaries.slice(from, to).map((summary, at) => (
            <SummaryRow
              columns={columns}
              fullBarUs={fullBarUs}
              index={from + at}
              isActive={summary.traceId === activeId}
              isNew={props.newIds.has(summary.traceId)}
              isPicked={props.picked.includes(summary.traceId)}
              isSelected={brush !== undefined && isInBrush(brush, placeOf(summary))}
              key={summary.traceId}
              onLeave={props.onLeave}
              slots={slots}
              summary={summary}
              topPx={(from + at) * rowPx}
              usual={usual?.get(operationKey(summary.rootService, summary.rootOperation))}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

const placeOf = ({ startUs, durationUs }: TraceSummary) => ({ startMs: startUs / US_PER_MS, durationUs });

/** What a key does to the list; whether it meant anything. */
function useListPress(props: SummaryTableProps, gridRef: { current: HTMLElement | null }, rowPx: number) {
  const router = useRouter();
  const { summaries, activeId } = props;
  const move = (step: number) => {
    const at = summaries.findIndex(({ traceId }) => traceId === activeId);
    const next = Math.min(summaries.length - 1, Math.max(0, at + step));
    props.onActive(summaries[next]?.traceId);
    const topPx = (gridRef.current?.getBoundingClientRect().top ?? 0) + next * rowPx;
    const view = { fromPx: COVERED_ABOVE_PX, toPx: window.innerHeight - COVERED_BELOW_PX };
    window.scrollBy({ top: scrollToRowPx({ topPx, heightPx: rowPx }, view), behavior: "instant" });
  };
  const steps: Record<string, number> = {
    j: 1,
    ArrowDown: 1,
    k: -1,
    ArrowUp: -1,
    Home: -summaries.length,
    End: summaries.length,
  };
  return (key: string): boolean => {
    const step = steps[key];
    if (step !== undefined) move(step);
    else if (activeId === undefined) return false;
    else if (key === "x") props.onPick(activeId);
    else if (key === "Enter") {
      props.onLeave(activeId);
      router.push(routes.trace(activeId));
    } else return false;
    return true;
  };
}

/** Keeps the rows a reader looks at in place when others come before them. */
function useKeptPlace(
  summaries: readonly TraceSummary[],
  gridRef: { current: HTMLElement | null },
  rowPx: number,
): void {
  const last = useRef(summaries);
  useLayoutEffect(() => {
    const before = last.current;
    last.current = summaries;
    const topPx = gridRef.current?.getBoundingClientRect().top ?? 0;
    if (before === summaries || topPx >= COVERED_ABOVE_PX) return;
    const firstSeen = before[Math.floor((COVERED_ABOVE_PX - topPx) / rowPx)];
    if (firstSeen === undefined) return;
    const was = before.indexOf(firstSeen);
    const is = summaries.findIndex(({ traceId }) => traceId === firstSeen.traceId);
    if (is > was) window.scrollBy({ top: (is - was) * rowPx, behavior: "instant" });
  }, [summaries, gridRef, rowPx]);
}

/** Calls once for each length of the list whose end comes near. */
function useNearEnd(isNear: boolean, length: number, onNearEnd: () => void): void {
  const handle = useEffectEvent(onNearEnd);
  // Outside system: the server, which has the next page.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a longer list may be near its end, too
  useEffect(() => {
    if (isNear) handle();
  }, [isNear, length]);
}

/** The duration of a full bar: the longest, but at most four times the 99th percentile: one outlier flattens nobody. */
function toFullBarUs(summaries: readonly TraceSummary[]): number {
  const durations = summaries.map(({ durationUs, startUs }) => ({ durationUs, startMs: startUs }));
  const longestUs = durationQuantileUs(durations, 1) ?? 1;
  return Math.max(1, Math.min(longestUs, 4 * (durationQuantileUs(durations, 0.99) ?? 1)));
}

const hasModifier = (event: { ctrlKey: boolean; metaKey: boolean; altKey: boolean }) =>
  event.ctrlKey || event.metaKey || event.altKey;

/** j, k, x and ↵ wherever nothing else has the focus. */
function useListKeys(press: (key: string) => boolean, gridRef: { current: HTMLElement | null }): void {
  const handleKey = useEffectEvent((event: globalThis.KeyboardEvent) => {
    if (hasModifier(event) || !["j", "k", "x", "Enter"].includes(event.key)) return;
    if (event.target !== document.body && !(event.target instanceof HTMLElement && event.target.id === "main")) return;
    if (press(event.key)) {
      gridRef.current?.parentElement?.focus({ preventScroll: true });
      event.preventDefault();
    }
  });
  // Outside system: the keyboard of the page.
  useEffect(() => {
    const listener = (event: globalThis.KeyboardEvent) => handleKey(event);
    window.addEventListener("keydown", listener);
    return () => window.removeEventListener("keydown", listener);
  }, []);
}

type HeadProps = Pick<SummaryTableProps, "sort" | "onSort" | "sortable"> & { columns: readonly Column[] };

function Head({ columns, sort, onSort, sortable }: HeadProps) {
  return (
    <div
      className="st-columns sticky top-12 z-10 h-7 border-y border-line bg-surface text-xs whitespace-nowrap text-ink-3 max-phone:hidden"
      {...HEAD_ROW}
    >
      {columns.map((column) => (
        <HeadCell column={column} key={column} onSort={onSort} sort={sort} sortable={sortable} />
      ))}
    </div>
  );
}

function HeadCell({ column, sort, onSort, sortable }: Omit<HeadProps, "columns"> & { column: Column }) {
  const { label, isRight, sort: by } = columnLooks(column);
  const side = isRight ? "text-right" : "";
  if (by === undefined || !sortable.has(by)) {
    return (
      <span className={side} {...HEAD_ROLE}>
        {label === "" ? <span className="sr-only">Place</span> : label}
      </span>
    );
  }
  const sorted = sort.by === by ? sort.direction : undefined;
  const Arrow = sorted === "ascending" ? ArrowUp : ArrowDown;
  return (
    <span className={side} {...sortableHead(sorted)}>
      <button
        className={`inline-flex h-6 items-center gap-0.5 hover:text-ink ${sorted === undefined ? "" : "font-semibold text-ink"}`}
        onClick={() => onSort({ by, direction: nextDirection(by, sorted) })}
        type="button"
      >
        {label}
        <Arrow aria-hidden className={sorted === undefined ? "invisible" : ""} size={10} />
      </button>
    </span>
  );
}

function nextDirection(by: SummarySort["by"], sorted: SummarySort["direction"] | undefined): SummarySort["direction"] {
  if (sorted !== undefined) return sorted === "ascending" ? "descending" : "ascending";
  return by === "operation" ? "ascending" : "descending";
}
