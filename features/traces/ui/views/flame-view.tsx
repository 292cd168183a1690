"use client";

import { type KeyboardEvent, useMemo } from "react";
import { PHONE, useMedia } from "@/components/hooks/use-media";
import { useTheme } from "@/components/providers/theme";
import { Button } from "@/components/ui/button";
import { Kbd } from "@/components/ui/kbd";
import { formatCount, formatDuration } from "@/lib/format";
import { layOutFlame } from "../../domain/views/flame-boxes";
import { computeFlame, type FlameFrames, framesBelow, markFrames, NO_FRAME } from "../../domain/views/flame-frames";
import { VIEW_NAMES } from "../../domain/views/trace-views";
import { usePageKeys } from "../use-view-keys";
import { useWidth } from "../use-width";
import { COVERED_ABOVE_PX, FlameCanvas } from "./flame-canvas";
import { FrameFacts } from "./flame-facts";
import { FlameTreeItems, frameItemId } from "./flame-tree";
import { FlameWay } from "./flame-way";
import { NoSpans } from "./no-spans";
import { useFlameScroll } from "./use-flame-scroll";
import { ViewCard } from "./view-card";
import type { ViewProps } from "./view-props";

const ROW_PX = 22;
const PHONE_ROW_PX = 30;

/** Where the work went, by callers: alike calls are one frame, as wide as the work in it. One tab stop, arrows move. */
export function FlameView(props: ViewProps) {
  const { view, state, dispatch, hasQuery, gridRef } = props;
  const { trace, plan, kept, matches } = view;
  const { theme } = useTheme();
  const [boxRef, widthPx] = useWidth();
  const rowPx = useMedia(PHONE) ? PHONE_ROW_PX : ROW_PX;
  const frames = useMemo(() => computeFlame({ trace, plan }, kept), [trace, plan, kept]);
  const marked = useMemo(() => (hasQuery ? markFrames(frames, matches.marks) : undefined), [frames, matches, hasQuery]);
  const root = frameOf(frames, state.flameRoot);
  const boxes = useMemo(() => layOutFlame(frames, widthPx, root), [frames, widthPx, root]);
  const active = activeFrame(frames, root, frameOf(frames, state.selected?.span));
  const actions = makeActions(props, frames, root);
  useFlameKeys({ active, root, frames, isDrawerOpen: state.isDrawerOpen, ...actions });
  useFlameScroll({
    gridRef,
    rowPx,
    coveredAbovePx: COVERED_ABOVE_PX,
    row: rowOfFrame(frames, root, active),
    moved: state.selected,
  });
  const handleKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const next = neighbourOf(frames, root, active, event.key);
    if (next !== undefined) actions.select(next);
    else if (event.key === "Enter") actions.zoom(active);
    else return;
    event.preventDefault();
  };
  return (
    <ViewCard
      dispatch={dispatch}
      footer={<Footer hasPath={state.switches.has("path")} />}
      hiddenServices={state.hiddenServices}
      label="Flame graph"
      meta={metaText(frames, trace.durationUs)}
      trace={trace}
    >
      {frames.count === 0 ? (
        <NoSpans dispatch={dispatch} state={state} />
      ) : (
        <>
          <div className="sticky top-12 z-10 flex h-9 items-center border-b border-line bg-surface px-2 max-phone:h-11">
            <FlameWay frames={frames} onZoom={actions.zoom} root={root} trace={trace} />
          </div>
          <div className="px-2 pt-2 pb-3">
            <div ref={boxRef}>
              <div
                aria-activedescendant={frameItemId(active)}
                aria-label="Flame graph"
                className="relative outline-offset-2"
                onKeyDown={handleKeyDown}
                ref={gridRef}
                role="tree"
                style={{ height: boxes.rows * rowPx }}
                tabIndex={0}
              >
                <FlameCanvas
                  onPress={(frame) => {
                    gridRef.current?.focus({ preventScroll: true });
                    actions.zoom(frame);
                  }}
                  picture={{
                    trace,
                    frames,
                    boxes,
                    rowPx,
                    marked,
                    hasPath: state.switches.has("path"),
                    selected: state.selected === undefined ? NO_FRAME : active,
                    isDark: theme === "dark",
                  }}
                  treeRef={gridRef}
                  widthPx={widthPx}
                />
                <FlameTreeItems active={active} frames={frames} root={root} trace={trace} />
              </div>
            </div>
          </div>
          <section
            aria-label="Frame"
            className="sticky bottom-0 z-10 flex items-center gap-3 border-t border-line bg-surface px-2.5 py-1.5 max-phone:bottom-[calc(60px+env(safe-area-inset-bottom))]"
          >
            <div className="grid min-w-0 flex-1 gap-0.5">
              <FrameFacts frame={active} frames={frames} trace={trace} />
            </div>
            <Button onClick={() => actions.open(active)} size="sm" title="Details of its longest span (o)">
              Details
            </Button>
          </section>
        </>
      )}
    </ViewCard>
  );
}

