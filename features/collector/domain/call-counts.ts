import { headsOf } from "./summarise-trace";
import type { ResourceGroup } from "./trace-groups";

export type CallCount = { parent: string; child: string; callCount: number };

/** Adds a trace's calls between services, calls within one service included, to `counts`. */
export function addCallCounts(counts: Map<string, CallCount>, groups: readonly ResourceGroup[]): void {
  const placed = headsOf(groups);
  const serviceById = new Map(placed.map(({ service, head }) => [head.spanId, service]));
  for (const { service, head } of placed) {
    const parent = head.parentId === "" ? undefined : serviceById.get(head.parentId);
    if (parent === undefined) continue;
    const key = `${parent}\u0000${service}`;
    const count = counts.get(key) ?? { parent, child: service, callCount: 0 };
    counts.set(key, count);
    count.callCount += 1;
  }
}
