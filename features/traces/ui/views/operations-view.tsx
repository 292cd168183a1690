"use client";

import { type CSSProperties, useMemo, useState } from "react";
import { Kbd } from "@/components/ui/kbd";
import { QuantityText } from "@/components/ui/quantity";
import { ServiceMark } from "@/components/ui/service-mark";
import { serviceStyle } from "@/components/ui/service-style";
import { durationQuantity, formatCount, formatDuration, formatShare } from "@/lib/format";
import { colouredAs, nameOf, serviceOf } from "../../domain/span-text";
import { SPAN_KINDS, type TraceSkeleton } from "../../domain/trace-skeleton";
import { toOperationQuery } from "../../domain/views/operation-query";
import { computeOperations, type OperationTotal, sortOperations, stepKey } from "../../domain/views/operation-totals";
import { type OperationColumn, VIEW_NAMES } from "../../domain/views/trace-views";
import { CELL_ROLE } from "../grid-roles";
import { ListedCard } from "./listed-card";
import { isListed, type ViewProps } from "./view-props";
import { type GridColumn, VirtualGrid } from "./virtual-grid";

const COLUMNS: readonly GridColumn<OperationColumn>[] = [
  { label: "Operation", sort: "operation", className: "tv-name" },
  { label: "Count", sort: "count", isRight: true, className: "tv-count" },
  { label: "On the path", sort: "path", isRight: true, className: "tv-path" },
  { label: "Share of the path, drawn", isHidden: true, className: "tv-bar" },
  { label: "Own work", sort: "self", isRight: true, className: "tv-self" },
  { label: "Total", sort: "total", isRight: true, className: "tv-total" },
  { label: "p50", sort: "p50", isRight: true, className: "tv-p50" },
  { label: "Longest", sort: "max", isRight: true, className: "tv-max" },
  { label: "Errors", sort: "errors", isRight: true, className: "tv-errors" },
];
const LONGEST = "longest";

/** The operations of the trace: how often, how long, and how much of the wait each is. One leads to its spans. */
export function OperationsView(props: ViewProps) {
  const { view, state, dispatch, hasQuery } = props;
  const { trace, plan, matches } = view;
  const { hiddenServices } = state;
  const totals = useMemo(
    () => computeOperations({ trace, plan }, isListed({ trace, matches, hiddenServices, hasQuery })),
    [trace, plan, matches, hiddenServices, hasQuery],
  );
  const sort = state.sorts.operations;
  const rows = useMemo(() => sortOperations(totals, sort, trace), [totals, sort, trace]);
  const wholeUs = useMemo(() => plan.path.ownUs.reduce((sum, ownUs) => sum + ownUs, 0), [plan]);
  const longestPathUs = rows.reduce((most, { pathUs }) => Math.max(most, pathUs), 0);
  const { active, setActive, activeKey } = useActiveOperation(rows, props);
  const showSpans = (total: OperationTotal) => dispatch({ type: "filterTo", text: toOperationQuery(trace, total) });
  const openLongest = (total: OperationTotal) => dispatch({ type: "select", span: total.longest, isOpening: true });
  return (
    <ListedCard
      count={rows.length}
      dispatch={dispatch}
      footer={<Footer />}
      label="Operations"
      meta={metaText(totals)}
      state={state}
      trace={trace}
    >
      <VirtualGrid
        active={active}
        activeKey={activeKey}
        className="tv-operations"
        columns={COLUMNS}
        count={rows.length}
        gridRef={props.gridRef}
        label="Operations"
        onActive={setActive}
        onKey={(key, index) => {
          const total = rows[index];
          if (key !== "o" || total === undefined) return false;
          openLongest(total);
          return true;
        }}
        onOpen={(index, part) => {
          const total = rows[index];
          if (total !== undefined) (part === LONGEST ? openLongest : showSpans)(total);
        }}
        onSort={(by) => dispatch({ type: "sort", table: "operations", by })}
        phoneRowPx={64}
        renderRow={(index) => {
          const total = rows[index];
          return (
            total && <OperationCells longestPathUs={longestPathUs} total={total} trace={trace} wholeUs={wholeUs} />
          );
        }}
        rowPx={28}
        rowTitle="Show these spans in the waterfall"
        sort={sort}
      />
    </ListedCard>
  );
}

