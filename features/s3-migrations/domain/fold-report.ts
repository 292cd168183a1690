import { type Counters, count, emptyCounters } from "./counters";
import { REPORT_RANKS, type ReportState } from "./reported";

/** One item as a job says it. */
export type ReportItem = {
  key: string;
  state: ReportState;
  /** Absent: as it was said before, or 0. */
  sizeBytes: number | undefined;
};
export type KnownItem = { state: ReportState; sizeBytes: number };
export type Regression = { index: number; from: ReportState; to: ReportState };

export type Fold<T extends ReportItem> = {
  /** Of each key named, how it ends, with the last thing said of it. */
  ends: Map<string, { item: T; state: ReportState; sizeBytes: number }>;
  /** Keys nobody had named before. */
  added: string[];
  /** What changes in the sums: items as they were taken away, items as they are added. */
  delta: Counters;
  /** Items that would go back; with any of these nothing may be applied. */
  regressions: Regression[];
};

/** Applies a batch to what is known, in order. Sums come from items that move, never from totals a client sends. */
export function foldReport<T extends ReportItem>(
  known: ReadonlyMap<string, KnownItem>,
  items: readonly T[],
  mayGoBack: boolean,
): Fold<T> {
  const fold: Fold<T> = { ends: new Map(), added: [], delta: emptyCounters(), regressions: [] };
  items.forEach((item, index) => {
    const { key, state } = item;
    const before: KnownItem | undefined = fold.ends.get(key) ?? known.get(key);
    if (before !== undefined && REPORT_RANKS[state] < REPORT_RANKS[before.state] && !mayGoBack) {
      fold.regressions.push({ index, from: before.state, to: state });
      return;
    }
    const sizeBytes = item.sizeBytes ?? before?.sizeBytes ?? 0;
    if (before === undefined) fold.added.push(key);
    else count(fold.delta, { ...before, tier: "reported" }, -1);
    count(fold.delta, { state, sizeBytes, tier: "reported" }, 1);
    fold.ends.set(key, { item, state, sizeBytes });
  });
  return fold;
}
