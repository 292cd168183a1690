import { type FlameFrames, framesBelow, NO_FRAME } from "./flame-frames";

/** A box stands for many frames too narrow to see, told together. */
export const REST = -2;

/**
 * The frames of a flame that can be seen, as boxes in rows of one depth each, from left to right. Row `r` is boxes
 * `rowStart[r] .. rowStart[r + 1] - 1`. Places in pixels from the left.
 */
export type FlameBoxes = {
  count: number;
  rows: number;
  rowStart: Uint32Array;
  /** The frame, or {@link REST}. */
  frame: Int32Array;
  /** Frame above; for a rest those it is part of. */
  parent: Int32Array;
  fromPx: Float32Array;
  toPx: Float32Array;
  /** Frames the box stands for: 1, or as many as a rest. */
  members: Uint32Array;
  /** 0 for a flame without work. */
  pxPerUs: number;
};

/** Narrower frames are told together with their narrower neighbours. */
export const LEAST_FRAME_PX = 3;
/** A rest narrower than this is left out. */
const LEAST_REST_PX = 0.5;

/**
 * Places the flame in a width; with a `root` that frame fills it, its callers are left out. Children stand side by side
 * from the left edge of their frame, widest first; what is left at the right is its own work. Work is proportional to
 * what can be seen, not to the frames there are. No rows for a flame without work.
 */
export function layOutFlame(frames: FlameFrames, widthPx: number, root: number = NO_FRAME): FlameBoxes {
  const boxes = new BoxList();
  if (widthPx <= 0 || frames.count === 0) return boxes.finish(0);
  const wholeUs = root === NO_FRAME ? frames.totalUs : (frames.workUs[root] ?? 0);
  const room = { pxPerUs: wholeUs > 0 ? widthPx / wholeUs : 0, fromPx: 0, toPx: widthPx };
  boxes.openRow();
  if (root === NO_FRAME) placeBelow(boxes, frames, NO_FRAME, room);
  else boxes.add({ frame: root, parent: frames.parent[root] ?? NO_FRAME, fromPx: 0, toPx: widthPx });
  for (let row = 0; boxes.sizeOf(row) > 0; row += 1) placeRow(boxes, frames, row, room.pxPerUs);
  return boxes.finish(room.pxPerUs);
}

/** The row below a row. */
function placeRow(boxes: BoxList, frames: FlameFrames, row: number, pxPerUs: number): void {
  const to = boxes.frame.length;
  const from = boxes.rowStarts[row] ?? to;
  boxes.openRow();
  for (let box = from; box < to; box += 1) {
    const frame = boxes.frame[box] ?? REST;
    const room = { pxPerUs, fromPx: boxes.fromPx[box] ?? 0, toPx: boxes.toPx[box] ?? 0 };
    if (frame !== REST) placeBelow(boxes, frames, frame, room);
  }
}

type Room = { pxPerUs: number; fromPx: number; toPx: number };

/** The frames below one, from its left edge. In a flame without any work they share the width, to be seen at all. */
function placeBelow(boxes: BoxList, frames: FlameFrames, parent: number, { pxPerUs, fromPx, toPx }: Room): void {
  const below = framesBelow(frames, parent);
  const evenPx = (toPx - fromPx) / Math.max(1, below.length);
  const widthOf = (place: number) => (pxPerUs === 0 ? evenPx : (frames.workUs[below[place] ?? 0] ?? 0) * pxPerUs);
  let at = fromPx;
  let place = 0;
  for (; place < below.length && widthOf(place) >= LEAST_FRAME_PX; place += 1) {
    boxes.add({ frame: below[place] ?? 0, parent, fromPx: at, toPx: at + widthOf(place) });
    at += widthOf(place);
  }
  // Widest first: all that follow are narrower still.
  const members = below.length - place;
  let restPx = 0;
  for (; place < below.length; place += 1) restPx += widthOf(place);
  if (restPx >= LEAST_REST_PX) boxes.add({ frame: REST, parent, fromPx: at, toPx: at + restPx, members });
}

type Box = { frame: number; parent: number; fromPx: number; toPx: number; members?: number };

class BoxList {
  readonly rowStarts: number[] = [];
  readonly frame: number[] = [];
  readonly fromPx: number[] = [];
  readonly toPx: number[] = [];
  readonly #parent: number[] = [];
  readonly #members: number[] = [];

  openRow(): void {
    this.rowStarts.push(this.frame.length);
  }

  sizeOf(row: number): number {
    return (this.rowStarts[row + 1] ?? this.frame.length) - (this.rowStarts[row] ?? this.frame.length);
  }

  add({ frame, parent, fromPx, toPx, members = 1 }: Box): void {
    this.frame.push(frame);
    this.#parent.push(parent);
    this.fromPx.push(fromPx);
    this.toPx.push(toPx);
    this.#members.push(members);
  }

  finish(pxPerUs: number): FlameBoxes {
    // The last row opened is the empty one below the lowest.
    const rows = Math.max(0, this.rowStarts.length - 1);
    return {
      count: this.frame.length,
      rows,
      rowStart: Uint32Array.from([...this.rowStarts.slice(0, rows), this.frame.length]),
      frame: Int32Array.from(this.frame),
      parent: Int32Array.from(this.#parent),
      fromPx: Float32Array.from(this.fromPx),
      toPx: Float32Array.from(this.toPx),
      members: Uint32Array.from(this.#members),
      pxPerUs,
    };
  }
}

/** The box at a place, -1 where there is none. */
export function boxAt(boxes: FlameBoxes, row: number, xPx: number): number {
  if (row < 0 || row >= boxes.rows) return -1;
  let low = boxes.rowStart[row] ?? 0;
  let high = (boxes.rowStart[row + 1] ?? 0) - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((boxes.fromPx[middle] ?? 0) <= xPx) low = middle;
    else high = middle - 1;
  }
  return low <= high && xPx >= (boxes.fromPx[low] ?? 0) && xPx < (boxes.toPx[low] ?? 0) ? low : -1;
}
