import type { DurationQuantiles, FactSort, FactsQuery, TraceSummary } from "@/features/traces/contract";
import { BINS_PER_DECADE, type FactCell } from "@/features/traces/domain/facts/fact-buckets";
import type { FactsCursor } from "@/features/traces/domain/facts/facts-cursor";
import type { Stretch } from "@/features/traces/domain/facts/time-slices";
import { pool } from "@/server/db/client";
import { storableText } from "./storable-text";

type FactFilters = Pick<
  FactsQuery,
  | "service"
  | "operation"
  | "rootService"
  | "minDurationUs"
  | "maxDurationUs"
  | "minRequestUs"
  | "status"
  | "minSpans"
  | "maxSpans"
  | "own"
>;
/** Every trace of a window. */
export const NO_FILTER = {
  operation: undefined,
  rootService: undefined,
  minDurationUs: undefined,
  maxDurationUs: undefined,
  minRequestUs: undefined,
  status: undefined,
  minSpans: undefined,
  maxSpans: undefined,
};
/** Which facts: a source, a stretch of time, filters, and where another search chose them, their ids. */
export type FactScope = {
  sourceId: number;
  window: Stretch;
  filters: FactFilters;
  traceIds?: readonly string[] | undefined;
};

/** "usual" is no column: usual-repository.ts ranks by it. */
type ColumnSort = Exclude<FactSort, "usual">;
const SORT_COLUMNS: Record<ColumnSort, string> = {
  duration: "duration_us",
  start: "start_us",
  spans: "span_count",
  errors: "error_span_count",
};
/** What is measured: how long a trace is, or how long its caller waited for the answer. */
export type Measure = "duration_us" | "request_us";
/** The bin of a duration, as `binStartUs` has it. Zero counts as one. */
export const durationBin = (measure: Measure) =>
  `floor(ln(greatest(${measure}, 1)::float8) / ln(10::float8) * ${BINS_PER_DECADE} + 1e-9)::integer`;
export const quantiles = (measure: Measure) =>
  `percentile_disc(array[0.5, 0.75, 0.9, 0.95, 0.99]) within group (order by ${measure})`;

/** What the condition of a scope binds, added to `values`, and its text. */
export function conditionOf(
  { sourceId, window, filters, traceIds }: FactScope,
  values: unknown[] = [],
): { text: string; values: unknown[] } {
  const bind = (value: unknown) => `$${values.push(value)}`;
  const text = [
    `source_id = ${bind(sourceId)}`,
    `start_us >= ${bind(window.fromUs)}`,
    `start_us < ${bind(window.toUs)}`,
  ];
  const own = filters.own || [filters.service, filters.rootService].some((name) => name?.startsWith("ops-console"));
  if (!own) text.push("not is_own");
  if (filters.service !== undefined) text.push(`service_names @> array[${bind(storableText(filters.service))}::text]`);
  if (filters.rootService !== undefined) text.push(`root_service = ${bind(storableText(filters.rootService))}`);
  if (filters.operation !== undefined) text.push(`root_operation = ${bind(storableText(filters.operation))}`);
  if (filters.minDurationUs !== undefined) text.push(`duration_us >= ${bind(filters.minDurationUs)}`);
  if (filters.maxDurationUs !== undefined) text.push(`duration_us <= ${bind(filters.maxDurationUs)}`);
  if (filters.minRequestUs !== undefined) text.push(`request_us >= ${bind(filters.minRequestUs)}`);
  if (filters.minSpans !== undefined) text.push(`span_count >= ${bind(filters.minSpans)}`);
  if (filters.maxSpans !== undefined) text.push(`span_count <= ${bind(filters.maxSpans)}`);
  if (filters.status === "error") text.push("error_span_count > 0");
  if (filters.status === "ok") text.push("error_span_count = 0");
  if (traceIds !== undefined) text.push(`trace_id = any(${bind(traceIds)}::uuid[])`);
  return { text: text.join(" and "), values };
}

/** Counts by time and duration. */
export async function countCells(
  scope: FactScope,
  stepUs: number,
  measure: Measure = "duration_us",
): Promise<FactCell[]> {
  const { text, values } = conditionOf(scope);
  const { rows } = await pool().query<{ t: number; d: number; n: number; e: number; s: number }>(
    `select start_us / $${values.length + 1} as t, ${durationBin(measure)} as d, count(*) as n,
        count(*) filter (where error_span_count > 0) as e, sum(span_count)::bigint as s
     from facts.trace where ${text} group by 1, 2`,
    [...values, stepUs],
  );
  return rows.map(({ t, d, n, e, s }) => ({ timeBin: t, durationBin: d, count: n, errorCount: e, spanCount: s }));
}

