import type { Coverage, FactsQuery, FactsReply, TraceSummary } from "@/features/traces/contract";
import { picturesOf, timeStepUs } from "@/features/traces/domain/facts/fact-buckets";
import { parseFactsCursor, toCursorText } from "@/features/traces/domain/facts/facts-cursor";
import type { Stretch } from "@/features/traces/domain/facts/time-slices";
import { AppError } from "@/lib/errors";
import { askSource } from "./ask-source";
import { countCells, type FactScope, findPage, quantilesOf } from "./fact-query-repository";
import type { FactTable } from "./fact-table";
import { doubtSlices, storeTraces } from "./slice-repository";

/** A page waits this long for what is missing, or for its first rows; the rest comes while it asks again. */
const WAIT_MS = 800;
const ROWS_MS = 200;
const JOIN_DEPTH = 1500;

/** Totals, pictures and one page of the traces in the fact table; starts to read what is missing of the window. */
export async function getFacts(table: FactTable, query: FactsQuery, signal?: AbortSignal): Promise<FactsReply> {
  const window = table.windowOf(query);
  const passed = table.passed(window);
  const after = query.after === undefined ? undefined : parseFactsCursor(query.after);
  if (query.after !== undefined && after === undefined) {
    const problems = [{ field: "after", message: "is not the end of a page" }];
    throw new AppError("invalid_input", "after: is not the end of a page", { problems });
  }
  // A source that tells of late spans has nothing that was missed.
  if (query.reread && !table.tellsLateSpans) await doubtSlices(await table.sourceId(), window);
  const [joined] = await Promise.all([
    joinByAttributes(table, query, window, signal),
    table.filler.fill(passed, { waitMs: WAIT_MS, rowsMs: ROWS_MS, signal }),
  ]);
  const scope: FactScope = { sourceId: await table.sourceId(), window, filters: query, traceIds: joined?.traceIds };
  const stepUs = timeStepUs(window);
  const [cells, quantiles, page, coverage] = await Promise.all([
    countCells(scope, stepUs),
    quantilesOf(scope),
    findPage(scope, { sort: query.sort, order: query.order, after, limit: query.limit + 1 }),
    table.coverageOf(passed),
  ]);
  const shown = page.slice(0, query.limit);
  table.library.expect(shown);
  return {
    window: { startUs: window.fromUs, endUs: window.toUs },
    ...picturesOf(cells, window, stepUs),
    quantiles,
    page: shown,
    next: page.length > query.limit ? cursorAfter(shown.at(-1), query) : null,
    coverage: { ...coverage, join: joined?.join ?? null },
  };
}

type Joined = { traceIds: string[]; join: NonNullable<Coverage["join"]> };

/** The source knows attributes, the fact table does not: the traces it names are kept and joined by id. */
export async function joinByAttributes(
  table: FactTable,
  query: Pick<FactsQuery, "attributes" | "service">,
  window: Stretch,
  signal?: AbortSignal,
): Promise<Joined | undefined> {
  const { attributes = {}, service } = query;
  if (Object.keys(attributes).length === 0) return undefined;
  const answer = await askSource(
    table.source,
    {
      service,
      operation: undefined,
      attributes,
      startUs: window.fromUs,
      endUs: window.toUs,
      minDurationUs: undefined,
      depth: JOIN_DEPTH + 1,
    },
    signal,
  );
  await storeTraces(await table.sourceId(), answer.summaries);
  return {
    traceIds: answer.summaries.map(({ traceId }) => traceId),
    join: { foundCount: answer.summaries.length, isWhole: !answer.isFull && !answer.isPartial },
  };
}

function cursorAfter(last: TraceSummary | undefined, { sort }: FactsQuery): string | null {
  if (last === undefined) return null;
  const value = {
    duration: last.durationUs,
    start: last.startUs,
    spans: last.spanCount,
    errors: last.errorSpanCount,
  }[sort];
  return toCursorText({ value, traceId: last.traceId });
}
