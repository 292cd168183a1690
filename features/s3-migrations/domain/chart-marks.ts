import type { CommandVerb } from "./states";
import type { ThroughputPoint } from "./throughput-series";

type Command = { verb: CommandVerb; actor: string; reason: string | null; at: string };

/** One thing on the chart that a letter names: what a person did, or a stretch in which a store asked to slow down. */
export type ChartMark =
  | { kind: "command"; letter: string; fromMs: number; verb: CommandVerb; actor: string; reason: string | null }
  | { kind: "throttled"; letter: string; fromMs: number; toMs: number; throttledMs: number };

/** More letters than these, and nobody finds one. */
const MOST = 12;
/** Two throttled points closer than this are one stretch. */
const NEAR_MS = 60_000;

/**
 * What a reader asks of a change in the line, oldest first, lettered A to L: the newest that fit. Commands outside the
 * points' time are left out: the line does not show them.
 */
export function chartMarks(points: readonly ThroughputPoint[], commands: readonly Command[]): ChartMark[] {
  const firstMs = points[0]?.atMs ?? 0;
  const lastMs = points.at(-1)?.atMs ?? 0;
  const given = commands
    .map(({ at, verb, actor, reason }) => ({ kind: "command" as const, fromMs: Date.parse(at), verb, actor, reason }))
    .filter(({ fromMs }) => fromMs >= firstMs && fromMs <= lastMs);
  return [...given, ...throttledStretches(points)]
    .sort((a, b) => a.fromMs - b.fromMs)
    .slice(-MOST)
    .map((mark, at) => ({ ...mark, letter: String.fromCharCode(65 + at) }));
}

type Stretch = { kind: "throttled"; fromMs: number; toMs: number; throttledMs: number };

function throttledStretches(points: readonly ThroughputPoint[]): Stretch[] {
  const stretches: Stretch[] = [];
  for (const [at, { atMs, throttled }] of points.entries()) {
    if (throttled <= 0) continue;
    const last = stretches.at(-1);
    if (last !== undefined && atMs - last.toMs <= NEAR_MS) {
      last.toMs = atMs;
      last.throttledMs += throttled;
    } else {
      stretches.push({ kind: "throttled", fromMs: points[at - 1]?.atMs ?? atMs, toMs: atMs, throttledMs: throttled });
    }
  }
  return stretches;
}
