/** What the order needs of a summary. */
type Sortable = {
  traceId: string;
  rootService: string;
  rootOperation: string;
  startUs: number;
  durationUs: number;
  spanCount: number;
  errorSpanCount: number;
};

export const SUMMARY_SORTS = ["operation", "spans", "errors", "duration", "usual", "started"] as const;
export type SummarySort = { by: (typeof SUMMARY_SORTS)[number]; direction: "ascending" | "descending" };
export const DEFAULT_SUMMARY_SORT: SummarySort = { by: "started", direction: "descending" };

/** `duration`, `-duration`: the sort as it stands in the URL; anything else is the default. */
export function parseSummarySort(text: string | null): SummarySort {
  const by = SUMMARY_SORTS.find((sort) => text === sort || text === `-${sort}`);
  if (by === undefined) return DEFAULT_SUMMARY_SORT;
  return { by, direction: text?.startsWith("-") ? "descending" : "ascending" };
}

/** The text {@link parseSummarySort} reads back. */
export function toSummarySortText({ by, direction }: SummarySort): string {
  return direction === "descending" ? `-${by}` : by;
}

/** A sorted copy. Equal rows fall to the newer, then to the trace id, so that nothing jumps when data is fetched again. */
export function sortSummaries<T extends Sortable>(summaries: readonly T[], { by, direction }: SummarySort): T[] {
  const sign = direction === "descending" ? -1 : 1;
  return [...summaries].sort(
    (a, b) => sign * compareBy(a, b, by) || b.startUs - a.startUs || a.traceId.localeCompare(b.traceId),
  );
}

function compareBy(a: Sortable, b: Sortable, by: SummarySort["by"]): number {
  switch (by) {
    case "operation":
      return a.rootOperation.localeCompare(b.rootOperation) || a.rootService.localeCompare(b.rootService);
    case "spans":
      return a.spanCount - b.spanCount;
    case "errors":
      return a.errorSpanCount - b.errorSpanCount;
    case "duration":
      return a.durationUs - b.durationUs;
    case "usual":
      // Only the fact table knows what is usual; it sends its pages in order.
      return 0;
    case "started":
      return a.startUs - b.startUs;
  }
}
