import type { Flame, FlameFrame } from "../paths/aggregate-path-schema";

/** A frame placed: `from` and `to` are shares of the shown width, `depth` counts from the shown root. */
export type FlameBox = { frame: number; from: number; to: number; depth: number };

/** Narrower boxes than this share cannot be pointed at. */
const MIN_WIDTH = 0.0015;

/** The flame as boxes, callers above what they call; `root` (a frame) fills the width, its callers above it too. */
export function layOutFlame({ frames, totalUs }: Pick<Flame, "frames" | "totalUs">, root?: number): FlameBox[] {
  const starts = startsOf(frames);
  const zoom = root === undefined ? undefined : frames[root];
  const fromUs = root === undefined ? 0 : (starts[root] ?? 0);
  const wholeUs = Math.max(1, zoom?.totalUs ?? totalUs);
  const depths = depthsOf(frames);
  const clamp = (share: number) => Math.min(1, Math.max(0, share));
  return frames.flatMap((frame, at) => {
    const from = clamp(((starts[at] ?? 0) - fromUs) / wholeUs);
    const to = clamp(((starts[at] ?? 0) + frame.totalUs - fromUs) / wholeUs);
    return to - from < MIN_WIDTH ? [] : [{ frame: at, from, to, depth: depths[at] ?? 0 }];
  });
}

/** Children stand side by side from the left edge of their parent, in the order they run. */
function startsOf(frames: readonly FlameFrame[]): number[] {
  const nextFree = new Map<number, number>();
  const starts: number[] = [];
  frames.forEach(({ parent, totalUs }, at) => {
    const start = nextFree.get(parent) ?? (parent >= 0 ? (starts[parent] ?? 0) : 0);
    starts[at] = start;
    nextFree.set(parent, start + totalUs);
  });
  return starts;
}

function depthsOf(frames: readonly FlameFrame[]): number[] {
  const depths: number[] = [];
  frames.forEach(({ parent }, at) => {
    depths[at] = parent >= 0 ? (depths[parent] ?? 0) + 1 : 0;
  });
  return depths;
}

/** Steps with the same name anywhere in the flame together: where the time itself goes, most first. */
export function sumByStep({ frames, totalUs }: Pick<Flame, "frames" | "totalUs">) {
  const sums = new Map<
    string,
    { service: string; name: string; detail: string; ownUs: number; calls: number; traceCount: number; frame: number }
  >();
  frames.forEach(({ service, name, detail, ownUs, calls, traceCount }, frame) => {
    const key = JSON.stringify([service, name, detail]);
    const sum = sums.get(key) ?? { service, name, detail, ownUs: 0, calls: 0, traceCount: 0, frame };
    sum.ownUs += ownUs;
    sum.calls += calls;
    sum.traceCount = Math.max(sum.traceCount, traceCount);
    if (ownUs > (frames[sum.frame]?.ownUs ?? 0)) sum.frame = frame;
    sums.set(key, sum);
  });
  return [...sums.values()]
    .map((sum) => ({ ...sum, share: totalUs === 0 ? 0 : sum.ownUs / totalUs }))
    .sort((a, b) => b.ownUs - a.ownUs);
}
