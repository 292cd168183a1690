type Found = { traceId: string; startUs: number };
type Reply<T> = { summaries: readonly T[]; truncated: boolean };

/**
 * Answers to the same search for several services as one: each trace once, newest first, at most `limit`. Exact where
 * each answer held its own newest `limit`.
 */
export function mergeNewest<T extends Found>(replies: readonly Reply<T>[], limit: number) {
  const byId = new Map<string, T>();
  for (const { summaries } of replies) for (const each of summaries) byId.set(each.traceId, each);
  const all = [...byId.values()].sort((a, b) => b.startUs - a.startUs);
  return { summaries: all.slice(0, limit), truncated: all.length > limit || replies.some((each) => each.truncated) };
}
