"use client";

import { useQuery } from "@tanstack/react-query";
import { X, ZoomIn } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { ErrorState } from "@/components/states/error-state";
import { LoadingRows } from "@/components/states/loading-rows";
import { IconButton } from "@/components/ui/icon-button";
import { ServiceMark } from "@/components/ui/service-mark";
import { colouredAs, nameOf, serviceOf, spanRef } from "../../domain/span-text";
import { SPAN_KINDS } from "../../domain/trace-skeleton";
import { similarCallsQuery, spanQuery, type Trace } from "../../queries";
import type { Selection, TraceViewAction } from "../trace-view-state";
import type { WaterfallView } from "../use-waterfall";
import { CallHistogram } from "./call-histogram";
import { CallStepper } from "./call-stepper";
import { GapDetails, MissingDetails } from "./gap-details";
import { SpanActions } from "./span-actions";
import { SpanDetails } from "./span-details";
import { SpanTimes } from "./span-times";

/** A reader who walks through rows does not want the details of each. */
const SETTLE_MS = 120;

type SpanDrawerProps = {
  trace: Trace;
  view: WaterfallView;
  selection: Selection;
  logsUrl: string | undefined;
  dispatch: (action: TraceViewAction) => void;
  onZoom: (span: number) => void;
};

/** What is selected, in full: beside the waterfall, or a sheet from below where there is no room. */
export function SpanDrawer(props: SpanDrawerProps) {
  const { view, selection, dispatch, onZoom } = props;
  const { trace } = view;
  const { kind, ref, span } = selection;
  const close = () => dispatch({ type: "close" });
  if (kind === "gap" || kind === "missing") {
    return (
      <DrawerFrame
        label="Selected row"
        onClose={close}
        title={kind === "gap" ? "No span explains this" : "A step is missing"}
      >
        {kind === "gap" ? (
          <GapDetails dispatch={dispatch} gap={ref} view={view} />
        ) : (
          <MissingDetails step={ref} view={view} />
        )}
      </DrawerFrame>
    );
  }
  return (
    <DrawerFrame
      below={
        <>
          <p className="text-sm text-ink-3">
            {serviceOf(trace, span)}, {SPAN_KINDS[trace.kind[span] ?? 0]}
          </p>
          <CallStepper dispatch={dispatch} selection={selection} view={view} />
        </>
      }
      label="Selected span"
      mark={<ServiceMark service={colouredAs(trace, span)} size={12} />}
      onClose={close}
      onZoom={() => onZoom(span)}
      title={nameOf(trace, span)}
    >
      <SpanBody {...props} span={span} />
    </DrawerFrame>
  );
}

function SpanBody({ trace, view, span, logsUrl, dispatch }: SpanDrawerProps & { span: number }) {
  const { skeleton, traceId, version } = trace;
  const settled = useSettled(span, SETTLE_MS);
  const asked = { traceId, span: spanRef(skeleton, settled), version };
  const query = useQuery(spanQuery(asked));
  const isInFold = view.plan.groups.ofRow[settled] !== -1;
  const similar = useQuery({ ...similarCallsQuery(asked), enabled: isInFold });
  const isCurrent = settled === span;
  return (
    <>
      <SpanTimes plan={view.plan} span={span} trace={skeleton} />
      <CallHistogram span={span} view={view} />
      {query.isError && <ErrorState onRetry={() => void query.refetch()} problem={query.error} />}
      {query.data !== undefined && isCurrent ? (
        <SpanDetails detail={query.data} similar={isInFold ? similar.data : undefined} trace={skeleton} />
      ) : (
        !query.isError && <LoadingRows rowHeightPx={26} rows={8} />
      )}
      <SpanActions
        detail={isCurrent ? query.data : undefined}
        dispatch={dispatch}
        logsUrl={logsUrl}
        span={span}
        trace={trace}
      />
    </>
  );
}

type DrawerFrameProps = {
  label: string;
  title: string;
  mark?: ReactNode;
  /** Stands below the title and stays when the rest scrolls. */
  below?: ReactNode;
  onZoom?: () => void;
  onClose: () => void;
  children: ReactNode;
};

/** On a phone the sheet first peeks, so that the row it belongs to stays in sight. */
function DrawerFrame({ label, title, mark, below, onZoom, onClose, children }: DrawerFrameProps) {
  const [isOpen, setIsOpen] = useState(false);
  const height = isOpen
    ? "max-desk:max-h-[62dvh]"
    : "max-desk:max-h-[62dvh] max-phone:max-h-[112px] max-phone:overflow-hidden";
  return (
    <aside
      aria-label={label}
      className={`sticky top-[58px] max-h-[calc(100dvh-68px)] min-w-0 overflow-auto rounded-lg border border-line bg-surface shadow-card max-desk:fixed max-desk:inset-x-0 max-desk:top-auto max-desk:bottom-0 max-desk:z-40 max-desk:rounded-b-none max-desk:rounded-t-xl max-desk:shadow-raised max-phone:bottom-[calc(60px+env(safe-area-inset-bottom))] ${height}`}
    >
      <header className="sticky top-0 z-[2] border-b border-line bg-surface px-3 py-2 max-phone:pt-0">
        <button
          aria-expanded={isOpen}
          aria-label={isOpen ? "Show less" : "Show all details"}
          className="hidden h-5 w-full place-items-center max-phone:grid"
          onClick={() => setIsOpen(!isOpen)}
          type="button"
        >
          <span className="h-1 w-10 rounded-full bg-line-strong" />
        </button>
        <div className="flex min-w-0 items-center gap-2">
          {mark}
          <h2 className="min-w-0 flex-1 text-lg [overflow-wrap:anywhere] max-phone:line-clamp-1">{title}</h2>
          {onZoom !== undefined && (
            <IconButton label="Zoom to this span (z)" onClick={onZoom}>
              <ZoomIn aria-hidden />
            </IconButton>
          )}
          <IconButton label="Close (Esc)" onClick={onClose}>
            <X aria-hidden />
          </IconButton>
        </div>
        {below}
      </header>
      {children}
    </aside>
  );
}

/** The value once it has not changed for a while. */
function useSettled<T>(value: T, delayMs: number): T {
  const [settled, setSettled] = useState(value);
  // Outside system: the clock.
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), delayMs);
    return () => clearTimeout(timer);
  }, [value, delayMs]);
  return settled;
}
