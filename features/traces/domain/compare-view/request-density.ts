import { formatDuration, formatShare } from "@/lib/format";
import { computeLogTicks } from "../axis-ticks";
import type { ComparedSide } from "../paths/compare-schema";

const GRID = 120;
/** A curve over fewer requests than this would be drawn by the kernel, not by the requests. */
const MIN_FOR_CURVE = 5;
const MIN_BANDWIDTH = 0.035;
/** A quantile needs this many requests beyond it to be one. */
const QUANTILES = [
  { name: "p5", key: "p5Us", least: 20 },
  { name: "p50", key: "p50Us", least: 3 },
  { name: "p95", key: "p95Us", least: 20 },
  { name: "p99", key: "p99Us", least: 100 },
] as const;

type Side = Pick<ComparedSide, "ticksUs" | "quantiles">;

/** Shares of the plot's width, 0 to 1; curves share of its height. */
export type RequestDensity = {
  lowUs: number;
  highUs: number;
  axisUs: { us: number; at: number }[];
  /** Empty where there are too few requests for a curve. */
  before: { curve: number[]; ticks: number[] };
  after: { curve: number[]; ticks: number[] };
  /** Equal quantiles of both sides; `ratio` is after over before. */
  links: { name: string; from: number; to: number; ratio: number; fromUs: number; toUs: number }[];
  /** Requests after that are slower than 99 of 100 before; null with too few before to say. */
  beyond: { count: number; of: number; aboveUs: number } | null;
};

/** Both sides' durations on one logarithmic axis: a curve each, a tick a request, and lines between equal quantiles. */
export function toRequestDensity(before: Side, after: Side): RequestDensity {
  const { lowUs, highUs } = rangeOf([...before.ticksUs, ...after.ticksUs]);
  const low = Math.log10(lowUs);
  const width = Math.log10(highUs) - low;
  const place = (us: number) => (Math.log10(Math.max(lowUs, us)) - low) / width;
  const curves = [before, after].map(({ ticksUs }) => curveOf(ticksUs, low, width));
  const tallest = Math.max(1e-9, ...curves.flat());
  const side = (at: number, { ticksUs }: Side) => ({
    curve: (curves[at] ?? []).map((value) => value / tallest),
    ticks: ticksUs.map(place),
  });
  const fewest = Math.min(before.ticksUs.length, after.ticksUs.length);
  return {
    lowUs,
    highUs,
    axisUs: computeLogTicks(lowUs, highUs).map((us) => ({ us, at: place(us) })),
    before: side(0, before),
    after: side(1, after),
    links: QUANTILES.filter(({ least }) => fewest >= least).flatMap(({ name, key }) => {
      const [fromUs, toUs] = [before.quantiles[key], after.quantiles[key]];
      if (!(fromUs > 0)) return [];
      return [{ name, from: place(fromUs), to: place(toUs), ratio: toUs / fromUs, fromUs, toUs }];
    }),
    beyond: beyondOf(before, after),
  };
}

function beyondOf(before: Side, after: Side): RequestDensity["beyond"] {
  if (before.ticksUs.length < 100 || after.ticksUs.length === 0) return null;
  const aboveUs = before.quantiles.p99Us;
  return { count: after.ticksUs.filter((us) => us > aboveUs).length, of: after.ticksUs.length, aboveUs };
}

/** Fewer requests have no share to speak of. */
const MIN_FOR_SHARE = 20;

/** What {@link RequestDensity.beyond} says, where it says something: of one trace that it is slow, of many how many are. */
export function beyondText({ beyond }: Pick<RequestDensity, "beyond">): string | undefined {
  if (beyond === null || beyond.count / beyond.of < 0.03) return undefined;
  const { count, of, aboveUs } = beyond;
  const most = `99\u202f% before (${formatDuration(aboveUs)})`;
  if (of === 1) return `this trace took longer than ${most}`;
  if (of < MIN_FOR_SHARE) return `${count} of ${of} after ${count === 1 ? "is" : "are"} slower than ${most}`;
  return `${formatShare(count / of)} after are slower than ${most}`;
}

function rangeOf(ticksUs: readonly number[]): { lowUs: number; highUs: number } {
  let least = Number.POSITIVE_INFINITY;
  let most = 1;
  for (const us of ticksUs) {
    if (us > 0 && us < least) least = us;
    if (us > most) most = us;
  }
  if (!Number.isFinite(least)) least = 1;
  // Air on both sides, and never less than a third of a decade.
  return { lowUs: Math.max(0.5, least / 1.3), highUs: Math.max(most * 1.3, least * 2.2) };
}

/** Kernel density over the logarithm of the durations (Silverman's width), at evenly spaced places. */
function curveOf(ticksUs: readonly number[], low: number, width: number): number[] {
  if (ticksUs.length < MIN_FOR_CURVE) return [];
  const logs = ticksUs.map((us) => Math.log10(Math.max(1, us)));
  const mean = logs.reduce((sum, value) => sum + value, 0) / logs.length;
  const deviation = Math.sqrt(logs.reduce((sum, value) => sum + (value - mean) ** 2, 0) / logs.length);
  // Half of what Silverman says: durations have several humps, which his rule flattens.
  const bandwidth = Math.max(MIN_BANDWIDTH, 0.53 * deviation * logs.length ** -0.2);
  return Array.from({ length: GRID + 1 }, (_, at) => {
    const x = low + (at / GRID) * width;
    let sum = 0;
    for (const value of logs) {
      const away = (x - value) / bandwidth;
      if (away > -4 && away < 4) sum += Math.exp(-0.5 * away * away);
    }
    return sum / (logs.length * bandwidth);
  });
}
