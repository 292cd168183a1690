"use client";

import { ArrowDown, ArrowUp } from "lucide-react";
import { type KeyboardEvent, type MouseEvent, type ReactNode, type RefObject, useEffect, useRef } from "react";
import { PHONE, useMedia } from "@/components/hooks/use-media";
import { scrollToRowPx, useRowWindow } from "@/components/hooks/use-row-window";
import { Select } from "@/components/ui/select";
import type { Sort } from "../../domain/views/trace-views";
import { GROUP_ROLE, gridRow, HEAD_ROLE, HEAD_ROW, sortableHead } from "../grid-roles";
import { usePageKeys } from "../use-view-keys";
import "./trace-views.css";

/** The top bar and the column names stand over the rows, on a phone the bar of pages below. */
const COVERED_ABOVE_PX = 84;
const COVERED_BELOW_PX = 72;
const PAGE_ROWS = 20;

/** A column; one without `sort` has a name only. `className` places and hides it. */
export type GridColumn<C extends string> = {
  label: string;
  sort?: C;
  isRight?: boolean;
  /** The name is for those who do not see the column. */
  isHidden?: boolean;
  className: string;
};

type VirtualGridProps<C extends string> = {
  label: string;
  /** Class that sets the columns of head and rows. */
  className: string;
  columns: readonly GridColumn<C>[];
  sort: Sort<C>;
  onSort: (by: C) => void;
  count: number;
  rowPx: number;
  phoneRowPx: number;
  /** Index of the active row, -1 for none; it is brought into view when it or `activeKey` changes. */
  active: number;
  activeKey: unknown;
  onActive: (index: number) => void;
  /** What a press on a row or Enter does; `part` is the `data-part` of what was pressed inside it. */
  onOpen: (index: number, part: string | undefined) => void;
  /** Further keys of the active row; true means used. */
  onKey?: (key: string, index: number) => boolean;
  isLit?: (index: number) => boolean;
  rowTitle: string;
  gridRef: RefObject<HTMLDivElement | null>;
  renderRow: (index: number) => ReactNode;
};

/** A sorted table of any length: rows near the viewport exist, the page scrolls, one element has the focus. */
export function VirtualGrid<C extends string>(props: VirtualGridProps<C>) {
  const { count, active, gridRef } = props;
  const rowsRef = useRef<HTMLDivElement>(null);
  const isPhone = useMedia(PHONE);
  const rowPx = isPhone ? props.phoneRowPx : props.rowPx;
  const { from, to } = useRowWindow(rowsRef, rowPx, count);
  useScrollToActive(rowsRef, { active, activeKey: props.activeKey, rowPx });
  const press = useGridPress(props);
  const handleClick = (event: MouseEvent) => {
    const target = event.target instanceof Element ? event.target : undefined;
    const index = target?.closest("[data-row]")?.getAttribute("data-row");
    if (index === undefined || index === null) return;
    gridRef.current?.focus({ preventScroll: true });
    props.onOpen(Number(index), target?.closest("[data-part]")?.getAttribute("data-part") ?? undefined);
  };
  return (
    <>
      {isPhone && <SortChoice columns={props.columns} onSort={props.onSort} sort={props.sort} />}
      {/* biome-ignore lint/a11y/useSemanticElements: rows are placed one by one, which a table cannot do */}
      <div
        aria-activedescendant={active >= from && active < to ? gridRowId(active) : undefined}
        aria-label={props.label}
        aria-rowcount={count + 1}
        className={`outline-offset-[-2px] ${props.className}`}
        onClick={handleClick}
        onKeyDown={(event) => {
          if (press(event)) event.preventDefault();
        }}
        ref={gridRef}
        role="grid"
        tabIndex={0}
      >
        <Head columns={props.columns} onSort={props.onSort} sort={props.sort} />
        <div className="relative" ref={rowsRef} style={{ height: count * rowPx }} {...GROUP_ROLE}>
          {Array.from({ length: Math.max(0, to - from) }, (_, at) => from + at).map((index) => (
            <div
              className={`tv-row absolute inset-x-0 top-0 cursor-pointer border-b border-grid ${toneOf(index === active, props.isLit?.(index))}`}
              data-row={index}
              id={gridRowId(index)}
              key={index}
              style={{ transform: `translateY(${index * rowPx}px)` }}
              title={props.rowTitle}
              {...gridRow({ index, isSelected: index === active })}
            >
              {index === active && <span aria-hidden className="absolute inset-y-0 left-0 w-[3px] bg-accent" />}
              {props.renderRow(index)}
            </div>
          ))}
        </div>
      </div>
    </>
  );
}

const gridRowId = (index: number): string => `tv-row-${index}`;

function toneOf(isActive: boolean, isLit = false): string {
  return isActive ? "bg-accent-soft" : isLit ? "tv-lit" : "hover:bg-sunken";
}

const hasModifier = (event: { ctrlKey: boolean; metaKey: boolean; altKey: boolean }) =>
  event.ctrlKey || event.metaKey || event.altKey;

