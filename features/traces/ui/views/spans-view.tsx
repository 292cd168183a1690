"use client";

import { type CSSProperties, useMemo } from "react";
import { Kbd } from "@/components/ui/kbd";
import { QuantityText } from "@/components/ui/quantity";
import { ServiceMark } from "@/components/ui/service-mark";
import { serviceStyle } from "@/components/ui/service-style";
import { durationQuantity, formatCount, formatDuration } from "@/lib/format";
import { colouredAs, detailOf, nameOf, serviceOf } from "../../domain/span-text";
import { hasFlag } from "../../domain/trace-skeleton";
import { listSpans, orderSpans } from "../../domain/views/order-spans";
import { type SpanColumn, VIEW_NAMES } from "../../domain/views/trace-views";
import { CELL_ROLE, drawnCell } from "../grid-roles";
import type { WaterfallView } from "../use-waterfall";
import { ListedCard } from "./listed-card";
import { isListed, type ViewProps } from "./view-props";
import { type GridColumn, VirtualGrid } from "./virtual-grid";

const COLUMNS: readonly GridColumn<SpanColumn>[] = [
  { label: "Span", sort: "name", className: "tv-name" },
  { label: "Service", sort: "service", className: "tv-service" },
  { label: "Status", sort: "status", className: "tv-status" },
  { label: "Starts", sort: "start", isRight: true, className: "tv-start" },
  { label: "When", className: "tv-bar" },
  { label: "Time", sort: "duration", isRight: true, className: "tv-time" },
  { label: "Own work", sort: "self", isRight: true, className: "tv-self" },
];

/** All spans one below the other in the order of a column, or those the query finds. A row opens its span. */
export function SpansView(props: ViewProps) {
  const { view, state, dispatch, hasQuery, outline } = props;
  const { trace, plan, matches } = view;
  const { hiddenServices, selected } = state;
  const listed = useMemo(
    () => listSpans(trace.spanCount, isListed({ trace, matches, hiddenServices, hasQuery })),
    [trace, matches, hiddenServices, hasQuery],
  );
  const sort = state.sorts.spans;
  const rows = useMemo(() => orderSpans({ trace, selfUs: plan.selfUs }, listed, sort), [trace, plan, listed, sort]);
  const lit = useMemo(() => new Set(outline?.rows ?? []), [outline]);
  const active = selected === undefined ? -1 : rows.indexOf(selected.span);
  const select = (index: number, isOpening: boolean) => {
    const span = rows[index];
    if (span !== undefined) dispatch({ type: "select", span, isOpening });
  };
  return (
    <ListedCard
      count={rows.length}
      dispatch={dispatch}
      footer={<Footer />}
      label="Span list"
      meta={metaText(rows.length, trace.spanCount)}
      state={state}
      trace={trace}
    >
      <VirtualGrid
        active={active}
        activeKey={selected}
        className="tv-spans"
        columns={COLUMNS}
        count={rows.length}
        gridRef={props.gridRef}
        isLit={(index) => lit.has(rows[index] ?? -1)}
        label="Spans"
        onActive={(index) => select(index, false)}
        onOpen={(index) => select(index, true)}
        onSort={(by) => dispatch({ type: "sort", table: "spans", by })}
        phoneRowPx={56}
        renderRow={(index) => <SpanCells span={rows[index] ?? 0} view={view} />}
        rowPx={26}
        rowTitle="Open this span"
        sort={sort}
      />
    </ListedCard>
  );
}

function metaText(shown: number, all: number): string {
  const noun = all === 1 ? "span" : "spans";
  return shown === all ? `${formatCount(all)} ${noun}` : `${formatCount(shown)} of ${formatCount(all)} ${noun}`;
}

function SpanCells({ span, view }: { span: number; view: WaterfallView }) {
  const { trace, plan } = view;
  const detail = detailOf(trace, span);
  const service = serviceOf(trace, span);
  const startUs = trace.spanStartUs[span] ?? 0;
  const durationUs = trace.spanDurationUs[span] ?? 0;
  const name = nameOf(trace, span);
  return (
    <>
      <div
        className="tv-name flex min-w-0 items-center gap-1.5"
        title={detail === "" ? name : `${name}\n${detail}`}
        {...CELL_ROLE}
      >
        <ServiceMark service={colouredAs(trace, span)} />
        <span className="truncate font-medium">
          {name}
          {detail !== "" && <span className="mono ml-1.5 text-xs font-normal text-ink-3">{detail}</span>}
        </span>
      </div>
      <div className="tv-service truncate text-ink-2" title={service} {...CELL_ROLE}>
        {service}
      </div>
      <div className="tv-status" {...CELL_ROLE}>
        {hasFlag(trace, span, "error") ? (
          <b className="font-semibold text-bad">× failed</b>
        ) : (
          <span className="text-ink-3">
            –<span className="sr-only">did not fail</span>
          </span>
        )}
      </div>
      <div className="tv-start text-right text-ink-2" {...CELL_ROLE}>
        <QuantityText quantity={durationQuantity(startUs)} />
      </div>
      <Moment span={span} view={view} />
      <div className="tv-time text-right font-medium" {...CELL_ROLE}>
        <QuantityText quantity={durationQuantity(durationUs)} />
      </div>
      <div className="tv-self text-right" {...CELL_ROLE}>
        <QuantityText quantity={durationQuantity(plan.selfUs[span] ?? 0)} />
      </div>
    </>
  );
}

/** When in the whole trace the span ran; underlined where the critical path goes through its own work. */
function Moment({ span, view }: { span: number; view: WaterfallView }) {
  const { trace, plan } = view;
  const wholeUs = Math.max(1, trace.durationUs);
  const startUs = trace.spanStartUs[span] ?? 0;
  const durationUs = trace.spanDurationUs[span] ?? 0;
  const isLeaf = trace.childCount[span] === 0;
  const isOnPath = (plan.path.ownUs[span] ?? 0) > 0;
  const colour = { "--c": `var(--${serviceStyle(colouredAs(trace, span)).colour})` } as CSSProperties;
  const label = `${formatDuration(startUs)} to ${formatDuration(startUs + durationUs)}${isOnPath ? ", on the critical path" : ""}`;
  return (
    <div className="tv-bar relative" style={colour} {...drawnCell(label)}>
      <span
        aria-hidden
        className={`absolute top-1/2 h-2.5 min-w-[2px] -translate-y-1/2 rounded-[1px] ${isLeaf ? "bg-(--c)" : "tv-pale"} ${isOnPath ? "border-b-2 border-ink" : ""}`}
        style={{
          left: `min(${(startUs / wholeUs) * 100}%, 100% - 2px)`,
          width: `${(durationUs / wholeUs) * 100}%`,
        }}
      />
    </div>
  );
}

function Footer() {
  return (
    <>
      <span>pale: it waited for children</span>
      <span>underlined: the critical path goes through its own work</span>
      <span className="ml-auto max-phone:hidden">
        <Kbd>j</Kbd> <Kbd>k</Kbd> row, <Kbd>↵</Kbd> details, <Kbd>e</Kbd> next error, <Kbd>f</Kbd> find, <Kbd>1</Kbd>–
        <Kbd>{VIEW_NAMES.length}</Kbd> view
      </span>
    </>
  );
}
