/** What of a trace's summary tells whose it is. */
type Origin = { rootService: string; services: readonly { name: string }[] };

const OWN_PREFIX = "ops-console";

/** Whether a service is one of the console's own processes, which trace themselves. */
export function isOwnService(service: string): boolean {
  return service === OWN_PREFIX || service.startsWith(`${OWN_PREFIX}-`);
}

/** How many traces to ask for where the console's own are taken out afterwards. */
export function depthWithOwn(limit: number, max: number): number {
  return Math.min(max, limit * 3);
}

/**
 * The newest `limit` traces that the console itself did not start. `ownCount` counts the console's own among and before
 * those, never what was cut away; `isCut` tells that others were.
 *
 * @param summaries newest first
 */
export function leaveOutOwn<T extends Origin>(summaries: readonly T[], limit: number) {
  const kept: T[] = [];
  let ownCount = 0;
  for (const summary of summaries) {
    const isOwn = isOwnService(summary.rootService || (summary.services[0]?.name ?? ""));
    if (isOwn) ownCount += 1;
    else if (kept.length === limit) return { summaries: kept, ownCount, isCut: true };
    else kept.push(summary);
  }
  return { summaries: kept, ownCount, isCut: false };
}
