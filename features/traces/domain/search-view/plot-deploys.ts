import type { Deploy } from "../facts/deploy-schema";

/** A version and since when it runs. */
export type PlotDeploy = { version: string; atMs: number };

/** More lines than these would hide the traces. */
const MOST = 5;

/**
 * The versions that began in a window, newest first. Services released together share one line; the first version ever
 * seen of a service is no deploy that anybody made.
 */
export function pickDeploys(
  deploys: readonly Pick<Deploy, "version" | "atUs" | "origin" | "previousVersion">[],
  { fromMs, toMs }: { fromMs: number; toMs: number },
): PlotDeploy[] {
  const first = new Map<string, number>();
  for (const { version, atUs, origin, previousVersion } of deploys) {
    const atMs = atUs / 1000;
    if (atMs < fromMs || atMs > toMs || (origin === "seen" && previousVersion === null)) continue;
    first.set(version, Math.min(atMs, first.get(version) ?? atMs));
  }
  return [...first]
    .map(([version, atMs]) => ({ version, atMs }))
    .sort((a, b) => b.atMs - a.atMs)
    .slice(0, MOST);
}
