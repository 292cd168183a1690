import type { TraceSkeleton } from "../../domain/trace-skeleton";
import { type FlameFrames, framesBelow, NO_FRAME, wayTo } from "../../domain/views/flame-frames";
import { frameLabel } from "./flame-facts";

/** Callers and called told around the active frame; a chain of 20,000 is not told at once. */
const MOST_ABOVE = 12;
const MOST_BELOW = 12;

export const frameItemId = (frame: number): string => `flame-frame-${frame}`;

type FlameTreeProps = { trace: TraceSkeleton; frames: FlameFrames; root: number; active: number };

/** What stands around the active frame, for those who do not see the canvas: its callers, itself beside its siblings, what it called. */
export function FlameTreeItems({ trace, frames, root, active }: FlameTreeProps) {
  return itemsAround(frames, root, active).map((frame) => {
    const above = frames.parent[frame] ?? NO_FRAME;
    const beside = frame === root ? [frame] : framesBelow(frames, above);
    return (
      <div
        aria-expanded={framesBelow(frames, frame).length > 0 ? true : undefined}
        aria-level={levelOf(frames, root, frame)}
        aria-posinset={beside.indexOf(frame) + 1}
        aria-selected={frame === active}
        aria-setsize={beside.length}
        className="sr-only"
        id={frameItemId(frame)}
        key={frame}
        role="treeitem"
        tabIndex={-1}
      >
        {frameLabel({ trace, frames, frame })}
      </div>
    );
  });
}

function levelOf(frames: FlameFrames, root: number, frame: number): number {
  const top = root === NO_FRAME ? 0 : (frames.depth[root] ?? 0);
  return (frames.depth[frame] ?? 0) - top + 1;
}

/** In the order of the tree. */
function itemsAround(frames: FlameFrames, root: number, active: number): number[] {
  const above = wayTo(frames, frames.parent[active] ?? NO_FRAME);
  const inSight = root === NO_FRAME ? above : above.slice(Math.max(0, above.indexOf(root)));
  const siblings = active === root ? Int32Array.of(active) : framesBelow(frames, frames.parent[active] ?? NO_FRAME);
  const at = siblings.indexOf(active);
  const before = at > 0 ? [siblings[at - 1] ?? active] : [];
  const after = at + 1 < siblings.length ? [siblings[at + 1] ?? active] : [];
  const way = active === root ? [] : inSight.slice(-MOST_ABOVE);
  return [...way, ...before, active, ...framesBelow(frames, active).subarray(0, MOST_BELOW), ...after];
}
