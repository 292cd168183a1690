"use client";

import { useDeferredValue, useMemo } from "react";
import { findHero } from "../domain/waterfall/find-hero";
import type { FoldContext } from "../domain/waterfall/fold-context";
import { locateSpan, locateSpans, rowAt } from "../domain/waterfall/locate-row";
import { compileQuery, markMatches } from "../domain/waterfall/match-spans";
import { type PathLine, placePath } from "../domain/waterfall/path-line";
import { parseTraceQuery } from "../domain/waterfall/trace-query";
import type { UsualOfTrace } from "../domain/waterfall/usual-rows";
import { layoutRows, ROW_KINDS, type WaterfallLayout } from "../domain/waterfall/waterfall-layout";
import { keepWithAncestors } from "../domain/waterfall-rows";
import type { Selection, TraceViewState } from "./trace-view-state";
import { useAttributeMatches } from "./use-attribute-matches";

const MISSING = ROW_KINDS.indexOf("missing");
const NO_MISSING: UsualOfTrace["missing"] = [];

/** Everything the rows are drawn from. */
export type WaterfallView = FoldContext & {
  layout: WaterfallLayout;
  line: PathLine | undefined;
  usual: UsualOfTrace | undefined;
  /** Group told in a taller row, or -1. */
  hero: number;
  matches: { marks: Uint8Array; count: number };
  isFound: (span: number) => boolean;
  /** 1 for spans that services and query leave, with what leads to them; undefined while all are shown. */
  kept: Uint8Array | undefined;
};

/** Rows, path and matches of a trace under what the reader chose; each part is made again only when its inputs change. */
export function useWaterfall(
  context: FoldContext,
  state: TraceViewState,
  usual: UsualOfTrace | undefined,
  { traceId, version }: { traceId: string; version: string },
) {
  const { trace, plan } = context;
  // Typing must not wait for 200,000 spans to be compared.
  const find = useDeferredValue(state.find);
  const query = useMemo(() => parseTraceQuery(find), [find]);
  const attributes = useAttributeMatches({ traceId, version, spanCount: trace.spanCount }, query);
  const { marksOf } = attributes;
  const matches = useMemo(() => {
    const isMatch = compileQuery(query, { trace, selfUs: plan.selfUs, pathUs: plan.path.ownUs, marksOf });
    return markMatches(trace.spanCount, isMatch);
  }, [query, trace, plan, marksOf]);
  const shownUsual = state.switches.has("usual") ? usual : undefined;
  const { hiddenServices } = state;
  const isFiltering = state.isFiltering && query.terms.length > 0;
  const kept = useMemo(() => {
    if (hiddenServices.size === 0 && !isFiltering) return undefined;
    const isShown = (span: number) => !hiddenServices.has(trace.serviceIndex[span] ?? -1);
    return keepWithAncestors(trace, (span) => isShown(span) && (!isFiltering || matches.marks[span] === 1));
  }, [trace, hiddenServices, isFiltering, matches]);
  const { folds, openGroups, openShorts } = state;
  const layout = useMemo(
    () => layoutRows({ ...context, folds, openGroups, openShorts, kept, missing: shownUsual?.missing ?? NO_MISSING }),
    [context, folds, openGroups, openShorts, kept, shownUsual],
  );
  const hasPath = state.switches.has("path");
  const line = useMemo(
    () => (hasPath ? placePath(plan, layout, locateSpans({ ...context, layout })) : undefined),
    [hasPath, plan, layout, context],
  );
  const hero = useMemo(() => findHero(context), [context]);
  const view = useMemo<WaterfallView>(
    () => ({
      ...context,
      layout,
      line,
      usual: shownUsual,
      hero,
      matches,
      isFound: (span) => matches.marks[span] === 1,
      kept,
    }),
    [context, layout, line, shownUsual, hero, matches, kept],
  );
  return { view, query, attributes };
}

/** The row of what is selected, or -1. */
export function activeIndex({ layout, ...context }: WaterfallView, selected: Selection | undefined): number {
  if (selected === undefined) return -1;
  const own = indexOfRow(layout, selected);
  return own === -1 ? locateSpan({ ...context, layout }, selected.span) : own;
}

function indexOfRow(layout: WaterfallLayout, { kind, ref }: Selection): number {
  switch (kind) {
    case "group":
      return layout.indexOfGroup[ref] ?? -1;
    case "short":
      return layout.indexOfShort[ref] ?? -1;
    case "gap":
      return layout.indexOfGap[ref] ?? -1;
    case "missing":
      return layout.kind.findIndex((is, at) => is === MISSING && layout.ref[at] === ref);
    default:
      return -1;
  }
}

/** The selection that a row of the layout is. A fold is looked at by its slowest call. */
export function selectionAt({ layout, plan, shorts, usual }: WaterfallView, index: number): Selection | undefined {
  const row = rowAt(layout, index);
  if (row === undefined) return undefined;
  const { kind, ref } = row;
  switch (kind) {
    case "span":
      return { kind, ref, span: ref };
    case "group":
      return { kind, ref, span: plan.groups.slowest[ref] ?? 0 };
    case "short":
      return { kind, ref, span: shorts.rows[shorts.start[ref] ?? 0] ?? 0 };
    case "gap":
      return { kind, ref, span: plan.gaps.parent[ref] ?? 0 };
    default:
      return { kind, ref, span: usual?.missing[ref]?.parent ?? 0 };
  }
}
