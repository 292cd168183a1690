import type { RefObject } from "react";
import type { TraceSkeleton } from "../../domain/trace-skeleton";
import type { Trace } from "../../queries";
import type { Outline, TraceViewAction, TraceViewState } from "../trace-view-state";
import type { WaterfallView } from "../use-waterfall";

/** What every view of a trace gets. */
export type ViewProps = {
  trace: Trace;
  view: WaterfallView;
  state: TraceViewState;
  dispatch: (action: TraceViewAction) => void;
  outline: Outline | undefined;
  /** What takes the keys: the view's grid, tree or text. */
  gridRef: RefObject<HTMLDivElement | null>;
  hasDrawer: boolean;
  /** Whether the query has words that hold. */
  hasQuery: boolean;
};

type Listing = {
  trace: TraceSkeleton;
  matches: WaterfallView["matches"];
  hiddenServices: ReadonlySet<number>;
  hasQuery: boolean;
};

/** Whether services and, in tables, the query leave a span. */
export function isListed({ trace, matches, hiddenServices, hasQuery }: Listing): (span: number) => boolean {
  const { serviceIndex } = trace;
  const { marks } = matches;
  return (span) =>
    (!hasQuery || marks[span] === 1) && (hiddenServices.size === 0 || !hiddenServices.has(serviceIndex[span] ?? -1));
}
