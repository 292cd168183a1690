/*
 * How long a trace is, by clocks that may disagree. A call that another process answered lies within the call; where its
 * times say otherwise, its clock is off, and all below it is moved with it, as Jaeger's own adjuster does. Work that the
 * caller did not wait for keeps its time: it may well end after the answer.
 */

export type TimedSpans = {
  /** Row of each span's parent, -1 for none. Cycles are cut wherever they are met. */
  parent: ArrayLike<number>;
  /** Microseconds, from any origin. */
  startUs: ArrayLike<number>;
  durationUs: ArrayLike<number>;
  /** Equal for spans of one service. */
  service: ArrayLike<number>;
  /** As OTLP counts them: 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  kind: ArrayLike<number>;
};
export type TraceLength = {
  /** From the first start to the last end, once clocks are put right. */
  lengthUs: number;
  /** By how much two clocks differ at the least; 0 where none is seen to, or by less than a millisecond. */
  clocksApartUs: number;
};

const [SERVER, CLIENT, PRODUCER, CONSUMER] = [2, 3, 4, 5];
/** Rounding to microseconds may put a child this far before its parent on one machine. */
const ROUNDED_US = 1;
/** Clocks of good machines differ by less; nobody needs to hear of it. */
const LEAST_TOLD_US = 1000;
/** A job that waited longer than a week is taken for a clock that is wrong. */
const LONGEST_WAIT_US = 7 * 24 * 3600 * 1e6;

/** Total: no spans last 0. Linear in the spans. */
export function traceLength(spans: TimedSpans): TraceLength {
  const shifts = shiftsOf(spans);
  let [fromUs, toUs, clocksApartUs] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (let row = 0; row < spans.parent.length; row += 1) {
    const startUs = (spans.startUs[row] ?? 0) + (shifts?.[row] ?? 0);
    fromUs = Math.min(fromUs, startUs);
    toUs = Math.max(toUs, startUs + (spans.durationUs[row] ?? 0));
    if (shifts !== undefined) clocksApartUs = Math.max(clocksApartUs, outsideUs(spans, row));
  }
  return {
    lengthUs: Math.max(0, toUs - fromUs) || 0,
    clocksApartUs: clocksApartUs < LEAST_TOLD_US ? 0 : clocksApartUs,
  };
}

/** By how much each span's clock is put right; undefined where none is. */
function shiftsOf(spans: TimedSpans): Float64Array | undefined {
  const count = spans.parent.length;
  const shifts = new Float64Array(count);
  let isAny = false;
  for (let row = 0; row < count; row += 1) {
    shifts[row] = ownShift(spans, row);
    isAny ||= shifts[row] !== 0;
  }
  return isAny ? summedDown(spans.parent, shifts) : undefined;
}

/** Each span moves with its parent: sums of the shifts from the root down to each. */
function summedDown(parent: ArrayLike<number>, shifts: Float64Array): Float64Array {
  const isDone = new Uint8Array(shifts.length);
  const chain: number[] = [];
  for (let start = 0; start < shifts.length; start += 1) {
    for (let row = start; row >= 0 && isDone[row] === 0; row = parent[row] ?? -1) {
      isDone[row] = 1;
      chain.push(row);
    }
    for (let row = chain.pop(); row !== undefined; row = chain.pop()) {
      const above = parent[row] ?? -1;
      if (above >= 0) shifts[row] = (shifts[row] ?? 0) + (shifts[above] ?? 0);
    }
  }
  return shifts;
}

function ownShift(spans: TimedSpans, row: number): number {
  if (outsideUs(spans, row) === 0) return 0;
  const above = spans.parent[row] ?? -1;
  const roomUs = isLeftBehind(spans, row) ? 0 : (spans.durationUs[above] ?? 0) - (spans.durationUs[row] ?? 0);
  return Math.max(0, Math.floor(roomUs / 2)) - aheadOf(spans, row);
}

/** How far a span's start lies where it cannot, by its parent's clock; 0 where it can. */
function outsideUs(spans: TimedSpans, row: number): number {
  const above = spans.parent[row] ?? -1;
  const isCall = isAnswer(spans, row);
  if (above < 0 || (!isCall && spans.service[row] === spans.service[above])) return 0;
  const aheadUs = aheadOf(spans, row);
  if (aheadUs < 0) return aheadUs < -ROUNDED_US ? -aheadUs : 0;
  const latestUs = isCall
    ? (spans.durationUs[above] ?? 0)
    : isLeftBehind(spans, row)
      ? LONGEST_WAIT_US
      : Number.POSITIVE_INFINITY;
  return Math.max(0, aheadUs - latestUs);
}

const aheadOf = ({ startUs, parent }: TimedSpans, row: number) =>
  (startUs[row] ?? 0) - (startUs[parent[row] ?? -1] ?? 0);
const isAnswer = ({ kind, parent }: TimedSpans, row: number) =>
  kind[row] === SERVER && kind[parent[row] ?? -1] === CLIENT;
const isLeftBehind = ({ kind, parent }: TimedSpans, row: number) =>
  kind[row] === CONSUMER || kind[parent[row] ?? -1] === PRODUCER;
