const STEPS = [1, 2, 5];
const CLOCK_STEPS_MS = [
  1000, 5000, 10_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000, 3_600_000, 7_200_000, 10_800_000,
  21_600_000, 43_200_000, 86_400_000, 172_800_000,
];

/** Round values (1, 2, 5 × a power of ten) inside `[from, to]`, at most `maxCount`; empty for an empty range. */
export function computeLinearTicks(from: number, to: number, maxCount: number): number[] {
  const width = to - from;
  if (!(width > 0) || maxCount < 1) return [];
  const rough = width / maxCount;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * (STEPS.find((factor) => factor * power >= rough) ?? 10);
  const ticks: number[] = [];
  for (let i = Math.ceil(from / step); i * step <= to; i += 1) ticks.push(i * step);
  return ticks;
}

/** Powers of ten inside `[from, to]`, with 2 and 5 between them when fewer than three would be left. */
export function computeLogTicks(from: number, to: number): number[] {
  const ticks = collectLogTicks(from, to, [1]);
  return ticks.length >= 3 ? ticks : collectLogTicks(from, to, STEPS);
}

function collectLogTicks(from: number, to: number, factors: readonly number[]): number[] {
  const ticks: number[] = [];
  if (!(from > 0) || !(to > from)) return ticks;
  for (let power = Math.floor(Math.log10(from)); power <= Math.ceil(Math.log10(to)); power += 1) {
    for (const factor of factors) {
      // Built from its decimal text: 10 ** -1 * 5 and its like would miss the round value by one bit.
      const tick = Number(`${factor}e${power}`);
      if (tick >= from && tick <= to) ticks.push(tick);
    }
  }
  return ticks;
}

/** Whole clock times (minutes, quarters, hours, days) inside a window, in the zone `offsetMs` east of UTC. */
export function computeClockTicks(fromMs: number, toMs: number, maxCount: number, offsetMs: number): number[] {
  const widthMs = toMs - fromMs;
  if (!(widthMs > 0) || maxCount < 1) return [];
  const stepMs =
    CLOCK_STEPS_MS.find((step) => widthMs / step <= maxCount) ??
    Math.ceil(widthMs / maxCount / 86_400_000) * 86_400_000;
  const ticks: number[] = [];
  for (let at = Math.ceil((fromMs + offsetMs) / stepMs) * stepMs - offsetMs; at <= toMs; at += stepMs) ticks.push(at);
  return ticks;
}
