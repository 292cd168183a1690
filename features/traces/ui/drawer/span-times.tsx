import type { ReactNode } from "react";
import { formatDuration, formatShare } from "@/lib/format";
import { movedUs } from "../../domain/clock-shifts";
import type { TraceSkeleton } from "../../domain/trace-skeleton";
import type { TracePlan } from "../../domain/waterfall/trace-plan";

/** How long a span took, of that itself, on the critical path, and when. */
export function SpanTimes({ trace, plan, span }: { trace: TraceSkeleton; plan: TracePlan; span: number }) {
  const startUs = trace.spanStartUs[span] ?? 0;
  const durationUs = trace.spanDurationUs[span] ?? 0;
  const byUs = movedUs(trace, span);
  const pathUs = plan.path.throughUs[span] ?? 0;
  return (
    <dl className="flex justify-between gap-3 border-b border-line px-3 py-2 text-xs text-ink-3">
      <Fact label={formatShare(durationUs / Math.max(1, trace.durationUs))}>{formatDuration(durationUs)}</Fact>
      <Fact label="own work">{formatDuration(plan.selfUs[span] ?? 0)}</Fact>
      <Fact label={pathUs > 0 ? "on the path" : "off the path"}>{pathUs > 0 ? formatDuration(pathUs) : "–"}</Fact>
      <Fact label={byUs === 0 ? "starts" : <Moved byUs={byUs} />}>{formatDuration(startUs)}</Fact>
      <Fact label="ends">{formatDuration(startUs + durationUs)}</Fact>
    </dl>
  );
}

/** Where the span's own clock had put it. */
function Moved({ byUs }: { byUs: number }) {
  const why = `Its clock says ${formatDuration(Math.abs(byUs))} ${byUs > 0 ? "earlier" : "later"}, which does not fit into the span that made it.`;
  return (
    <abbr className="text-warn no-underline" title={why}>
      starts, moved
    </abbr>
  );
}

/** A figure over its word. */
export function Fact({ label, children }: { label: ReactNode; children: ReactNode }) {
  return (
    <div className="flex flex-col-reverse">
      <dt>{label}</dt>
      <dd className="text-md font-semibold whitespace-nowrap text-ink">{children}</dd>
    </div>
  );
}
