import type { FirstCause } from "../search-view/first-cause";

/** What the slowest requests of an operation have in common: a cause, and in how many of those looked at it comes first. */
export type CommonCause = { label: string; operation: string; count: number; of: number };

/**
 * The cause that stands first in most of these traces; the same kind of cause of two operations is two causes. Null where
 * no trace has one; undefined while some are still being read and the answer may change.
 */
export function commonCauseOf(causes: readonly (FirstCause | null | undefined)[]): CommonCause | null | undefined {
  if (causes.includes(undefined)) return undefined;
  const counts = new Map<string, CommonCause>();
  for (const cause of causes) {
    if (cause == null) continue;
    const key = JSON.stringify([cause.label, cause.service, cause.operation]);
    const known = counts.get(key) ?? { label: cause.label, operation: cause.operation, count: 0, of: causes.length };
    counts.set(key, { ...known, count: known.count + 1 });
  }
  return [...counts.values()].sort((a, b) => b.count - a.count)[0] ?? null;
}
