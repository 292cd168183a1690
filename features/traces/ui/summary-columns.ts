import { CHOSEN_COLUMNS, type ChosenColumn } from "../domain/search-view/search-address";
import type { SummarySort } from "../domain/summary-order";

export type Column = ChosenColumn | "mark" | "operation" | "duration";

type ColumnLooks = { label: string; width: string; isRight?: boolean; sort?: SummarySort["by"] };

/** Every column in its place. */
const COLUMNS: Record<Column, ColumnLooks> = {
  mark: { label: "", width: "34px" },
  operation: { label: "Root operation", width: "minmax(140px, 1.6fr)", sort: "operation" },
  cause: { label: "First cause and its share", width: "minmax(110px, 1fr)" },
  services: { label: "Spans per service", width: "252px" },
  spans: { label: "Spans", width: "50px", isRight: true, sort: "spans" },
  errors: { label: "Errors", width: "50px", isRight: true, sort: "errors" },
  duration: { label: "Duration", width: "72px", isRight: true, sort: "duration" },
  bar: { label: "▾ its own p95", width: "minmax(80px, 0.5fr)" },
  usual: { label: "× usual", width: "66px", isRight: true, sort: "usual" },
  started: { label: "Started", width: "86px", isRight: true, sort: "started" },
};
const ORDER = Object.keys(COLUMNS) as Column[];

export const columnLooks = (column: Column): ColumnLooks => COLUMNS[column];

/** What there is room for: everything, all but the widest, or what a tablet takes. */
export type ColumnRoom = "wide" | "narrow" | "tablet";
const NO_ROOM: Record<ColumnRoom, readonly Column[]> = {
  wide: [],
  narrow: ["services"],
  tablet: ["services", "bar", "usual"],
};

/** Columns to show: those not left out, as far as there is room. */
export function shownColumns(hidden: readonly ChosenColumn[], room: ColumnRoom): Column[] {
  return ORDER.filter((column) => !hidden.some((name) => name === column) && !NO_ROOM[room].includes(column));
}

/** The columns as a grid template. */
export function columnTemplate(columns: readonly Column[]): string {
  return columns.map((column) => COLUMNS[column].width).join(" ");
}

export const COLUMN_CHOICES = CHOSEN_COLUMNS.map((column) => ({
  column,
  label: COLUMNS[column].label.replace("▾ its", "Bar with its"),
}));
