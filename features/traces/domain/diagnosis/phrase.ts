import type { Analysis } from "./analysis";
import { isCache } from "./step-groups";

/** "2.31 s", "214 ms", "0": three figures, a narrow no-break space before the unit. */
export function spell(us: number): string {
  if (us === 0) return "0";
  if (us < 1000) return `${Math.round(us)}\u202fµs`;
  if (us < 999_500) return `${figures(us / 1000)}\u202fms`;
  if (us < 119.5e6) return `${figures(us / 1e6)}\u202fs`;
  if (us < 119.5 * 60e6) return `${figures(us / 60e6)}\u202fmin`;
  if (us < 47.5 * 3600e6) return `${figures(us / 3600e6)}\u202fh`;
  return `${figures(us / 86_400e6)}\u202fd`;
}

const figures = (value: number): string => value.toFixed(value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2);

export const times = (count: number): string => `${count.toLocaleString("en-US")}\u202f×`;

const MAX_NAME = 80;
const cut = (text: string): string => (text.length > MAX_NAME ? `${text.slice(0, MAX_NAME - 1)}…` : text);

/** The operation as a person would name it. */
export function nameNode(analysis: Analysis, node: number): string {
  return cut(analysis.text(node).name);
}

/** Longer names say what a call does without its detail. */
const MAX_SHORT_NAME = 24;
/** Calls of a loop whose texts are compared. */
const MAX_COMPARED = 200;
/** Shorter beginnings that calls share say nothing. */
const MIN_SHARED = 6;

/** The operation and, where the name alone says little, what it did: `EXECUTE shop (a12)`, `GET https://…`. */
export function describeNode(analysis: Analysis, node: number): string {
  const { name, detail } = analysis.text(node);
  if (detail === "" || name.length > MAX_SHORT_NAME || detail.startsWith(name))
    return cut(detail.startsWith(name) && detail !== "" ? detail : name);
  return cut(`${name} (${detail})`);
}

/**
 * The nearest step above whose calls are fewer: the view or action around a loop. Wrappers of each call are passed.
 */
export function contextOf({ groups, groupOf, timeline }: Analysis, node: number): number | undefined {
  const count = groups[groupOf[node] ?? 0]?.nodes.length ?? 1;
  for (let above = timeline.parent[node] ?? -1; above !== -1; above = timeline.parent[above] ?? -1) {
    if ((groups[groupOf[above] ?? 0]?.nodes.length ?? 1) < count) return above;
  }
  const parent = timeline.parent[node] ?? -1;
  return parent === -1 ? undefined : parent;
}

/** The same of many calls: a cache's by their command, as each key is another; others by what all of them share. */
export function describeCalls(analysis: Analysis, nodes: readonly number[]): string {
  const [first = 0] = nodes;
  if (isCache(analysis.trace, analysis.timeline.rows[first] ?? 0)) return nameNode(analysis, first);
  const detail = analysis.detailOf(first);
  if (nodes.every((node) => analysis.detailOf(node) === detail)) return describeNode(analysis, first);
  const { name } = analysis.text(first);
  const shared = sharedDetail(nodes.slice(0, MAX_COMPARED).map((node) => analysis.text(node).detail));
  return shared === "" || name.length > MAX_SHORT_NAME ? cut(name) : cut(`${name} (${shared})`);
}

/** What texts have in common up to a whole word, and an ellipsis: `https://api.example.com/users/…`. */
function sharedDetail(texts: readonly string[]): string {
  const [first = "", ...rest] = texts;
  let length = first.length;
  for (const text of rest) {
    let same = 0;
    while (same < length && same < text.length && text[same] === first[same]) same += 1;
    length = same;
  }
  const whole = /^.*[\s/?&=:(,]/s.exec(first.slice(0, length))?.[0] ?? "";
  return whole.trim().length < MIN_SHARED ? "" : `${whole}…`;
}

export function under(analysis: Analysis, node: number): string {
  const context = contextOf(analysis, node);
  return context === undefined ? "" : ` under ${nameNode(analysis, context)}`;
}
