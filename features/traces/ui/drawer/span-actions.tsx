import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import type { SpanDetail } from "../../contract";
import { movedUs } from "../../domain/clock-shifts";
import { nameOf } from "../../domain/span-text";
import { NO_PARENT, spanIdOf } from "../../domain/trace-skeleton";
import { toLogsUrl } from "../../domain/waterfall/logs-url";
import type { Trace } from "../../queries";
import type { TraceViewAction } from "../trace-view-state";

type SpanActionsProps = {
  trace: Trace;
  span: number;
  /** Once it is there. */
  detail: SpanDetail | undefined;
  logsUrl: string | undefined;
  dispatch: (action: TraceViewAction) => void;
};

/** Where to go from a span: up, to its logs, or elsewhere by its id or as JSON. */
export function SpanActions({ trace, span, detail, logsUrl, dispatch }: SpanActionsProps) {
  const { skeleton, traceId, origin } = trace;
  const parent = skeleton.parent[span] ?? NO_PARENT;
  const id = spanIdOf(skeleton, span) ?? detail?.spanId;
  // A log line has the time of its machine's own clock.
  const startUs = skeleton.startUs + (skeleton.spanStartUs[span] ?? 0) - movedUs(skeleton, span);
  const endUs = startUs + (skeleton.spanDurationUs[span] ?? 0);
  // An uploaded trace has an id of its own, which no log knows.
  const hasLogs = logsUrl !== undefined && origin.kind !== "upload" && id !== undefined;
  return (
    <footer className="flex flex-wrap items-center gap-x-2 gap-y-1 border-t border-line px-3 py-2 text-sm">
      {parent !== NO_PARENT && (
        <Button
          className="max-w-full"
          onClick={() => dispatch({ type: "select", span: parent })}
          size="sm"
          variant="ghost"
        >
          <span className="truncate">Parent: {nameOf(skeleton, parent)}</span>
        </Button>
      )}
      {hasLogs && (
        <a
          className="link touch:leading-[44px]"
          href={toLogsUrl(logsUrl, { traceId, spanId: id, startUs, endUs })}
          rel="noreferrer"
          target="_blank"
        >
          Logs of this span
        </a>
      )}
      {detail !== undefined && <CopyJson detail={detail} />}
      {id !== undefined && (
        <span className="mono ml-auto inline-flex items-center text-xs text-ink-3">
          {id}
          <CopyButton iconOnly label="the span id" text={id} />
        </span>
      )}
    </footer>
  );
}

function CopyJson({ detail }: { detail: SpanDetail }) {
  return (
    <span className="inline-flex items-center text-ink-3">
      JSON
      <CopyButton iconOnly label="the span as JSON" text={JSON.stringify(detail, null, 2)} />
    </span>
  );
}
