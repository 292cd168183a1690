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

/** The operation and, where the name alone says little, what it did: `EXECUTE shop (a12)`, `GET https://…`. */
export function describeNode(analysis: Analysis, node: number): string {
  const { name, detail } = analysis.text(node);
  if (detail === "" || name.length > 24 || detail.startsWith(name))
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

/** The same of many calls: those of a cache by their command, as each key is another. */
export function describeCalls(analysis: Analysis, node: number): string {
  const row = analysis.timeline.rows[node] ?? 0;
  return isCache(analysis.trace, row) ? nameNode(analysis, node) : describeNode(analysis, node);
}

export function under(analysis: Analysis, node: number): string {
  const context = contextOf(analysis, node);
  return context === undefined ? "" : ` under ${nameNode(analysis, context)}`;
}
