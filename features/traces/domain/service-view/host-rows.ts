import { formatCount } from "@/lib/format";

/** Requests of one host over the window. */
export type HostSample = { host: string; count: number; p50Us: number; p95Us: number; isWhole: boolean };
export type HostRow = HostSample & { from: number; to: number; isSlow: boolean };

/** Fewer requests than this say nothing about a p95. */
const ENOUGH = 30;
/** A host whose p95 is this many times the median of the others is told apart. */
const SLOW_RATIO = 1.5;

/** Of requests that came from hosts nobody knows yet, so many may be rounding: the window moves while hosts are asked. */
const UNKNOWN_SHARE = 0.05;

/**
 * Hosts slowest first, placed on one scale from 0 to the largest p95. Total: no hosts give no rows.
 *
 * @param requestCount all requests of the service in the window; null where that is not known
 */
export function toHostRows(
  samples: readonly HostSample[],
  requestCount: number | null,
): { rows: HostRow[]; sentence: string } {
  const seen = samples
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => b.p95Us - a.p95Us || (a.host < b.host ? -1 : 1));
  const scaleUs = Math.max(1, ...seen.map(({ p95Us }) => p95Us));
  const judged = seen.filter(({ count }) => count >= ENOUGH);
  const rows = seen.map((sample) => {
    const others = judged.filter(({ host }) => host !== sample.host).map(({ p95Us }) => p95Us);
    const isSlow = sample.count >= ENOUGH && others.length > 0 && sample.p95Us >= SLOW_RATIO * medianOf(others);
    return { ...sample, from: sample.p50Us / scaleUs, to: sample.p95Us / scaleUs, isSlow };
  });
  const knownCount = seen.reduce((sum, { count }) => sum + count, 0);
  const isWhole = seen.every((sample) => sample.isWhole);
  const unknown = isWhole && requestCount !== null ? requestCount - knownCount : 0;
  const isPartial = unknown > (requestCount ?? 0) * UNKNOWN_SHARE;
  const rest = isPartial
    ? ` ${formatCount(unknown)} of ${formatCount(requestCount ?? 0)} requests came from hosts that are not known yet.`
    : "";
  return { rows, sentence: `${say(rows, judged.length, isPartial)}${rest}` };
}

function say(rows: readonly HostRow[], judgedCount: number, isPartial: boolean): string {
  const slow = rows.filter(({ isSlow }) => isSlow).map(({ host }) => host);
  if (slow.length > 0) return `${slow.join(" and ")} ${slow.length === 1 ? "is" : "are"} slower than the others.`;
  if (judgedCount < 2) return "Too few requests on each host to tell them apart.";
  if (isPartial) return "No known host stands out.";
  return judgedCount === rows.length ? `Not one host: all ${rows.length} are alike.` : "No host stands out.";
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}