/** Keys of the grid; j and k work from anywhere on the page. */
function useGridPress<C extends string>(props: VirtualGridProps<C>) {
  const { count, active, onActive, onOpen, onKey, gridRef } = props;
  const steps: Record<string, number> = {
    j: 1,
    ArrowDown: 1,
    k: -1,
    ArrowUp: -1,
    PageDown: PAGE_ROWS,
    PageUp: -PAGE_ROWS,
    Home: -count,
    End: count,
  };
  const move = (step: number) => {
    if (count > 0) onActive(Math.min(count - 1, Math.max(0, active + step)));
    return count > 0;
  };
  usePageKeys(({ key }) => {
    const step = key === "j" || key === "k" ? steps[key] : undefined;
    const isUsed = step === undefined ? active !== -1 && onKey?.(key, active) === true : move(step);
    if (isUsed && step !== undefined) gridRef.current?.focus({ preventScroll: true });
    return isUsed;
  });
  return (event: KeyboardEvent): boolean => {
    // A column name in the head is a button, which has its own Enter.
    if (hasModifier(event) || event.target !== event.currentTarget) return false;
    const step = steps[event.key];
    // j and k are the page's.
    if (step !== undefined) return event.key.length > 1 && move(step);
    if (event.key !== "Enter" || active === -1) return false;
    onOpen(active, undefined);
    return true;
  };
}

type Active = { active: number; activeKey: unknown; rowPx: number };

/** Brings the active row into view when another becomes it, and only then. */
function useScrollToActive(rowsRef: RefObject<HTMLElement | null>, { active, activeKey, rowPx }: Active): void {
  const shown = useRef<unknown>(undefined);
  // Outside system: the page's scroll position.
  useEffect(() => {
    if (active === -1 || rowsRef.current === null || shown.current === activeKey) return;
    shown.current = activeKey;
    const topPx = rowsRef.current.getBoundingClientRect().top + active * rowPx;
    const view = { fromPx: COVERED_ABOVE_PX, toPx: window.innerHeight - COVERED_BELOW_PX };
    window.scrollBy({ top: scrollToRowPx({ topPx, heightPx: rowPx }, view), behavior: "instant" });
  }, [rowsRef, active, activeKey, rowPx]);
}

type HeadProps<C extends string> = Pick<VirtualGridProps<C>, "columns" | "sort" | "onSort">;

function Head<C extends string>({ columns, sort, onSort }: HeadProps<C>) {
  return (
    <div
      className="tv-head sticky top-12 z-10 border-b border-line-strong bg-surface text-xs whitespace-nowrap text-ink-3"
      {...HEAD_ROW}
    >
      {columns.map((column) => (
        <HeadCell column={column} key={column.className} onSort={onSort} sort={sort} />
      ))}
    </div>
  );
}

function HeadCell<C extends string>({
  column,
  sort,
  onSort,
}: Omit<HeadProps<C>, "columns"> & { column: GridColumn<C> }) {
  const { label, sort: by, isRight = false, isHidden = false, className } = column;
  if (by === undefined) {
    return (
      <span className={className} {...HEAD_ROLE}>
        <span className={isHidden ? "sr-only" : ""}>{label}</span>
      </span>
    );
  }
  const sorted = sort.by === by ? sort.direction : undefined;
  const Arrow = sorted === "ascending" ? ArrowUp : ArrowDown;
  return (
    <span className={`${className} ${isRight ? "text-right" : ""}`} {...sortableHead(sorted)}>
      <button
        className={`group inline-flex h-6 items-center gap-0.5 hover:text-ink ${isRight ? "flex-row-reverse" : ""} ${sorted === undefined ? "" : "font-semibold text-ink"}`}
        onClick={() => onSort(by)}
        type="button"
      >
        {label}
        <Arrow aria-hidden className={sorted === undefined ? "opacity-0 group-hover:opacity-60" : ""} size={10} />
      </button>
    </span>
  );
}

/** A phone has no column names to press. */
function SortChoice<C extends string>({ columns, sort, onSort }: HeadProps<C>) {
  const choices = columns.flatMap(({ label, sort: by }) => (by === undefined ? [] : [{ by, label }]));
  const Arrow = sort.direction === "ascending" ? ArrowUp : ArrowDown;
  return (
    <div className="flex items-center gap-2 border-b border-line px-2.5 py-1.5 text-sm text-ink-3">
      <label className="flex flex-1 items-center gap-2" htmlFor="tv-sort">
        Sorted by
        <Select
          id="tv-sort"
          onChange={(event) => {
            const chosen = choices.find(({ by }) => by === event.target.value);
            if (chosen !== undefined && chosen.by !== sort.by) onSort(chosen.by);
          }}
          value={sort.by}
        >
          {choices.map(({ by, label }) => (
            <option key={by} value={by}>
              {label}
            </option>
          ))}
        </Select>
      </label>
      <button
        aria-label={sort.direction === "ascending" ? "Smallest first; turn around" : "Largest first; turn around"}
        className="grid size-11 place-items-center rounded-md border border-line-strong text-ink-2"
        onClick={() => onSort(sort.by)}
        type="button"
      >
        <Arrow aria-hidden size={16} />
      </button>
    </div>
  );
}
