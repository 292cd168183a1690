import { type CSSProperties, memo } from "react";
import { ServiceMark } from "@/components/ui/service-mark";
import { durationQuantity, formatCount } from "@/lib/format";
import { colouredAs, detailOf, nameOf, serviceOf } from "../domain/span-text";
import { hasFlag, type TraceSkeleton } from "../domain/trace-skeleton";
import type { ZoomWindow } from "../domain/zoom-window";
import { CELL_ROLE, treeRow } from "./grid-roles";
import { SpanBar } from "./span-bar";

export type WaterfallRowProps = {
  trace: TraceSkeleton;
  span: number;
  /** Where the row stands among the visible ones. */
  index: number;
  topPx: number;
  zoom: ZoomWindow;
  isFolded: boolean;
  isSelected: boolean;
  isMatch: boolean;
};

/**
 * One span: where it stands in the tree, when it ran and worked itself, how long it took. Clicks are the waterfall's
 * (`data-span`, `data-fold`), so that a row has nothing that changes while scrolling. A fast scroll makes a screenful of
 * rows in one frame, so each has as few elements as say what it says.
 */
export const WaterfallRow = memo(function WaterfallRow(props: WaterfallRowProps) {
  const { trace, span, isSelected, isMatch } = props;
  const isParent = (trace.childCount[span] ?? 0) > 0;
  const tone = isSelected ? "bg-accent-soft" : isMatch ? "bg-warn-soft" : "hover:bg-sunken";
  return (
    <div
      className={`wf-columns wf-row absolute inset-x-0 top-0 h-(--row) cursor-default border-b border-grid ${tone}`}
      data-span={span}
      id={rowId(span)}
      style={{ transform: `translateY(${props.topPx}px)` }}
      {...treeRow({
        index: props.index,
        level: trace.depth[span] ?? 0,
        isSelected,
        isExpanded: isParent ? !props.isFolded : undefined,
      })}
    >
      {isSelected && <span aria-hidden className="absolute inset-y-0 left-0 z-[2] w-[3px] bg-accent" />}
      <NameCell {...props} isParent={isParent} />
      <SpanBar trace={trace} span={span} zoom={props.zoom} />
      <TimeCell durationUs={trace.spanDurationUs[span] ?? 0} />
    </div>
  );
});

/** The id of a span's row in the page, for `aria-activedescendant`. */
export const rowId = (span: number): string => `span-row-${span}`;

function TimeCell({ durationUs }: { durationUs: number }) {
  const { value, unit } = durationQuantity(durationUs);
  return (
    <div className="wf-time text-right leading-6 font-medium whitespace-pre" {...CELL_ROLE}>
      <span>{value}</span>
      <span className="text-left text-ink-3">{unit === "" ? "" : `\u202f${unit}`}</span>
    </div>
  );
}

function NameCell({ trace, span, isFolded, isParent }: WaterfallRowProps & { isParent: boolean }) {
  const below = (trace.subtreeEnd[span] ?? span + 1) - span - 1;
  const detail = detailOf(trace, span);
  const name = nameOf(trace, span);
  const depth = { "--depth": trace.depth[span] ?? 0 } as CSSProperties;
  return (
    <div
      className={`wf-name flex min-w-0 items-center gap-1.5 overflow-hidden pr-2 ${isParent ? "" : "wf-leaf"}`}
      {...CELL_ROLE}
      style={depth}
      title={`${serviceOf(trace, span)}: ${name}${detail === "" ? "" : `\n${detail}`}`}
    >
      {isParent && (
        <button
          aria-label={isFolded ? `Unfold ${name}, ${formatCount(below)} below` : `Fold ${name}`}
          className="wf-twisty shrink-0 text-ink-3 hover:text-ink"
          data-fold={isFolded ? "open" : "close"}
          tabIndex={-1}
          type="button"
        />
      )}
      <ServiceMark service={colouredAs(trace, span)} />
      <span className="truncate font-medium">
        {name}
        {detail !== "" && <span className="mono ml-1.5 text-xs font-normal text-ink-3 max-phone:hidden">{detail}</span>}
      </span>
      {isFolded && isParent && (
        <span className="shrink-0 rounded-xs border border-line-strong bg-sunken px-1 text-xs leading-4 text-ink-2">
          +{formatCount(below)}
        </span>
      )}
      {hasFlag(trace, span, "error") && <span className="sr-only">, failed</span>}
    </div>
  );
}