const frameOf = (frames: FlameFrames, span: number | undefined): number =>
  span === undefined ? NO_FRAME : (frames.ofSpan[span] ?? NO_FRAME);

const rowOfFrame = (frames: FlameFrames, root: number, frame: number): number =>
  (frames.depth[frame] ?? 0) - (root === NO_FRAME ? 0 : (frames.depth[root] ?? 0));

/** The selected frame where it is in sight, else the outermost. */
function activeFrame(frames: FlameFrames, root: number, selected: number): number {
  const first = root === NO_FRAME ? (frames.roots[0] ?? NO_FRAME) : root;
  if (selected === NO_FRAME || root === NO_FRAME) return selected === NO_FRAME ? first : selected;
  for (let at = selected; at !== NO_FRAME; at = frames.parent[at] ?? NO_FRAME) if (at === root) return selected;
  return first;
}

function makeActions({ state, dispatch }: ViewProps, frames: FlameFrames, root: number) {
  const spanOf = (frame: number): number => {
    const selected = state.selected?.span;
    // A call that is looked at stays selected while its frame is.
    return selected !== undefined && frames.ofSpan[selected] === frame ? selected : (frames.longest[frame] ?? 0);
  };
  const select = (frame: number) => dispatch({ type: "select", span: spanOf(frame) });
  return {
    select,
    zoom: (frame: number) => {
      dispatch({ type: "flameRoot", span: frame === NO_FRAME ? undefined : (frames.longest[frame] ?? undefined) });
      if (frame !== NO_FRAME) select(frame);
    },
    /** Zooms out by one frame; false where all is shown. */
    back: (): boolean => {
      if (root === NO_FRAME) return false;
      const above = frames.parent[root] ?? NO_FRAME;
      dispatch({ type: "flameRoot", span: above === NO_FRAME ? undefined : frames.longest[above] });
      return true;
    },
    open: (frame: number) => dispatch({ type: "select", span: spanOf(frame), isOpening: true }),
  };
}

type FlameKeys = ReturnType<typeof makeActions> & {
  active: number;
  root: number;
  frames: FlameFrames;
  isDrawerOpen: boolean;
};

/** Keys of the page while the flame is shown. */
function useFlameKeys({ active, root, isDrawerOpen, zoom, back, open }: FlameKeys): void {
  usePageKeys(({ key }) => {
    if (key === "0" && root !== NO_FRAME) zoom(NO_FRAME);
    else if (key === "z") zoom(active);
    else if (key === "o") open(active);
    else if (key === "Backspace" || (key === "Escape" && !isDrawerOpen)) return back();
    else return false;
    return true;
  });
}

/** Up to the caller, down to the widest called, sideways to what its caller called besides. */
function neighbourOf(frames: FlameFrames, root: number, active: number, key: string): number | undefined {
  const above = frames.parent[active] ?? NO_FRAME;
  const beside = active === root ? Int32Array.of(active) : framesBelow(frames, above);
  const at = beside.indexOf(active);
  switch (key) {
    case "ArrowUp":
      return active === root || above === NO_FRAME ? undefined : above;
    case "ArrowDown":
      return framesBelow(frames, active)[0];
    case "ArrowRight":
      return beside[at + 1];
    case "ArrowLeft":
      return beside[at - 1];
    case "Home":
      return root === NO_FRAME ? frames.roots[0] : root;
    default:
      return undefined;
  }
}

function metaText(frames: FlameFrames, durationUs: number): string {
  const count = `${formatCount(frames.count)} ${frames.count === 1 ? "step" : "steps"}`;
  return `${count}, ${formatDuration(frames.totalUs)} of work in ${formatDuration(durationUs)}`;
}

function Footer({ hasPath }: { hasPath: boolean }) {
  return (
    <>
      <span>width: own work of all spans added up, widest first; solid: its own, pale: what it called</span>
      {hasPath && <span>thick line: critical path</span>}
      <span>
        <b className="text-bad">×</b> failed
      </span>
      <span className="ml-auto max-phone:hidden">
        <Kbd>↑</Kbd> <Kbd>↓</Kbd> <Kbd>←</Kbd> <Kbd>→</Kbd> move, <Kbd>↵</Kbd> zoom, <Kbd>Esc</Kbd> out, <Kbd>0</Kbd>{" "}
        all, <Kbd>o</Kbd> details, <Kbd>1</Kbd>–<Kbd>{VIEW_NAMES.length}</Kbd> view
      </span>
    </>
  );
}
