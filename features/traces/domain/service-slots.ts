type Counted = { services: readonly { name: string; spanCount: number }[] };

/**
 * The services that get a column of their own, so that one can be followed down a list: those in most traces first, at
 * most `slots`, equal ones by name.
 */
export function pickServiceSlots(summaries: readonly Counted[], slots: number): string[] {
  const traces = new Map<string, number>();
  for (const { services } of summaries) for (const { name } of services) traces.set(name, (traces.get(name) ?? 0) + 1);
  return [...traces.entries()]
    .sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]))
    .slice(0, slots)
    .map(([name]) => name);
}
