import type { BubbleUpBody } from "@/features/traces/domain/paths/paths-query-schema";
import { MS_PER_SECOND } from "@/lib/units";
import { type FactScope, NO_FILTER } from "./fact-query-repository";
import type { FactTable } from "./fact-table";
import { searchInSlices } from "./search-in-slices";
import { findSides, type SeenSide } from "./selection-repository";
import { storeTraces } from "./slice-repository";

/** Reading what is missing of the window may take so long; then the source's newest page has to do. */
const WAIT_MS = 4 * MS_PER_SECOND;

export type SeenSelection = { inside: SeenSide; outside: SeenSide; isWhole: boolean };

/**
 * Both sides of a selection out of all traces of a window, not of a source's newest page: with attributes, of all that the
 * source names slice by slice. Undefined where the fact table cannot tell, and the source has to be asked.
 */
export async function seeSelection(
  table: FactTable,
  { search, selection, seed }: BubbleUpBody,
  { most, signal }: { most: number; signal?: AbortSignal | undefined },
): Promise<SeenSelection | undefined> {
  const window = table.windowOf(search);
  const { service, operation, attributes = {}, minDurationUs, maxDurationUs } = search;
  const scope: FactScope = {
    sourceId: await table.sourceId(),
    window,
    // As in a comparison: requests of an operation are those whose root it is.
    filters: {
      ...NO_FILTER,
      service,
      operation,
      rootService: operation === undefined ? undefined : service,
      minDurationUs,
      maxDurationUs,
      own: service !== undefined,
    },
  };
  let isWhole = true;
  if (Object.keys(attributes).length > 0) {
    const common = { service, operation, attributes, minDurationUs };
    const asked = { ...common, startUs: window.fromUs, endUs: window.toUs };
    const found = await searchInSlices({ source: table.source, search: asked, now: table.now, signal });
    await storeTraces(scope.sourceId, found.summaries);
    scope.traceIds = found.summaries.map(({ traceId }) => traceId);
    isWhole = found.isWhole;
  } else {
    await table.filler.fill(window, { waitMs: WAIT_MS, signal });
    const { complete, truncatedCount } = await table.coverageOf(window);
    if (complete < 1 || truncatedCount > 0) return undefined;
  }
  const sides = await findSides({ scope, selection, most, seed });
  // An operation below the root is not known to the fact table.
  if (operation !== undefined && sides.inside.seenCount + sides.outside.seenCount === 0) return undefined;
  return { ...sides, isWhole };
}
