import { type Analysis, childrenOf } from "./analysis";

const PLACES = ["before", "between", "after"] as const;
type Place = (typeof PLACES)[number];

/** Less of a span's own time is not worth a word. */
const MIN_SHARE = 0.2;
/** An event is noted a little before or after the time it is about. */
const EVENT_MARGIN_US = 1_000;
const MAX_EVENT_LENGTH = 80;

/** Where among its children a node's own time of the journey passed: "before its first child". */
export function placeOfOwnTime(analysis: Analysis, node: number): string {
  const { timeline } = analysis;
  const children = childrenOf(timeline, node).filter((child) => timeline.isAsync[child] !== 1);
  const firstUs = timeline.startUs[children[0] ?? -1] ?? Number.POSITIVE_INFINITY;
  const lastUs = children.reduce((max, child) => Math.max(max, timeline.endUs[child] ?? 0), 0);
  const sums: Record<Place, number> = { before: 0, between: 0, after: 0 };
  for (const { fromUs, toUs } of segmentsOf(analysis, node)) {
    const place = toUs <= firstUs ? "before" : fromUs >= lastUs ? "after" : "between";
    sums[place] += toUs - fromUs;
  }
  const wholeUs = sums.before + sums.between + sums.after;
  const [first, second, third] = PLACES.filter((place) => sums[place] > 0 && sums[place] >= MIN_SHARE * wholeUs);
  if (third !== undefined) return "before, between and after its children";
  if (second !== undefined) return `${first} and ${second} its children`;
  if (children.length === 1 && first !== "between") return `${first} its only child`;
  return { before: "before its first child", between: "between its children", after: "after its last child" }[
    first ?? "between"
  ];
}

/** What the span noted while nothing below it ran; undefined where it noted nothing then. */
export function eventInOwnTime(analysis: Analysis, node: number): string | undefined {
  const events = analysis.eventsOf(node);
  if (events.length === 0) return undefined;
  const longestFirst = segmentsOf(analysis, node).sort((a, b) => b.toUs - b.fromUs - (a.toUs - a.fromUs));
  for (const { fromUs, toUs } of longestFirst) {
    const event = events.find(({ atUs }) => atUs >= fromUs - EVENT_MARGIN_US && atUs <= toUs);
    if (event !== undefined) return event.name.slice(0, MAX_EVENT_LENGTH);
  }
  return undefined;
}

/** The part of a node's own time of the journey that passed in one piece, 0..1. */
export function longestOwnShare(analysis: Analysis, node: number): number {
  const pieces = segmentsOf(analysis, node).map(({ fromUs, toUs }) => toUs - fromUs);
  const wholeUs = pieces.reduce((sum, us) => sum + us, 0);
  return wholeUs === 0 ? 0 : pieces.reduce((max, us) => Math.max(max, us), 0) / wholeUs;
}

function segmentsOf({ journey, timeline }: Analysis, node: number) {
  const row = timeline.rows[node] ?? 0;
  return journey.segments.filter((segment) => segment.row === row);
}
