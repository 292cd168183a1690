import { ChevronDown, ChevronRight, X } from "lucide-react";
import { memo } from "react";
import { serviceColour, ServiceMark } from "@/components/ui/service-mark";
import { QuantityText } from "@/components/ui/quantity";
import { durationQuantity, formatCount, formatDuration } from "@/lib/format";
import { computeOwnWork } from "../domain/own-work";
import { childCount, type SpanTree } from "../domain/span-tree";
import { nameOf, serviceOf, type TraceModel } from "../domain/trace-model";
import type { ZoomWindow } from "../domain/zoom-window";

/** Units of the drawing inside a bar; wide enough that one stretch of 1,000 is still drawn where it was. */
const DRAWING_WIDTH = 10_000;

export type WaterfallRowProps = {
  model: TraceModel;
  tree: SpanTree;
  span: number;
  rowIndex: number;
  top: number;
  zoom: ZoomWindow;
  isFolded: boolean;
  isSelected: boolean;
  isMatch: boolean;
  onSelect: (span: number) => void;
  onFold: (span: number, isFolded: boolean) => void;
};

/** One span: where it stands in the tree, when it ran and worked itself, how long it took. */
export const WaterfallRow = memo(function WaterfallRow(props: WaterfallRowProps) {
  const { model, tree, span, isFolded, isSelected, isMatch } = props;
  const isParent = childCount(tree, span) > 0;
  const durationUs = model.durationUs[span] ?? 0;
  const tone = isSelected ? "bg-accent-soft" : isMatch ? "bg-warn-soft" : "hover:bg-sunken";
  return (
    <div
      aria-expanded={isParent ? !isFolded : undefined}
      aria-level={(tree.depth[span] ?? 0) + 1}
      aria-rowindex={props.rowIndex + 2}
      aria-selected={isSelected}
      className={`absolute inset-x-0 top-0 grid h-(--row) cursor-default border-grid border-b wf-columns ${tone}`}
      id={`span-${span}`}
      onClick={() => props.onSelect(span)}
      onKeyDown={undefined}
      role="row"
      style={{ transform: `translateY(${props.top}px)` }}
      tabIndex={-1}
    >
      {isSelected && <span aria-hidden="true" className="absolute inset-y-0 left-0 z-2 w-[3px] bg-accent" />}
      <NameCell {...props} isParent={isParent} />
      <TimelineCell model={model} span={span} tree={tree} zoom={props.zoom} />
      <div className="wf-time px-2 text-right font-medium leading-6" role="gridcell">
        <QuantityText quantity={durationQuantity(durationUs)} />
      </div>
    </div>
  );
});

function NameCell({ model, tree, span, isFolded, isParent, onFold }: WaterfallRowProps & { isParent: boolean }) {
  const depth = tree.depth[span] ?? 0;
  const hidden = (tree.subtreeSize[span] ?? 1) - 1;
  const Twisty = isFolded ? ChevronRight : ChevronDown;
  return (
    <div className="wf-name flex min-w-0 items-center gap-1.5 overflow-hidden pr-2 pl-1" role="gridcell">
      <span aria-hidden="true" className="wf-guides shrink-0 self-stretch" style={{ "--depth": depth } as object} />
      {isParent ? (
        <button
          aria-label={isFolded ? `Unfold ${formatCount(hidden)} below` : `Fold ${formatCount(hidden)} below`}
          className="wf-twisty -mr-1.5 grid h-6 w-[18px] shrink-0 place-items-center text-ink-3 hover:text-ink"
          onClick={(event) => {
            event.stopPropagation();
            onFold(span, !isFolded);
          }}
          tabIndex={-1}
          type="button"
        >
          <Twisty aria-hidden="true" size={12} />
        </button>
      ) : (
        <span className="wf-twisty -mr-1.5 w-[18px] shrink-0" />
      )}
      <ServiceMark service={serviceOf(model, span)} />
      <span className="truncate font-medium" title={`${serviceOf(model, span)}: ${nameOf(model, span)}`}>
        {nameOf(model, span)}
      </span>
      {isFolded && isParent && (
        <span className="shrink-0 rounded-xs border border-line-strong bg-sunken px-1 text-ink-2 text-xs leading-4">
          {formatCount(hidden)}
        </span>
      )}
      {model.error[span] === 1 && <span className="sr-only">, failed</span>}
    </div>
  );
}

function TimelineCell({
  model,
  tree,
  span,
  zoom,
}: {
  model: TraceModel;
  tree: SpanTree;
  span: number;
  zoom: ZoomWindow;
}) {
  const widthUs = zoom.toUs - zoom.fromUs;
  const startUs = model.startUs[span] ?? 0;
  const durationUs = model.durationUs[span] ?? 0;
  const left = (startUs - zoom.fromUs) / widthUs;
  const right = (startUs + durationUs - zoom.fromUs) / widthUs;
  const isOut = right < 0 || left > 1;
  const from = Math.max(0, left);
  const to = Math.min(1, right);
  const isLeaf = childCount(tree, span) === 0;
  const colour = { "--c": serviceColour(serviceOf(model, span)) };
  const label = `starts ${formatDuration(startUs)}, takes ${formatDuration(durationUs)}`;
  return (
    <div className="wf-timeline relative min-w-0 overflow-hidden" role="gridcell" style={colour as object} title={label}>
      <span className="sr-only">{label}</span>
      {!isOut && (
        <span
          aria-hidden="true"
          className={`wf-bar absolute h-2.5 min-w-[2px] rounded-[1px] ${isLeaf ? "bg-(--c)" : "wf-pale"}`}
          style={{ left: `${from * 100}%`, width: `${(to - from) * 100}%` }}
        >
          {!isLeaf && <OwnWork from={from} model={model} span={span} to={to} tree={tree} zoom={zoom} />}
        </span>
      )}
      {!isOut && model.error[span] === 1 && (
        <span
          aria-hidden="true"
          className="wf-error absolute grid size-[13px] -translate-x-1/2 place-items-center rounded-[2px] bg-surface text-bad"
          style={{ left: `clamp(7px, ${to * 100}%, calc(100% - 7px))` }}
        >
          <X size={11} strokeWidth={3} />
        </span>
      )}
    </div>
  );
}

type OwnWorkProps = { model: TraceModel; tree: SpanTree; span: number; zoom: ZoomWindow; from: number; to: number };

/** The solid stretches of a bar as one path, whatever their number. */
function OwnWork({ model, tree, span, zoom, from, to }: OwnWorkProps) {
  const work = computeOwnWork(tree, model, span);
  const widthUs = zoom.toUs - zoom.fromUs;
  const scale = DRAWING_WIDTH / Math.max(1e-9, to - from);
  let path = "";
  for (let i = 0; i < work.length; i += 2) {
    const x = (((work[i] ?? 0) - zoom.fromUs) / widthUs - from) * scale;
    const end = (((work[i + 1] ?? 0) - zoom.fromUs) / widthUs - from) * scale;
    if (end > 0 && x < DRAWING_WIDTH) {
      const start = Math.max(0, x);
      path += `M${start.toFixed(0)} 0h${Math.max(1, Math.min(DRAWING_WIDTH, end) - start).toFixed(0)}v1H${start.toFixed(0)}z`;
    }
  }
  return (
    <svg
      aria-hidden="true"
      className="absolute inset-0 size-full"
      preserveAspectRatio="none"
      viewBox={`0 0 ${DRAWING_WIDTH} 1`}
    >
      <path d={path} fill="var(--c)" />
    </svg>
  );
}
