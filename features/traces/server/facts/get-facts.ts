import type { Coverage, FactsQuery, FactsReply, TraceSummary } from "@/features/traces/contract";
import { picturesOf, timeStepUs } from "@/features/traces/domain/facts/fact-buckets";
import { type FactsCursor, parseFactsCursor, toCursorText } from "@/features/traces/domain/facts/facts-cursor";
import type { Stretch } from "@/features/traces/domain/facts/time-slices";
import { AppError } from "@/lib/errors";
import { askSource } from "./ask-source";
import { countCells, type FactScope, findPage, NO_FILTER, quantilesOf } from "./fact-query-repository";
import type { FactTable } from "./fact-table";
import { doubtSlices, storeTraces } from "./slice-repository";
import { findPageByUsual } from "./usual-repository";

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
  const measure = query.measure === "request" ? "request_us" : "duration_us";
  const [cells, quantiles, { page, thinCount, endOf }, coverage] = await Promise.all([
    countCells(scope, stepUs, measure),
    quantilesOf(scope, measure),
    pageOf(scope, query, after),
    table.coverageOf(passed),
  ]);
  // Nothing was read and nothing comes: to say that there are no traces would be a guess.
  if (cells.length === 0 && coverage.filling === "failing" && coverage.complete === 0) {
    throw new AppError("upstream_unreachable", coverage.trouble ?? "The trace source does not answer.");
  }
  const shown = page.slice(0, query.limit);
  table.library.expect(shown);
  return {
    window: { startUs: window.fromUs, endUs: window.toUs },
    ...picturesOf(cells, window, stepUs),
    quantiles,
    page: shown,
    next: page.length > query.limit ? endOf(query.limit - 1) : null,
    thinCount,
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

type Page = { page: TraceSummary[]; thinCount: number | null; endOf: (place: number) => string | null };

/** One trace more than the page holds, and the cursor after one of them. */
async function pageOf(scope: FactScope, query: FactsQuery, after: FactsCursor | undefined): Promise<Page> {
  const { sort, order, service, own } = query;
  const limit = query.limit + 1;
  if (sort === "usual") {
    const unfiltered = { ...scope, traceIds: undefined, filters: { ...NO_FILTER, service, own } };
    const { traces, thinCount } = await findPageByUsual({ scope, unfiltered }, { order, after, limit });
    const values = traces.map(({ timesUsual }) => timesUsual);
    const page = traces.map(({ timesUsual: _, ...summary }) => summary);
    return { page, thinCount, endOf: (place) => cursorAt(page[place], values[place]) };
  }
  const page = await findPage(scope, { sort, order, after, limit });
  return { page, thinCount: null, endOf: (place) => cursorAt(page[place], VALUES[sort](page[place])) };
}

const VALUES: Record<
  Exclude<FactsQuery["sort"], "usual">,
  (summary: TraceSummary | undefined) => number | undefined
> = {
  duration: (summary) => summary?.durationUs,
  start: (summary) => summary?.startUs,
  spans: (summary) => summary?.spanCount,
  errors: (summary) => summary?.errorSpanCount,
};

function cursorAt(last: TraceSummary | undefined, value: number | undefined): string | null {
  return last === undefined || value === undefined ? null : toCursorText({ value, traceId: last.traceId });
}
