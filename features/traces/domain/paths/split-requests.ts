import type { RequestSplit } from "./aggregate-path-schema";
import type { FoldedSample } from "./baseline";

const MAX_REQUESTS = 20;
const MAX_STEPS = 6;

/** Where the slowest of these requests spend their time, each by itself, slowest first. Total: none give none. */
export function splitRequests({ nodes, traces }: FoldedSample): RequestSplit[] {
  return traces
    .toSorted((a, b) => b.durationUs - a.durationUs || (a.traceId < b.traceId ? -1 : 1))
    .slice(0, MAX_REQUESTS)
    .map(({ traceId, durationUs, paths }) => {
      const steps = new Map<string, RequestSplit["steps"][number]>();
      for (const { path, onPathUs } of paths) {
        const node = nodes[path];
        if (node === undefined || onPathUs <= 0) continue;
        const { service, name, detail } = node;
        const key = JSON.stringify([service, name, detail]);
        steps.set(key, { service, name, detail, ownUs: (steps.get(key)?.ownUs ?? 0) + onPathUs });
      }
      return { traceId, durationUs, steps: [...steps.values()].sort((a, b) => b.ownUs - a.ownUs).slice(0, MAX_STEPS) };
    });
}
