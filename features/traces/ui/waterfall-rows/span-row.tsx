import { memo } from "react";
import { ServiceMark } from "@/components/ui/service-mark";
import { formatCount } from "@/lib/format";
import { colouredAs, detailOf, nameOf, serviceOf } from "../../domain/span-text";
import { hasFlag } from "../../domain/trace-skeleton";
import { usualOfSpan } from "../../domain/waterfall/usual-rows";
import { SpanBar } from "../span-bar";
import type { WaterfallView } from "../use-waterfall";
import { FoldCount } from "./fold-count";
import { NameCell, type RowProps, RowShell } from "./row-shell";
import { TimeCell } from "./time-cell";
import { UsualCell } from "./usual-cell";

/**
 * One span: where it stands in the tree, when it ran and worked itself, how long it took. A fast scroll makes a screenful
 * of rows in one frame, so each has as few elements as say what it says.
 */
export const SpanRow = memo(function SpanRow({ zoom, ...props }: RowProps) {
  const { view, refIndex: span, isExpanded } = props;
  const { trace, plan, usual, line } = view;
  const below = (trace.subtreeEnd[span] ?? span + 1) - span - 1;
  const name = nameOf(trace, span);
  const detail = detailOf(trace, span);
  return (
    <RowShell {...props} isMatch={view.isFound(span)}>
      <NameCell
        foldLabel={isExpanded ? `Fold ${name}` : `Unfold ${name}, ${formatCount(below)} below`}
        index={props.index}
        isExpanded={isExpanded}
        title={`${serviceOf(trace, span)}: ${name}${detail === "" ? "" : `\n${detail}`}`}
        view={view}
      >
        <ServiceMark service={colouredAs(trace, span)} />
        <span className="truncate font-medium">
          {name}
          {detail !== "" && <span className="mono ml-1.5 text-xs font-normal text-ink-3">{detail}</span>}
        </span>
        {isExpanded === false && below > 0 && <FoldCount>+{formatCount(below)}</FoldCount>}
        {hasFlag(trace, span, "error") && <span className="sr-only">, failed</span>}
      </NameCell>
      <SpanBar gapStarts={gapStartsOf(view, span)} span={span} trace={trace} zoom={zoom} />
      <TimeCell durationUs={trace.spanDurationUs[span] ?? 0} />
      <UsualCell
        hasUsual={usual !== undefined}
        pathUs={line === undefined ? undefined : (plan.path.throughUs[span] ?? 0)}
        usual={usual === undefined ? undefined : usualOfSpan({ trace, plan, usual }, span)}
      />
    </RowShell>
  );
});

const NO_GAPS: ReadonlySet<number> = new Set();

/** A trace has a few dozen gaps at most. */
function gapStartsOf({ plan, layout }: WaterfallView, span: number): ReadonlySet<number> {
  const { gaps } = plan;
  if (!gaps.parent.includes(span)) return NO_GAPS;
  const isOf = (gap: number) => gaps.parent[gap] === span && layout.indexOfGap[gap] !== -1;
  return new Set(Array.from(gaps.fromUs).filter((_, gap) => isOf(gap)));
}
