import type { Analysis } from "./analysis";

const PLACES = ["before", "between", "after"] as const;
type Place = (typeof PLACES)[number];

/** Less of a span's own time is not worth a word. */
const MIN_SHARE = 0.2;
/** An event is noted a little before or after the time it is about. */
const EVENT_MARGIN_US = 1_000;
const MAX_EVENT_LENGTH = 80;

/** Where among its children a node's own time of the journey passed: "before its first child". */
export function placeOfOwnTime(analysis: Analysis, node: number): string {
  const { count, firstUs, lastUs } = childrenSpan(analysis, node);
  const sums: Record<Place, number> = { before: 0, between: 0, after: 0 };
  analysis.eachStretch(node, (fromUs, toUs) => {
    const place = toUs <= firstUs ? "before" : fromUs >= lastUs ? "after" : "between";
    sums[place] += toUs - fromUs;
  });
  const wholeUs = sums.before + sums.between + sums.after;
  const [first, second, third] = PLACES.filter((place) => sums[place] > 0 && sums[place] >= MIN_SHARE * wholeUs);
  if (third !== undefined) return "before, between and after its children";
  if (second !== undefined) return `${first} and ${second} its children`;
  if (count === 1 && first !== "between") return `${first} its only child`;
  return { before: "before its first child", between: "between its children", after: "after its last child" }[
    first ?? "between"
  ];
}

/** From the first start to the last end of the children a node waits for. */
function childrenSpan({ timeline }: Analysis, node: number): { count: number; firstUs: number; lastUs: number } {
  const { startUs, endUs, isAsync, subtreeEnd } = timeline;
  let [count, firstUs, lastUs] = [0, Number.POSITIVE_INFINITY, 0];
  const end = subtreeEnd[node] ?? 0;
  for (let child = node + 1; child < end; child = subtreeEnd[child] ?? end) {
    if (isAsync[child] === 1) continue;
    if (count === 0) firstUs = startUs[child] ?? 0;
    lastUs = Math.max(lastUs, endUs[child] ?? 0);
    count += 1;
  }
  return { count, firstUs, lastUs };
}

/** What the span noted while nothing below it ran; undefined where it noted nothing then. */
export function eventInOwnTime(analysis: Analysis, node: number): string | undefined {
  const events = analysis.eventsOf(node);
  if (events.length === 0) return undefined;
  const stretches: { fromUs: number; toUs: number }[] = [];
  analysis.eachStretch(node, (fromUs, toUs) => stretches.push({ fromUs, toUs }));
  const longestFirst = stretches.sort((a, b) => b.toUs - b.fromUs - (a.toUs - a.fromUs));
  for (const { fromUs, toUs } of longestFirst) {
    const event = events.find(({ atUs }) => atUs >= fromUs - EVENT_MARGIN_US && atUs <= toUs);
    if (event !== undefined) return event.name.slice(0, MAX_EVENT_LENGTH);
  }
  return undefined;
}

/** The part of a node's own time of the journey that passed in one piece, 0..1. */
export function longestOwnShare(analysis: Analysis, node: number): number {
  let [wholeUs, longestUs] = [0, 0];
  analysis.eachStretch(node, (fromUs, toUs) => {
    wholeUs += toUs - fromUs;
    longestUs = Math.max(longestUs, toUs - fromUs);
  });
  return wholeUs === 0 ? 0 : longestUs / wholeUs;
}
