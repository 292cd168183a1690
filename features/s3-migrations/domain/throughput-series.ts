/** What of a sample the chart needs. */
type Sample = {
  at: string;
  state: string;
  objectsPerSecond: number;
  bytesPerSecond: number;
  concurrency: number;
  throttledMs: number;
  putMs: { p50: number; p95: number } | null;
};

/** `rate` and `bytes` are null where nothing was worked on, or nobody looked. */
export type ThroughputPoint = {
  atMs: number;
  rate: number | null;
  bytes: number | null;
  limit: number;
  throttled: number;
  /** p50 and p95 of the destination's answers to writes, in ms; null when it answered none. */
  put: [p50: number, p95: number] | null;
};
/** Nobody looked in it, so nothing is known of it. */
export type UnseenStretch = { fromMs: number; toMs: number };

const WORKING = new Set(["listing", "running", "verifying"]);
/** Of the usual distance of two samples; a beat that comes late is no outage. */
const GAP_FACTOR = 3;
/** Where there are too few samples to tell their distance. */
const LEAST_GAP_MS = 15_000;

/**
 * Samples as points of a line that breaks where a pause was, and where samples are missing: between two of them nothing
 * is known, and a line would invent it. Throttling is what was added since the sample before.
 */
export function toThroughputSeries(samples: readonly Sample[]): { points: ThroughputPoint[]; unseen: UnseenStretch[] } {
  const times = samples.map(({ at }) => Date.parse(at));
  const longestMs = Math.max(LEAST_GAP_MS, GAP_FACTOR * usualDistance(times));
  const points: ThroughputPoint[] = [];
  const unseen: UnseenStretch[] = [];
  for (const [at, sample] of samples.entries()) {
    const atMs = times[at] ?? 0;
    const beforeMs = times[at - 1] ?? atMs;
    const isWorking = WORKING.has(sample.state);
    if (atMs - beforeMs > longestMs && isWorking && WORKING.has(samples[at - 1]?.state ?? "")) {
      unseen.push({ fromMs: beforeMs, toMs: atMs });
      points.push({ atMs: (beforeMs + atMs) / 2, rate: null, bytes: null, limit: 0, throttled: 0, put: null });
    }
    points.push({
      atMs,
      rate: isWorking ? sample.objectsPerSecond : null,
      bytes: isWorking ? sample.bytesPerSecond : null,
      limit: sample.concurrency,
      put: isWorking && sample.putMs !== null ? [sample.putMs.p50, sample.putMs.p95] : null,
      throttled: Math.max(0, sample.throttledMs - (samples[at - 1]?.throttledMs ?? sample.throttledMs)),
    });
  }
  return { points, unseen };
}

/** The median: a long history is thinned evenly, and an outage is one distance among many. */
function usualDistance(times: readonly number[]): number {
  const distances = times.slice(1).map((atMs, at) => atMs - (times[at] ?? atMs));
  return distances.sort((a, b) => a - b)[Math.floor(distances.length / 2)] ?? 0;
}
