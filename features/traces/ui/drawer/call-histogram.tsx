import { useMemo } from "react";
import { serviceStyle } from "@/components/ui/service-style";
import { formatCount, formatDuration } from "@/lib/format";
import { colouredAs } from "../../domain/span-text";
import { binCalls, binOf } from "../../domain/waterfall/call-strip";
import { membersOf } from "../../domain/waterfall/trace-plan";
import type { WaterfallView } from "../use-waterfall";
import { Fact } from "./span-times";

const BINS = 30;
const HEIGHT = 40;

/** How this call's time stands among the calls of its fold; nothing for a span on its own. */
export function CallHistogram({ view, span }: { view: WaterfallView; span: number }) {
  const { trace, plan } = view;
  const group = plan.groups.ofRow[span] ?? -1;
  const histogram = useMemo(
    () => (group === -1 ? undefined : binCalls(trace, membersOf(plan.groups, group), BINS)),
    [trace, plan, group],
  );
  // Calls that all took the same have no shape.
  if (histogram === undefined || histogram.fromUs === histogram.toUs) return null;
  const { counts, fromUs, toUs } = histogram;
  const most = Math.max(...counts);
  const durationUs = trace.spanDurationUs[span] ?? 0;
  const own = binOf(durationUs, histogram, counts.length);
  const count = counts.reduce((sum, value) => sum + value, 0);
  const colour = `var(--${serviceStyle(colouredAs(trace, span)).colour})`;
  return (
    <section className="border-b border-line px-3 py-2.5">
      <h3 className="mb-1 text-xs text-ink-3">This call among its {formatCount(count)}</h3>
      <svg
        aria-label={`Times of ${formatCount(count)} calls from ${formatDuration(fromUs)} to ${formatDuration(toUs)}; this one ${formatDuration(durationUs)}`}
        className="h-12 w-full"
        preserveAspectRatio="none"
        role="img"
        viewBox={`0 0 ${counts.length * 10} ${HEIGHT + 2}`}
      >
        {counts.map((value, bin) => (
          <rect
            fill={bin === own ? "var(--ink)" : colour}
            height={value === 0 ? 0 : Math.max(1.5, (value / most) * HEIGHT)}
            // biome-ignore lint/suspicious/noArrayIndexKey: a bin is its place
            key={bin}
            width="9"
            x={bin * 10}
            y={HEIGHT - (value === 0 ? 0 : Math.max(1.5, (value / most) * HEIGHT))}
          />
        ))}
        <path d={`M0 ${HEIGHT}.500H${counts.length * 10}`} stroke="var(--line)" />
      </svg>
      <div className="mb-1.5 flex justify-between text-[10.5px] text-ink-3">
        <span>{formatDuration(fromUs)}</span>
        <span>{formatDuration(toUs)}</span>
      </div>
      <dl className="flex justify-between gap-3 text-xs text-ink-3">
        <Fact label="this">{formatDuration(durationUs)}</Fact>
        <Fact label="p50">{formatDuration(plan.groups.p50Us[group] ?? 0)}</Fact>
        <Fact label="max">{formatDuration(plan.groups.maxUs[group] ?? 0)}</Fact>
        <Fact label="Σ all">{formatDuration(plan.groups.sumUs[group] ?? 0)}</Fact>
      </dl>
    </section>
  );
}