/** Exact quantiles of the durations; null without a trace. */
export async function quantilesOf(
  scope: FactScope,
  measure: Measure = "duration_us",
): Promise<DurationQuantiles | null> {
  const { text, values } = conditionOf(scope);
  const { rows } = await pool().query<{ q: number[] | string[] | null }>(
    `select ${quantiles(measure)} as q from facts.trace where ${text}`,
    values,
  );
  return toQuantiles(rows[0]?.q ?? null);
}

/** The five quantiles as Postgres hands out an array of bigint: as text. */
export function toQuantiles(values: readonly (number | string)[] | null): DurationQuantiles | null {
  if (values === null) return null;
  const [p50Us = 0, p75Us = 0, p90Us = 0, p95Us = 0, p99Us = 0] = values.map(Number);
  return { p50Us, p75Us, p90Us, p95Us, p99Us };
}

export type PageRequest = { sort: ColumnSort; order: "asc" | "desc"; after: FactsCursor | undefined; limit: number };

/** The highest traces, as a ranking orders them: equal ones newest first, then by id. */
export async function findHighest(
  scope: FactScope,
  by: Exclude<ColumnSort, "start">,
  limit: number,
): Promise<TraceSummary[]> {
  const { text, values } = conditionOf(scope);
  const order = `${SORT_COLUMNS[by]} desc, start_us desc, trace_id`;
  return findRows(`where ${text} order by ${order} limit $${values.push(limit)}`, values);
}

/** The next traces in this order; the id breaks ties, so that no page repeats or skips one. */
export async function findPage(scope: FactScope, { sort, order, after, limit }: PageRequest): Promise<TraceSummary[]> {
  const { text, values } = conditionOf(scope);
  const column = SORT_COLUMNS[sort];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const beyond =
    after === undefined
      ? ""
      : ` and (${column}, trace_id) ${order === "desc" ? "<" : ">"} (${bind(after.value)}::bigint, ${bind(after.traceId)}::uuid)`;
  const sorted = `order by ${column} ${order}, trace_id ${order} limit ${bind(limit)}`;
  return findRows(`where ${text}${beyond} ${sorted}`, values);
}

/** The columns of {@link FactRow}. */
export const SUMMARY_COLUMNS =
  "trace_id, start_us, duration_us, span_count, error_span_count, orphan_span_count, root_service, root_operation, root_duration_us, clocks_apart_us, services";
export type FactRow = {
  trace_id: string;
  start_us: number;
  duration_us: number;
  span_count: number;
  error_span_count: number;
  orphan_span_count: number;
  root_service: string;
  root_operation: string;
  root_duration_us: number | null;
  clocks_apart_us: number | null;
  services: [string, number, number][];
};

async function findRows(rest: string, values: readonly unknown[]): Promise<TraceSummary[]> {
  const { rows } = await pool().query<FactRow>(`select ${SUMMARY_COLUMNS} from facts.trace ${rest}`, [...values]);
  return rows.map(toSummary);
}

/** A row of the fact table as the source told it. */
export function toSummary(row: FactRow): TraceSummary {
  return {
    traceId: row.trace_id.replaceAll("-", ""),
    rootService: row.root_service,
    rootOperation: row.root_operation,
    startUs: row.start_us,
    durationUs: row.duration_us,
    ...(row.root_duration_us === null ? {} : { requestUs: row.root_duration_us }),
    ...(row.clocks_apart_us === null ? {} : { clocksApartUs: row.clocks_apart_us }),
    spanCount: row.span_count,
    errorSpanCount: row.error_span_count,
    orphanSpanCount: row.orphan_span_count,
    services: row.services.map(([name, spanCount, errorSpanCount]) => ({ name, spanCount, errorSpanCount })),
  };
}

/** How many traces the scope holds. */
export async function countTraces(scope: FactScope): Promise<number> {
  const { text, values } = conditionOf(scope);
  const { rows } = await pool().query<{ n: number }>(`select count(*) as n from facts.trace where ${text}`, values);
  return rows[0]?.n ?? 0;
}
