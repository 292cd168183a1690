"use client";

import { ArrowDown, ArrowUp } from "lucide-react";
import { useRouter } from "next/navigation";
import { type KeyboardEvent, type ReactNode, useEffect, useEffectEvent, useMemo, useRef } from "react";
import { routes } from "@/lib/routes";
import type { TraceSummary } from "../contract";
import { durationQuantileUs } from "../domain/scatter-scale";
import { pickServiceSlots } from "../domain/service-slots";
import { type SummarySort, sortSummaries } from "../domain/summary-order";
import { GROUP_ROLE, HEAD_ROLE, HEAD_ROW, sortableHead } from "./grid-roles";
import { SummaryRow, summaryRowId } from "./summary-row";
import { PHONE, useMedia } from "./use-media";
import { scrollToRowPx, useRowWindow } from "./use-row-window";
import "./summary-table.css";

const ROW_PX = 26;
const PHONE_ROW_PX = 84;
const SLOTS = 6;
/** The top bar and the column names stand over the rows, on a phone the bar of pages below. */
const COVERED_ABOVE_PX = 80;
const COVERED_BELOW_PX = 72;

type SummaryTableProps = {
  summaries: readonly TraceSummary[];
  sort: SummarySort;
  onSort: (sort: SummarySort) => void;
  /** The trace marked in plot and table alike. */
  activeId: string | undefined;
  onActive: (traceId: string | undefined) => void;
};

/** The traces found, sortable, one line each; only those near the viewport exist. j, k and ↵ work from anywhere. */
export function SummaryTable({ summaries, sort, onSort, activeId, onActive }: SummaryTableProps) {
  const router = useRouter();
  const gridRef = useRef<HTMLDivElement>(null);
  const rowPx = useMedia(PHONE) ? PHONE_ROW_PX : ROW_PX;
  const sorted = useMemo(() => sortSummaries(summaries, sort), [summaries, sort]);
  const slots = useMemo(() => pickServiceSlots(summaries, SLOTS), [summaries]);
  const fullBarUs = useMemo(() => toFullBarUs(summaries), [summaries]);
  const { from, to } = useRowWindow(gridRef, rowPx, sorted.length);
  const move = (step: number) => {
    const at = sorted.findIndex(({ traceId }) => traceId === activeId);
    const next = Math.min(sorted.length - 1, Math.max(0, at + step));
    onActive(sorted[next]?.traceId);
    const topPx = (gridRef.current?.getBoundingClientRect().top ?? 0) + next * rowPx;
    const view = { fromPx: COVERED_ABOVE_PX, toPx: window.innerHeight - COVERED_BELOW_PX };
    window.scrollBy({ top: scrollToRowPx({ topPx, heightPx: rowPx }, view), behavior: "instant" });
  };
  const press = (key: string): boolean => {
    if (key === "j" || key === "ArrowDown") move(1);
    else if (key === "k" || key === "ArrowUp") move(-1);
    else if (key === "Home") move(-sorted.length);
    else if (key === "End") move(sorted.length);
    else if (key === "Enter" && activeId !== undefined) router.push(routes.trace(activeId));
    else return false;
    return true;
  };
  useListKeys(press, gridRef);
  const handleKeyDown = (event: KeyboardEvent) => {
    if (!hasModifier(event) && !(event.target instanceof HTMLAnchorElement) && press(event.key)) event.preventDefault();
  };
  return (
    <div className="st">
      {/* biome-ignore lint/a11y/useSemanticElements: rows are placed one by one, which a table cannot do */}
      <div
        aria-activedescendant={activeId === undefined ? undefined : summaryRowId(activeId)}
        aria-label="Traces found"
        role="grid"
        tabIndex={0}
        aria-rowcount={sorted.length + 1}
        className="outline-offset-[-2px]"
        onKeyDown={handleKeyDown}
      >
        <SortableHead onSort={onSort} sort={sort} />
        <div className="relative" ref={gridRef} style={{ height: sorted.length * rowPx }} {...GROUP_ROLE}>
          {sorted.slice(from, to).map((summary, at) => (
            <SummaryRow
              fullBarUs={fullBarUs}
              index={from + at}
              isActive={summary.traceId === activeId}
              key={summary.traceId}
              slots={slots}
              summary={summary}
              topPx={(from + at) * rowPx}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

/** The duration of a full bar: the longest, but at most four times the 99th percentile: one outlier flattens nobody. */
function toFullBarUs(summaries: readonly TraceSummary[]): number {
  const durations = summaries.map(({ durationUs, startUs }) => ({ durationUs, startMs: startUs }));
  const longestUs = durationQuantileUs(durations, 1) ?? 1;
  return Math.max(1, Math.min(longestUs, 4 * (durationQuantileUs(durations, 0.99) ?? 1)));
}

const hasModifier = (event: { ctrlKey: boolean; metaKey: boolean; altKey: boolean }) =>
  event.ctrlKey || event.metaKey || event.altKey;

/** j, k and ↵ wherever nothing else has the focus. */
function useListKeys(press: (key: string) => boolean, gridRef: { current: HTMLElement | null }): void {
  const handleKey = useEffectEvent((event: globalThis.KeyboardEvent) => {
    if (hasModifier(event) || !["j", "k", "Enter"].includes(event.key)) return;
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

const COLUMNS: { by: SummarySort["by"]; label: string; isRight?: boolean; first: SummarySort["direction"] }[] = [
  { by: "operation", label: "Root operation", first: "ascending" },
  { by: "spans", label: "Spans", isRight: true, first: "descending" },
  { by: "errors", label: "Errors", isRight: true, first: "descending" },
  { by: "duration", label: "Duration", isRight: true, first: "descending" },
  { by: "started", label: "Started", isRight: true, first: "descending" },
];

function SortableHead({ sort, onSort }: Pick<SummaryTableProps, "sort" | "onSort">) {
  const cells = COLUMNS.map((column): ReactNode => {
    const isSorted = sort.by === column.by;
    const flipped = sort.direction === "ascending" ? "descending" : "ascending";
    const Arrow = isSorted && sort.direction === "ascending" ? ArrowUp : ArrowDown;
    return (
      <span
        className={column.isRight ? "text-right" : ""}
        key={column.by}
        {...sortableHead(isSorted ? sort.direction : undefined)}
      >
        <button
          className={`inline-flex h-6 items-center gap-0.5 hover:text-ink ${isSorted ? "font-semibold text-ink" : ""}`}
          onClick={() => onSort({ by: column.by, direction: isSorted ? flipped : column.first })}
          type="button"
        >
          {column.label}
          <Arrow aria-hidden className={isSorted ? "" : "invisible"} size={10} />
        </button>
      </span>
    );
  });
  return (
    <div
      className="st-columns sticky top-12 z-10 h-7 border-y border-line bg-surface text-xs whitespace-nowrap text-ink-3 max-phone:hidden"
      {...HEAD_ROW}
    >
      {cells[0]}
      <span {...HEAD_ROLE}>Spans per service</span>
      {cells.slice(1, 4)}
      <span {...HEAD_ROLE}>
        <span className="sr-only">Duration as a bar</span>
      </span>
      {cells[4]}
    </div>
  );
}
