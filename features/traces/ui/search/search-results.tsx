"use client";

import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { Suspense, useEffect, useEffectEvent, useState } from "react";
import { Card } from "@/components/ui/card";
import { lazyPart } from "@/components/ui/lazy-part";
import { formatDuration } from "@/lib/format";
import { routes } from "@/lib/routes";
import { printTerm } from "../../domain/query/print-query-line";
import { type Brush, brushTerms, printBrush } from "../../domain/search-view/brush";
import { withTerms } from "../../domain/search-view/line-terms";
import { standoutFilter } from "../../domain/search-view/standout-terms";
import { traceSourceQuery } from "../../queries";
import { ListCard } from "./list-card";
import { PlotCard } from "./plot-card";
import { useBubbleUp } from "./use-bubble-up";
import type { Found } from "./use-found";
import { useNewRows } from "./use-new-rows";
import type { SearchAddress } from "./use-search-view";

const BubbleUpCard = lazyPart(() => import("./bubble-up-card").then((module) => module.BubbleUpCard));

/** A source that answers slower than this is asked for two hundred traces only when the reader says so. */
const SLOW_SOURCE_MS = 250;
const MOST_SPLITTERS = 4;

type SearchResultsProps = {
  found: Found;
  address: SearchAddress;
  /** Terms that tell the selected from the rest, for completion. */
  onSplitters: (terms: readonly string[]) => void;
};

/** What a search found: the plot, what sets a selection apart, the list. */
export function SearchResults({ found, address, onSplitters }: SearchResultsProps) {
  const router = useRouter();
  const { view, change } = address;
  const [activeId, setActiveId] = useState(view.row);
  useRowInAddress(activeId, address);
  const newIds = useNewRows(found.rows, view.isLive, `${view.line} ${view.matches}`);
  const bubbleUp = useAskedBubbleUp({ found, address, onSplitters });
  const leave = (traceId: string) => change({ row: traceId }, "replace");
  const open = (traceId: string) => {
    leave(traceId);
    router.push(routes.trace(traceId));
  };
  const { window, quantiles } = found;
  if (window === undefined) return null;
  const slowest = quantiles && { ...window, lowUs: quantiles.p95Us, highUs: Number.POSITIVE_INFINITY };
  return (
    <div
      className={`grid grid-cols-[minmax(0,1fr)_336px] gap-2.5 max-desk:grid-cols-[minmax(0,1fr)] ${found.isStale ? "opacity-60" : found.isUnheard ? "grayscale" : ""}`}
    >
      <PlotCard
        activeId={activeId}
        brush={view.brush}
        coverage={found.facts?.coverage}
        errorCount={found.totals?.errorCount ?? 0}
        facts={found.facts}
        isSample={found.isSample}
        listed={listedOf(found, view.rank)}
        onBrush={(brush) =>
          change({ brush, ...(brush === undefined ? { isOnlySelection: false } : {}) }, howFor(view.brush))
        }
        onFilter={(brush) =>
          address.setWindow(windowOf(brush), {
            line: withTerms(view.line, brushTerms(brush)),
            brush: undefined,
            isOnlySelection: false,
          })
        }
        onOpen={open}
        onView={(changes) => change(changes, changes.plot === undefined ? "replace" : "push")}
        onZoom={(brush) => address.setWindow(windowOf(brush), { brush: undefined, isOnlySelection: false })}
        points={found.points}
        quantiles={quantiles}
        service={found.meaning.service}
        totalCount={found.totals?.count ?? 0}
        view={view}
        window={window}
      />
      <Suspense fallback={<Card className="h-[310px] max-desk:hidden" />}>
        <BubbleUpCard
          bubbleUp={bubbleUp.asked}
          hasBrush={view.brush !== undefined}
          onAsk={bubbleUp.ask}
          onFilter={({ terms, matches }) =>
            change({ line: withTerms(view.line, terms), ...(matches === undefined ? {} : { matches }) })
          }
          onSlowest={slowest && (() => change({ brush: slowest }))}
        />
      </Suspense>
      <ListCard
        activeId={activeId}
        address={address}
        found={found}
        newIds={newIds}
        onActive={setActiveId}
        onLeave={leave}
      />
    </div>
  );
}

/** Browsers refuse addresses that change too often; a walk through rows is one change. */
const ADDRESS_DELAY_MS = 250;

/** Keeps the marked row in the address, so that a reload and a colleague see it. */
function useRowInAddress(activeId: string | undefined, { view, change }: SearchAddress): void {
  const write = useEffectEvent(() => {
    if (activeId !== view.row) change({ row: activeId }, "replace");
  });
  // Outside system: the address bar.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a row is written once it is marked
  useEffect(() => {
    const timer = setTimeout(() => write(), ADDRESS_DELAY_MS);
    return () => clearTimeout(timer);
  }, [activeId]);
}

/** Moving a selection is one step back, not one for each place it was at. */
const howFor = (brush: Brush | undefined) => (brush === undefined ? "push" : "replace");

const windowOf = ({ fromMs, toMs }: Brush) => ({ fromMs, toMs: Math.max(toMs, fromMs + 1) });

/** The part of the plot a ranking lists. */
function listedOf({ isRanked, ranking }: Found, rank: string) {
  const traces = ranking.query.data?.traces;
  const [first, last] = [traces?.[0], traces?.at(-1)];
  if (!isRanked || rank !== "slowest" || first === undefined || last === undefined) return undefined;
  const text = `${traces?.length} ≥ ${formatDuration(last.durationUs)}`;
  return { lowUs: last.durationUs, highUs: first.durationUs, text };
}

/** Asks by itself where the source is quick, on demand where it is not; hands on what tells slow from fast. */
function useAskedBubbleUp({ found, address, onSplitters }: SearchResultsProps) {
  const { view } = address;
  const [askedFor, setAskedFor] = useState("");
  const source = useQuery(traceSourceQuery());
  const key = view.brush === undefined ? "" : printBrush(view.brush);
  const isQuick = (source.data?.latencyMs ?? SLOW_SOURCE_MS) < SLOW_SOURCE_MS;
  const asked = useBubbleUp({
    line: view.line,
    window: found.window,
    brush: view.brush,
    isWanted: key !== "" && (isQuick || askedFor === key),
  });
  const splitters = view.brush === undefined ? undefined : asked.query.data?.standouts;
  const hand = useEffectEvent(() => {
    const terms = (splitters ?? []).flatMap((one) => standoutFilter(one)?.terms[0] ?? []);
    onSplitters([...new Set(terms.map(printTerm))].slice(0, MOST_SPLITTERS));
  });
  // Outside system: the query line above, which completes with them.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new answer is what there is to hand on
  useEffect(() => hand(), [splitters]);
  return { asked, ask: () => setAskedFor(key) };
}
