import type { FoldedTrace } from "./fold-trace";

const VERSION = "service.version";

export type Release = { version: string; firstUs: number; traces: FoldedTrace[] };

/** The releases that served a sample, in the order of their first traces. */
export function releasesOf(traces: readonly FoldedTrace[]): Release[] {
  const releases = new Map<string, Release>();
  for (const trace of traces) {
    const version = trace.traits[VERSION];
    if (version === undefined) continue;
    const release = releases.get(version) ?? { version, firstUs: trace.startUs, traces: [] };
    release.firstUs = Math.min(release.firstUs, trace.startUs);
    release.traces.push(trace);
    releases.set(version, release);
  }
  return [...releases.values()].sort((a, b) => a.firstUs - b.firstUs || (a.version < b.version ? -1 : 1));
}
