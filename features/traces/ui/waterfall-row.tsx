import { ChevronDown, ChevronRight } from "lucide-react";
import { type CSSProperties, memo } from "react";
import { QuantityText } from "@/components/ui/quantity";
import { ServiceMark } from "@/components/ui/service-mark";
import { durationQuantity, formatCount } from "@/lib/format";
import { detailOf, nameOf, serviceOf } from "../domain/span-text";
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
 * (`data-span`, `data-fold`), so that a row has nothing that changes while scrolling.
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
      <div className="wf-time px-2 text-right leading-6 font-medium" {...CELL_ROLE}>
        <QuantityText quantity={durationQuantity(trace.spanDurationUs[span] ?? 0)} />
      </div>
    </div>
  );
});

/** The id of a span's row in the page, for `aria-activedescendant`. */
export const rowId = (span: number): string => `span-row-${span}`;

function NameCell({ trace, span, isFolded, isParent }: WaterfallRowProps & { isParent: boolean }) {
  const below = (trace.subtreeEnd[span] ?? span + 1) - span - 1;
  const Twisty = isFolded ? ChevronRight : ChevronDown;
  const detail = detailOf(trace, span);
  const name = nameOf(trace, span);
  const guides = { "--depth": trace.depth[span] ?? 0 } as CSSProperties;
  return (
    <div
      className="wf-name flex min-w-0 items-center gap-1.5 overflow-hidden pr-2 pl-1"
      {...CELL_ROLE}
      title={`${serviceOf(trace, span)}: ${name}${detail === "" ? "" : `\n${detail}`}`}
    >
      <span aria-hidden className="wf-guides shrink-0 self-stretch" style={guides} />
      {isParent ? (
        <button
          aria-label={isFolded ? `Unfold ${name}, ${formatCount(below)} below` : `Fold ${name}`}
          className="wf-twisty grid shrink-0 place-items-center text-ink-3 hover:text-ink"
          data-fold={isFolded ? "open" : "close"}
          tabIndex={-1}
          type="button"
        >
          <Twisty aria-hidden size={12} />
        </button>
      ) : (
        <span className="wf-twisty shrink-0" />
      )}
      <ServiceMark service={serviceOf(trace, span)} />
      <span className="truncate">
        <span className="font-medium">{name}</span>
        {detail !== "" && <span className="mono ml-1.5 text-xs text-ink-3 max-phone:hidden">{detail}</span>}
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
