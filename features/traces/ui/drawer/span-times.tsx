import type { ReactNode } from "react";
import { formatDuration, formatShare } from "@/lib/format";
import type { TraceSkeleton } from "../../domain/trace-skeleton";
import type { TracePlan } from "../../domain/waterfall/trace-plan";

/** How long a span took, of that itself, on the critical path, and when. */
export function SpanTimes({ trace, plan, span }: { trace: TraceSkeleton; plan: TracePlan; span: number }) {
  const startUs = trace.spanStartUs[span] ?? 0;
  const durationUs = trace.spanDurationUs[span] ?? 0;
  const pathUs = plan.path.throughUs[span] ?? 0;
  return (
    <dl className="flex justify-between gap-3 border-b border-line px-3 py-2 text-xs text-ink-3">
      <Fact label={formatShare(durationUs / Math.max(1, trace.durationUs))}>{formatDuration(durationUs)}</Fact>
      <Fact label="own work">{formatDuration(plan.selfUs[span] ?? 0)}</Fact>
      <Fact label={pathUs > 0 ? "on the path" : "off the path"}>{pathUs > 0 ? formatDuration(pathUs) : "–"}</Fact>
      <Fact label="starts">{formatDuration(startUs)}</Fact>
      <Fact label="ends">{formatDuration(startUs + durationUs)}</Fact>
    </dl>
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