/** The row last walked to; after another span was selected, that span's. */
function useActiveOperation(rows: readonly OperationTotal[], { view, state }: ViewProps) {
  const { trace } = view;
  const { selected } = state;
  const [walked, setWalked] = useState<{ key: number; from: unknown } | undefined>(undefined);
  const selectedKey = selected === undefined ? undefined : stepKey(trace, selected.span);
  const key = walked !== undefined && walked.from === selected ? walked.key : selectedKey;
  const active = key === undefined ? -1 : rows.findIndex(({ longest }) => stepKey(trace, longest) === key);
  const setActive = (index: number) => {
    const total = rows[index];
    if (total !== undefined) setWalked({ key: stepKey(trace, total.longest), from: selected });
  };
  return { active, setActive, activeKey: key };
}

function metaText(totals: readonly OperationTotal[]): string {
  const spans = totals.reduce((sum, { count }) => sum + count, 0);
  const noun = totals.length === 1 ? "operation" : "operations";
  return `${formatCount(totals.length)} ${noun} in ${formatCount(spans)} ${spans === 1 ? "span" : "spans"}`;
}

type CellsProps = { total: OperationTotal; trace: TraceSkeleton; wholeUs: number; longestPathUs: number };

function OperationCells({ total, trace, wholeUs, longestPathUs }: CellsProps) {
  const { longest, count, errors, pathUs } = total;
  const service = serviceOf(trace, longest);
  const colour = colouredAs(trace, longest);
  const kind = SPAN_KINDS[total.kind] ?? "unspecified";
  const bar = { "--c": `var(--${serviceStyle(colour).colour})`, width: `${share(pathUs, longestPathUs) * 100}%` };
  return (
    <>
      <div className="tv-name flex min-w-0 items-center gap-1.5" {...CELL_ROLE}>
        <ServiceMark service={colour} />
        <span className="truncate font-medium" title={nameOf(trace, longest)}>
          {nameOf(trace, longest)}
        </span>
        <span className="min-w-0 shrink-[3] truncate text-xs text-ink-3">
          {service}
          {kind === "unspecified" || kind === "internal" ? "" : `, ${kind}`}
        </span>
      </div>
      <div className="tv-count text-right tabular-nums" {...CELL_ROLE}>
        {formatCount(count)}
        <span className="hidden text-ink-3 max-phone:inline">{"\u202f×"}</span>
      </div>
      <div
        className="tv-path text-right tabular-nums"
        title={pathUs > 0 ? formatDuration(pathUs) : undefined}
        {...CELL_ROLE}
      >
        {pathUs > 0 ? <b className="font-semibold">{shareText(share(pathUs, wholeUs))}</b> : <Off />}
      </div>
      <div aria-hidden className="tv-bar">
        <span className="block h-2 rounded-[1px] bg-(--c)" style={bar as CSSProperties} />
      </div>
      <TimeCell className="tv-self" durationUs={total.selfUs} />
      <TimeCell className="tv-total text-ink-2" durationUs={total.totalUs} />
      <TimeCell className="tv-p50 text-ink-2" durationUs={total.p50Us} />
      <div className="tv-max text-right" {...CELL_ROLE}>
        <button
          aria-label={`Open the longest, ${formatDuration(total.maxUs)}`}
          className="link rounded-sm touch:-my-3 touch:min-h-11"
          data-part={LONGEST}
          tabIndex={-1}
          title="Open the longest (o)"
          type="button"
        >
          <QuantityText quantity={durationQuantity(total.maxUs)} />
        </button>
      </div>
      <div className="tv-errors text-right tabular-nums" {...CELL_ROLE}>
        {errors > 0 ? (
          <b className="font-semibold text-bad">× {formatCount(errors)}</b>
        ) : (
          <span className="text-ink-3">0</span>
        )}
      </div>
    </>
  );
}

const share = (partUs: number, wholeUs: number): number => (wholeUs === 0 ? 0 : partUs / wholeUs);

/** A little is not nothing. */
const shareText = (part: number): string => (part < 0.001 ? "<0.1\u202f%" : formatShare(part));

function Off() {
  return (
    <span className="text-ink-3">
      –<span className="sr-only">off the path</span>
    </span>
  );
}

function TimeCell({ durationUs, className }: { durationUs: number; className: string }) {
  return (
    <div className={`${className} text-right`} {...CELL_ROLE}>
      <QuantityText quantity={durationQuantity(durationUs)} />
    </div>
  );
}

function Footer() {
  return (
    <>
      <span>on the path: share of the critical path in its own work; the column adds up to all of it</span>
      <span>total: durations added up, of spans side by side each</span>
      <span className="ml-auto max-phone:hidden">
        <Kbd>j</Kbd> <Kbd>k</Kbd> row, <Kbd>↵</Kbd> its spans in the waterfall, <Kbd>o</Kbd> its longest, <Kbd>1</Kbd>–
        <Kbd>{VIEW_NAMES.length}</Kbd> view
      </span>
    </>
  );
}
