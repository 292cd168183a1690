import { hasFlag, NO_PARENT, type TraceSkeleton } from "../trace-skeleton";
import type { TracePlan } from "../waterfall/trace-plan";
import { stepKey } from "./operation-totals";

/** No frame is above. */
export const NO_FRAME = -1;

/**
 * A trace as a flame: alike spans (service, name, kind) under alike callers are one frame. Frames as columns, a frame
 * always after the one above it. What a frame is wide is work: the own work of all its spans and of all below them, so
 * that a frame is exactly as wide as what stands below it and its own work together. Spans side by side count each.
 */
export type FlameFrames = {
  count: number;
  /** Frame above, or {@link NO_FRAME}. */
  parent: Int32Array;
  depth: Uint32Array;
  /** µs of work in the frame and below, and in its own spans alone. */
  workUs: Float64Array;
  selfUs: Float64Array;
  /** Durations of its own spans added up. */
  durationUs: Float64Array;
  /** Time of the critical path in the frame and below, and in its own spans alone. */
  pathUs: Float64Array;
  ownPathUs: Float64Array;
  spanCount: Uint32Array;
  errors: Uint32Array;
  /** Row of its longest span; of equal ones the first. */
  longest: Int32Array;
  /** Frames below, widest first: those of frame `f` are `children[childStart[f]] .. children[childStart[f + 1] - 1]`. */
  childStart: Uint32Array;
  children: Int32Array;
  /** Frames nothing is above, widest first. */
  roots: Int32Array;
  /** Frame of each span, {@link NO_FRAME} for one that is left out. */
  ofSpan: Int32Array;
  /** Work of the whole flame. */
  totalUs: number;
};

type Source = { trace: TraceSkeleton; plan: Pick<TracePlan, "selfUs" | "path"> };

/**
 * The flame of a trace. `kept` leaves spans out, which must keep what leads to a kept one. Total over every shape, no
 * recursion: a chain of 20,000 spans is 20,000 frames.
 */
export function computeFlame({ trace, plan }: Source, kept?: Uint8Array): FlameFrames {
  const { ofSpan, parents, depths } = mergeSpans(trace, kept);
  const count = parents.length;
  const frames = emptyFrames(Int32Array.from(parents), Uint32Array.from(depths), ofSpan);
  for (let span = 0; span < trace.spanCount; span += 1) addSpan(frames, { trace, plan }, span);
  frames.workUs.set(frames.selfUs);
  frames.pathUs.set(frames.ownPathUs);
  for (let frame = count - 1; frame >= 0; frame -= 1) {
    const above = parents[frame] ?? NO_FRAME;
    if (above === NO_FRAME) frames.totalUs += frames.workUs[frame] ?? 0;
    else {
      frames.workUs[above] = (frames.workUs[above] ?? 0) + (frames.workUs[frame] ?? 0);
      frames.pathUs[above] = (frames.pathUs[above] ?? 0) + (frames.pathUs[frame] ?? 0);
    }
  }
  orderChildren(frames);
  return frames;
}

/** Which frame each span is part of. Rows stand below their parents, so a span's caller has its frame already. */
function mergeSpans(trace: TraceSkeleton, kept: Uint8Array | undefined) {
  const ofSpan = new Int32Array(trace.spanCount).fill(NO_FRAME);
  const parents: number[] = [];
  const depths: number[] = [];
  const known = new Map<number, number>();
  const steps = denseSteps(trace);
  for (let span = 0; span < trace.spanCount; span += 1) {
    if (kept !== undefined && kept[span] !== 1) continue;
    const caller = trace.parent[span] ?? NO_PARENT;
    const above = caller === NO_PARENT ? NO_FRAME : (ofSpan[caller] ?? NO_FRAME);
    const key = (above + 1) * steps.count + (steps.ofSpan[span] ?? 0);
    let frame = known.get(key);
    if (frame === undefined) {
      frame = parents.push(above) - 1;
      depths.push(above === NO_FRAME ? 0 : (depths[above] ?? 0) + 1);
      known.set(key, frame);
    }
    ofSpan[span] = frame;
  }
  return { ofSpan, parents, depths };
}

/** Small numbers for service, name and kind, so that a caller's frame and a step fit one number. */
function denseSteps(trace: TraceSkeleton) {
  const ofSpan = new Uint32Array(trace.spanCount);
  const known = new Map<number, number>();
  for (let span = 0; span < trace.spanCount; span += 1) {
    const key = stepKey(trace, span);
    const step = known.get(key) ?? known.size;
    known.set(key, step);
    ofSpan[span] = step;
  }
  return { ofSpan, count: known.size };
}

