import { SPAN_KINDS, type TraceSkeleton } from "../trace-skeleton";

const SERVER = SPAN_KINDS.indexOf("server");
const CLIENT = SPAN_KINDS.indexOf("client");
const PRODUCER = SPAN_KINDS.indexOf("producer");
const CONSUMER = SPAN_KINDS.indexOf("consumer");

/** A job that waited longer than a week is taken for a clock that is wrong. */
const LONGEST_WAIT_US = 7 * 24 * 3600 * 1e6;

export type Place = { startUs: number; endUs: number; shiftUs: number; isAsync: boolean };

type Ask = {
  row: number;
  parent: number;
  /** Start of the row, already moved with its parent. */
  startUs: number;
  parentStartUs: number;
  parentEndUs: number;
};

/**
 * Where a span belongs in its parent's time. What a parent waits for is clipped to the parent; a call answered by
 * another process that does not fit is moved, as Jaeger's own adjuster does; what the parent did not wait for keeps its
 * time and is asynchronous.
 */
export function placeSpan(trace: TraceSkeleton, ask: Ask): Place {
  const { startUs, parentStartUs, parentEndUs } = ask;
  const durationUs = trace.spanDurationUs[ask.row] ?? 0;
  const endUs = startUs + durationUs;
  const isInside = startUs >= parentStartUs && endUs <= parentEndUs;
  if (isDetached(trace, ask, isInside)) return placeDetached({ startUs, durationUs, parentStartUs });
  if (isInside) return { startUs, endUs, shiftUs: 0, isAsync: false };
  const isOtherProcess = crossesProcess(trace, ask);
  const startsAfter = startUs >= parentEndUs && durationUs > 0;
  if (startsAfter && !isOtherProcess) return { startUs, endUs, shiftUs: 0, isAsync: true };
  const isBefore = endUs <= parentStartUs;
  // One machine's spans that overlap their parent are only clipped: a moved child would lie about its neighbours.
  const mustMove = isBefore || startsAfter || (isOtherProcess && (startUs < parentStartUs || fits(ask, durationUs)));
  const movedUs = mustMove
    ? parentStartUs + Math.max(0, Math.floor((parentEndUs - parentStartUs - durationUs) / 2))
    : startUs;
  const from = Math.min(Math.max(movedUs, parentStartUs), parentEndUs);
  const to = Math.max(from, Math.min(movedUs + durationUs, parentEndUs));
  return { startUs: from, endUs: to, shiftUs: mustMove ? movedUs - startUs : 0, isAsync: false };
}

const fits = ({ parentStartUs, parentEndUs }: Ask, durationUs: number) => durationUs <= parentEndUs - parentStartUs;

/** A client waits for its server; another service's span is answered, not left behind. */
function crossesProcess(trace: TraceSkeleton, { row, parent }: Ask): boolean {
  const isAnswer = trace.kind[row] === SERVER && trace.kind[parent] === CLIENT;
  return isAnswer || (trace.serviceIndex[row] !== trace.serviceIndex[parent] && trace.kind[parent] !== PRODUCER);
}

/** Whether the parent left it behind on purpose. A consumer that runs within a span of its own process is a plain call. */
function isDetached(trace: TraceSkeleton, { row, parent }: Ask, isInside: boolean): boolean {
  if (trace.kind[parent] === PRODUCER) return trace.kind[row] === CONSUMER || !isInside;
  if (trace.kind[row] !== CONSUMER) return false;
  return !(isInside && trace.serviceIndex[row] === trace.serviceIndex[parent]);
}

function placeDetached({
  startUs,
  durationUs,
  parentStartUs,
}: Record<"startUs" | "durationUs" | "parentStartUs", number>) {
  const isSkewed = startUs < parentStartUs || startUs - parentStartUs > LONGEST_WAIT_US;
  const from = isSkewed ? parentStartUs : startUs;
  return { startUs: from, endUs: from + durationUs, shiftUs: from - startUs, isAsync: true };
}
