/** The pictures of one trace, in the order of their tabs. */
export const VIEW_NAMES = ["waterfall", "flame", "operations", "spans", "raw"] as const;
export type ViewName = (typeof VIEW_NAMES)[number];

export const OPERATION_COLUMNS = ["operation", "count", "path", "self", "total", "p50", "max", "errors"] as const;
export type OperationColumn = (typeof OPERATION_COLUMNS)[number];
export const SPAN_COLUMNS = ["name", "service", "start", "duration", "self", "status"] as const;
export type SpanColumn = (typeof SPAN_COLUMNS)[number];

export type SortDirection = "ascending" | "descending";
export type Sort<C extends string> = { by: C; direction: SortDirection };
/** How each table is sorted. */
export type Sorts = { operations: Sort<OperationColumn>; spans: Sort<SpanColumn> };

/** What one looks for first: what decided the end of the trace, and the longest. */
export const FIRST_SORTS: Sorts = {
  operations: { by: "path", direction: "descending" },
  spans: { by: "duration", direction: "descending" },
};

/** Texts and starts are read upwards, amounts from the largest. */
const UPWARDS: ReadonlySet<string> = new Set(["operation", "name", "service", "start"]);

/** The sort after a press on a column: the other way round where it was by it already. */
export function pressedSort<C extends string>(sort: Sort<C>, by: C): Sort<C> {
  if (sort.by === by) return { by, direction: sort.direction === "ascending" ? "descending" : "ascending" };
  return { by, direction: UPWARDS.has(by) ? "ascending" : "descending" };
}

/** "self-" (largest first) or "name" (smallest first), for an address. */
export function toSortText({ by, direction }: Sort<string>): string {
  return direction === "descending" ? `${by}-` : by;
}

/** Reads {@link toSortText}; undefined for a column the table does not have. */
export function parseSortText<C extends string>(text: string, columns: readonly C[]): Sort<C> | undefined {
  const by = columns.find((column) => column === text.replace(/-$/, ""));
  return by === undefined ? undefined : { by, direction: text.endsWith("-") ? "descending" : "ascending" };
}
