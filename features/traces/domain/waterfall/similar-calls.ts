import * as z from "zod/mini";

/** What a call's attributes are among the calls of its fold. */
export const similarCallsSchema = z.object({
  version: z.string(),
  /** Similar calls under the same parent, this one included; 1 when there are no others. */
  count: z.number(),
  /** How many of them were read. */
  compared: z.number(),
  /** Keys whose value is the same in all that were read. */
  same: z.array(z.string()),
  differs: z.array(
    z.object({
      key: z.string(),
      /** Different values, "not there" counted as one. */
      distinct: z.number(),
      /** The most frequent ones. */
      values: z.array(z.object({ text: z.string(), count: z.number() })),
    }),
  ),
});
export type SimilarCalls = z.infer<typeof similarCallsSchema>;

const MAX_VALUES = 5;
const MAX_VALUE_LENGTH = 200;
const ABSENT = "\0absent";

/** Compares the attributes of calls, each as key → text. Empty for no calls. */
export function compareAttributes(
  calls: readonly ReadonlyMap<string, string>[],
): Pick<SimilarCalls, "same" | "differs"> {
  const keys = new Set(calls.flatMap((call) => [...call.keys()]));
  const same: string[] = [];
  const differs: SimilarCalls["differs"] = [];
  for (const key of keys) {
    const counts = new Map<string, number>();
    for (const call of calls) {
      const text = call.get(key) ?? ABSENT;
      counts.set(text, (counts.get(text) ?? 0) + 1);
    }
    if (counts.size === 1) {
      same.push(key);
      continue;
    }
    const values = [...counts]
      .sort((a, b) => b[1] - a[1])
      .slice(0, MAX_VALUES)
      .map(([text, count]) => ({ text: text === ABSENT ? "not there" : text.slice(0, MAX_VALUE_LENGTH), count }));
    differs.push({ key, distinct: counts.size, values });
  }
  return { same, differs };
}
