import { seededRandom } from "./statistics";

type Started = { traceId: string; startUs: number };

/** At most `max` of the traces, evenly over their order of start; the same ones for the same traces. */
export function pickEvenly<T extends Started>(traces: readonly T[], max: number): T[] {
  const sorted = [...traces].sort(byStart);
  if (sorted.length <= max) return sorted;
  return Array.from({ length: max }, (_, at) => sorted[Math.floor(((at + 0.5) * sorted.length) / max)]).filter(
    (trace) => trace !== undefined,
  );
}

/** At most `max` of the traces by chance; the same ones for the same traces and seed, whatever order they come in. */
export function pickByChance<T extends Started>(traces: readonly T[], max: number, seed: number): T[] {
  const random = seededRandom(seed);
  return [...traces]
    .sort(byStart)
    .map((trace) => ({ trace, ticket: random() }))
    .sort((a, b) => a.ticket - b.ticket)
    .slice(0, max)
    .map(({ trace }) => trace)
    .sort(byStart);
}

function byStart(a: Started, b: Started): number {
  return a.startUs - b.startUs || (a.traceId < b.traceId ? -1 : 1);
}
