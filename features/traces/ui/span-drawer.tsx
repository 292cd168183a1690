"use client";

import { useQuery } from "@tanstack/react-query";
import { X, ZoomIn } from "lucide-react";
import { type ReactNode, useEffect, useMemo, useState } from "react";
import { ErrorState } from "@/components/states/error-state";
import { LoadingRows } from "@/components/states/loading-rows";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { IconButton } from "@/components/ui/icon-button";
import { ServiceMark } from "@/components/ui/service-mark";
import { formatDuration } from "@/lib/format";
import { computeOwnWork, sumOwnWorkUs } from "../domain/own-work";
import { colouredAs, nameOf, serviceOf, spanRef } from "../domain/span-text";
import { NO_PARENT, SPAN_KINDS, spanIdOf, type TraceSkeleton } from "../domain/trace-skeleton";
import { spanQuery, type Trace } from "../queries";
import { SpanDetails } from "./span-details";

/** A reader who walks through rows does not want the details of each. */
const SETTLE_MS = 120;

type SpanDrawerProps = {
  trace: Trace;
  span: number;
  onClose: () => void;
  onSelect: (span: number) => void;
  onZoom: (span: number) => void;
};

/** One span in full: beside the waterfall, or a sheet from below where there is no room. */
export function SpanDrawer({ trace, span, onClose, onSelect, onZoom }: SpanDrawerProps) {
  const { skeleton } = trace;
  const settled = useSettled(span, SETTLE_MS);
  const query = useQuery(
    spanQuery({ traceId: trace.traceId, span: spanRef(skeleton, settled), version: trace.version }),
  );
  const isCurrent = settled === span;
  return (
    <aside
      aria-label="Selected span"
      className="sticky top-[58px] max-h-[calc(100dvh-68px)] min-w-0 overflow-auto rounded-lg border border-line bg-surface shadow-card max-desk:fixed max-desk:inset-x-0 max-desk:top-auto max-desk:bottom-0 max-desk:z-40 max-desk:max-h-[58dvh] max-desk:rounded-b-none max-desk:rounded-t-xl max-desk:shadow-raised max-phone:bottom-[calc(60px+env(safe-area-inset-bottom))]"
    >
      <header className="sticky top-0 z-[2] border-b border-line bg-surface px-3 py-2">
        <div className="flex min-w-0 items-center gap-2">
          <ServiceMark service={colouredAs(skeleton, span)} size={12} />
          <h2 className="min-w-0 flex-1 text-lg [overflow-wrap:anywhere]">{nameOf(skeleton, span)}</h2>
          <IconButton label="Zoom to this span (z)" onClick={() => onZoom(span)}>
            <ZoomIn aria-hidden />
          </IconButton>
          <IconButton label="Close (Esc)" onClick={onClose}>
            <X aria-hidden />
          </IconButton>
        </div>
        <p className="text-sm text-ink-3">
          {serviceOf(skeleton, span)}, {SPAN_KINDS[skeleton.kind[span] ?? 0]}
        </p>
      </header>
      <SpanTimes trace={skeleton} span={span} />
      {query.isError && <ErrorState onRetry={() => void query.refetch()} problem={query.error} />}
      {query.data !== undefined && isCurrent ? (
        <SpanDetails detail={query.data} trace={skeleton} />
      ) : (
        !query.isError && <LoadingRows rowHeightPx={26} rows={8} />
      )}
      <DrawerFoot onSelect={onSelect} span={span} trace={skeleton} />
    </aside>
  );
}

function SpanTimes({ trace, span }: { trace: TraceSkeleton; span: number }) {
  const ownUs = useMemo(() => sumOwnWorkUs(computeOwnWork(trace, span)), [trace, span]);
  const startUs = trace.spanStartUs[span] ?? 0;
  const durationUs = trace.spanDurationUs[span] ?? 0;
  return (
    <dl className="flex justify-between gap-3 border-b border-line px-3 py-2 text-xs text-ink-3">
      <Fact label="time">{formatDuration(durationUs)}</Fact>
      <Fact label="own work">{formatDuration(ownUs)}</Fact>
      <Fact label="starts">{formatDuration(startUs)}</Fact>
      <Fact label="ends">{formatDuration(startUs + durationUs)}</Fact>
    </dl>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex flex-col-reverse">
      <dt>{label}</dt>
      <dd className="text-md font-semibold whitespace-nowrap text-ink">{children}</dd>
    </div>
  );
}

function DrawerFoot({ trace, span, onSelect }: { trace: TraceSkeleton; span: number; onSelect: (s: number) => void }) {
  const parent = trace.parent[span] ?? NO_PARENT;
  const id = spanIdOf(trace, span);
  return (
    <footer className="flex flex-wrap items-center gap-x-2 gap-y-1 border-t border-line px-3 py-2 text-sm">
      {parent !== NO_PARENT && (
        <Button className="max-w-full" onClick={() => onSelect(parent)} size="sm" variant="ghost">
          <span className="truncate">Parent: {nameOf(trace, parent)}</span>
        </Button>
      )}
      {id !== undefined && (
        <span className="mono ml-auto inline-flex items-center text-xs text-ink-3">
          {id}
          <CopyButton iconOnly label="the span id" text={id} />
        </span>
      )}
    </footer>
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
