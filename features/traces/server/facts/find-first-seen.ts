import { RELEASE_KEY } from "@/features/traces/domain/query/query-line";
import type { SearchPort } from "./ask-source";
import type { SeenVersion } from "./version-repository";

const PAGE = 100;
const MAX_ASKS = 24;
/** Nearer than this nobody tells a deploy. */
const NEAR_US = 1_000_000;

/**
 * The earliest trace of a version that the source has: it is asked for traces with that version in the earlier half of
 * the time left, since sources give the newest first. `afterUs` is a time when the version surely did not run.
 */
export async function findFirstSeen(
  source: SearchPort,
  { service, version, firstUs, afterUs }: Pick<SeenVersion, "service" | "version" | "firstUs"> & { afterUs: number },
  signal?: AbortSignal,
): Promise<number> {
  let [fromUs, toUs] = [afterUs, firstUs];
  let untilUs = toUs;
  for (let asked = 0; asked < MAX_ASKS && toUs - fromUs > NEAR_US; asked += 1) {
    const attributes = { [RELEASE_KEY]: version };
    const span = { startUs: fromUs, endUs: untilUs - 1, minDurationUs: undefined, depth: PAGE };
    const { summaries, isFull } = await source.searchTraces(
      { service, operation: undefined, attributes, ...span },
      signal,
    );
    const starts = summaries.map(({ startUs }) => startUs).filter((us) => us >= fromUs && us < untilUs);
    if (starts.length > 0) {
      toUs = Math.min(...starts);
      if (!isFull) return toUs;
    } else {
      if (untilUs === toUs) return toUs;
      fromUs = untilUs;
    }
    untilUs = Math.floor((fromUs + toUs) / 2);
  }
  return toUs;
}