function emptyFrames(parent: Int32Array, depth: Uint32Array, ofSpan: Int32Array): FlameFrames {
  const count = parent.length;
  return {
    count,
    parent,
    depth,
    workUs: new Float64Array(count),
    selfUs: new Float64Array(count),
    durationUs: new Float64Array(count),
    pathUs: new Float64Array(count),
    ownPathUs: new Float64Array(count),
    spanCount: new Uint32Array(count),
    errors: new Uint32Array(count),
    longest: new Int32Array(count).fill(-1),
    childStart: new Uint32Array(count + 1),
    children: new Int32Array(0),
    roots: new Int32Array(0),
    ofSpan,
    totalUs: 0,
  };
}

function addSpan(frames: FlameFrames, { trace, plan }: Source, span: number): void {
  const frame = frames.ofSpan[span] ?? NO_FRAME;
  if (frame === NO_FRAME) return;
  const durationUs = trace.spanDurationUs[span] ?? 0;
  frames.selfUs[frame] = (frames.selfUs[frame] ?? 0) + (plan.selfUs[span] ?? 0);
  frames.durationUs[frame] = (frames.durationUs[frame] ?? 0) + durationUs;
  frames.ownPathUs[frame] = (frames.ownPathUs[frame] ?? 0) + (plan.path.ownUs[span] ?? 0);
  frames.spanCount[frame] = (frames.spanCount[frame] ?? 0) + 1;
  if (hasFlag(trace, span, "error")) frames.errors[frame] = (frames.errors[frame] ?? 0) + 1;
  const longest = frames.longest[frame] ?? -1;
  if (longest === -1 || durationUs > (trace.spanDurationUs[longest] ?? 0)) frames.longest[frame] = span;
}

function orderChildren(frames: FlameFrames): void {
  const { count, parent, workUs, childStart } = frames;
  const byWidth = Int32Array.from({ length: count }, (_, frame) => frame);
  byWidth.sort((a, b) => (workUs[b] ?? 0) - (workUs[a] ?? 0) || a - b);
  const sizes = new Uint32Array(count);
  for (const above of parent) if (above !== NO_FRAME) sizes[above] = (sizes[above] ?? 0) + 1;
  for (let frame = 0; frame < count; frame += 1) {
    childStart[frame + 1] = (childStart[frame] ?? 0) + (sizes[frame] ?? 0);
  }
  const next = childStart.slice();
  const roots: number[] = [];
  frames.children = new Int32Array(childStart[count] ?? 0);
  for (const frame of byWidth) {
    const above = parent[frame] ?? NO_FRAME;
    if (above === NO_FRAME) {
      roots.push(frame);
      continue;
    }
    const at = next[above] ?? 0;
    frames.children[at] = frame;
    next[above] = at + 1;
  }
  frames.roots = Int32Array.from(roots);
}

/** The frames directly below a frame, or those nothing is above, widest first. */
export function framesBelow(frames: FlameFrames, frame: number): Int32Array {
  if (frame === NO_FRAME) return frames.roots;
  return frames.children.subarray(frames.childStart[frame] ?? 0, frames.childStart[frame + 1] ?? 0);
}

/** From the outermost frame down to this one; none for {@link NO_FRAME}. */
export function wayTo(frames: FlameFrames, frame: number): number[] {
  const way: number[] = [];
  for (let at = frame; at !== NO_FRAME; at = frames.parent[at] ?? NO_FRAME) way.push(at);
  return way.reverse();
}

/** What a query says of a frame. */
export const FRAME_MARKS = { none: 0, leadsToMatch: 1, matches: 2 } as const;

/** Per frame one of {@link FRAME_MARKS}: whether one of its own spans is marked, or one below it. */
export function markFrames({ count, parent, ofSpan }: FlameFrames, marks: Uint8Array): Uint8Array {
  const marked = new Uint8Array(count);
  for (let span = 0; span < ofSpan.length; span += 1) {
    const frame = ofSpan[span] ?? NO_FRAME;
    if (frame !== NO_FRAME && marks[span] === 1) marked[frame] = FRAME_MARKS.matches;
  }
  for (let frame = count - 1; frame >= 0; frame -= 1) {
    const above = parent[frame] ?? NO_FRAME;
    if (above !== NO_FRAME && marked[frame] !== FRAME_MARKS.none && marked[above] === FRAME_MARKS.none)
      marked[above] = FRAME_MARKS.leadsToMatch;
  }
  return marked;
}
