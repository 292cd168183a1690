import type { DurationQuantiles } from "@/features/traces/contract";
import type { FactCell } from "@/features/traces/domain/facts/fact-buckets";
import type { Stretch } from "@/features/traces/domain/facts/time-slices";
import { pool } from "@/server/db/client";
import { durationBin, quantiles, toQuantiles } from "./fact-query-repository";
import { storableText } from "./storable-text";

/** Requests of one service that began in a stretch of time. */
export type RequestScope = { sourceId: number; window: Stretch; service: string };

export type Counted = {
  count: number;
  errorCount: number;
  sumUs: number;
  quantiles: DurationQuantiles | null;
  /** Requests answered inside traces that others began. */
  innerCount: number;
  /** Requests of which only the trace's length is known. */
  lengthOnlyCount: number;
  /** Requests whose trace went on for at least a tenth after the answer. */
  outlastedCount: number;
  /** Requests that count as failed where any span of their trace did: nobody tells of their own. */
  guessedCount: number;
  /** Requests that began a trace and did not fail, though a span below did. */
  mendedCount: number;
};
type Row = {
  n: number;
  e: number;
  s: number | string;
  q: string[] | null;
  inner: number;
  lengths: number;
  outlasted: number;
  guessed: number;
  mended: number;
};

/**
 * Every request of the service: those that begin a trace are the trace's own row, the others stand by themselves. Rows kept
 * together for many count as often as they stand for; they are few, and passed over at once where there are none.
 */
function requestsOf({ sourceId, window, service }: RequestScope): { from: string; values: unknown[] } {
  const within = "source_id = $1 and start_us >= $2 and start_us < $3";
  const inner = (rows: string, which: string) =>
    `select start_us, duration_us, operation, is_failed, true, false, false, false, false
     from ${rows} where ${within} and service = $4 and ${which}`;
  const from = `(select start_us, request_us, root_operation as operation,
        coalesce(is_root_failed, error_span_count > 0) as is_failed, false as is_inner,
        root_duration_us is null as is_length, duration_us > root_duration_us * 1.1 + 1000 as is_outlasted,
        is_root_failed is null as is_guessed, not is_root_failed and error_span_count > 0 as is_mended
      from facts.trace where ${within} and root_service = $4
      union all ${inner("facts.request", "weight = 1")}
      union all ${inner("facts.request, generate_series(1, weight)", "weight > 1")}) request`;
  return { from, values: [sourceId, window.fromUs, window.toUs, storableText(service)] };
}

/** Sums of durations may pass what a bigint column of ours may hold, so they come as doubles. */
const COUNTS = `count(*) as n, count(*) filter (where is_failed) as e, coalesce(sum(request_us)::float8, 0) as s,
  count(*) filter (where is_inner) as inner, count(*) filter (where is_length) as lengths,
  count(*) filter (where is_outlasted) as outlasted, count(*) filter (where is_guessed) as guessed,
  count(*) filter (where is_mended) as mended, ${quantiles("request_us")} as q`;

const toCounted = ({ n, e, s, q, inner, lengths, outlasted, guessed, mended }: Row): Counted => ({
  count: n,
  errorCount: e,
  sumUs: Number(s),
  quantiles: toQuantiles(q),
  innerCount: inner,
  lengthOnlyCount: lengths,
  outlastedCount: outlasted,
  guessedCount: guessed,
  mendedCount: mended,
});

/** Per operation, most time first, and of all together under `null`. */
export async function countOperations(scope: RequestScope): Promise<Map<string | null, Counted>> {
  const { from, values } = requestsOf(scope);
  const { rows } = await pool().query<Row & { operation: string | null; is_all: boolean }>(
    `select operation, grouping(operation) = 1 as is_all, ${COUNTS}
     from ${from} group by grouping sets ((operation), ()) order by s desc, operation`,
    values,
  );
  return new Map(rows.map((row) => [row.is_all ? null : (row.operation ?? ""), toCounted(row)]));
}

/** Every service that has spans in the traces held of the source since `fromUs`, sorted. */
export async function findServiceNames(sourceId: number, fromUs: number): Promise<string[]> {
  const { rows } = await pool().query<{ name: string }>(
    `select distinct name from facts.trace, unnest(service_names) as name
     where source_id = $1 and start_us >= $2 order by name`,
    [sourceId, fromUs],
  );
  return rows.map(({ name }) => name);
}

/** The newest tell who is busy; an hour of a busy source holds hundreds of thousands. */
const COUNTED_TRACES = 20_000;
const MOST_BUSY = 400;

/** Services by the number of newest traces since `fromUs` that have spans of theirs, most first, equal ones by name. */
export async function findBusiestServices(sourceId: number, fromUs: number): Promise<string[]> {
  const { rows } = await pool().query<{ name: string }>(
    `select name from (select service_names from facts.trace where source_id = $1 and start_us >= $2
       order by start_us desc limit ${COUNTED_TRACES}) newest, unnest(service_names) as name
     group by name order by count(*) desc, name limit ${MOST_BUSY}`,
    [sourceId, fromUs],
  );
  return rows.map(({ name }) => name);
}

export type TimedCount = Counted & { operation: string | null; timeBin: number };

/** The same over time, for the operations named and for all. */
export async function countOverTime(
  scope: RequestScope,
  stepUs: number,
  operations: readonly string[],
): Promise<TimedCount[]> {
  const { from, values } = requestsOf(scope);
  const { rows } = await pool().query<Row & { operation: string | null; t: number }>(
    `select null as operation, start_us / $5::bigint as t, ${COUNTS} from ${from} group by 2
     union all
     select operation, start_us / $5::bigint, ${COUNTS} from ${from} where operation = any($6::text[]) group by 1, 2`,
    [...values, stepUs, operations],
  );
  return rows.map((row) => ({ ...toCounted(row), operation: row.operation, timeBin: row.t }));
}

export type BinnedCount = { operation: string; durationBin: number; count: number; errorCount: number };

/** Durations by bin and operation. */
export async function countBins(scope: RequestScope): Promise<BinnedCount[]> {
  const { from, values } = requestsOf(scope);
  const { rows } = await pool().query<{ operation: string; d: number; n: number; e: number }>(
    `select operation, ${durationBin("request_us")} as d, count(*) as n, count(*) filter (where is_failed) as e
     from ${from} group by 1, 2`,
    values,
  );
  return rows.map(({ operation, d, n, e }) => ({ operation, durationBin: d, count: n, errorCount: e }));
}

/** Counts by time and duration. */
export async function countRequestCells(scope: RequestScope, stepUs: number): Promise<FactCell[]> {
  const { from, values } = requestsOf(scope);
  const { rows } = await pool().query<{ t: number; d: number; n: number; e: number }>(
    `select start_us / $5::bigint as t, ${durationBin("request_us")} as d, count(*) as n,
        count(*) filter (where is_failed) as e
     from ${from} group by 1, 2`,
    [...values, stepUs],
  );
  return rows.map(({ t, d, n, e }) => ({ timeBin: t, durationBin: d, count: n, errorCount: e, spanCount: 0 }));
}

/** Of the traces that name the service, and of those the ones whose requests are all known; with its spans in them. */
export async function countKnown({
  sourceId,
  window,
  service,
}: RequestScope): Promise<{ traceCount: number; knownCount: number; spanCount: number }> {
  const { rows } = await pool().query<{ n: number; known: number; spans: number }>(
    `select count(*) as n, count(*) filter (where has_requests) as known, coalesce(sum((select sum((share ->> 1)::bigint)
        from jsonb_array_elements(services) share where share ->> 0 = $4))::bigint, 0) as spans
     from facts.trace where source_id = $1 and start_us >= $2 and start_us < $3 and service_names @> array[$4::text]`,
    [sourceId, window.fromUs, window.toUs, storableText(service)],
  );
  const [row] = rows;
  return { traceCount: row?.n ?? 0, knownCount: row?.known ?? 0, spanCount: row?.spans ?? 0 };
}

/** When the first request of the scope began; undefined without one. */
export async function firstStart(scope: RequestScope): Promise<number | undefined> {
  const { from, values } = requestsOf(scope);
  const { rows } = await pool().query<{ first_us: number | null }>(
    `select min(start_us) as first_us from ${from}`,
    values,
  );
  return rows[0]?.first_us ?? undefined;
}

export type ServiceCount = {
  service: string;
  count: number;
  errorCount: number;
  innerCount: number;
  p95Us: number | null;
};

/** Requests of each service, the busiest 500; the console's own processes left out. */
export async function countServices(sourceId: number, { fromUs, toUs }: Stretch): Promise<ServiceCount[]> {
  const within = "source_id = $1 and start_us >= $2 and start_us < $3";
  const inner = (rows: string, which: string) =>
    `select service, duration_us, is_failed, true from ${rows} where ${within} and ${which}`;
  const { rows } = await pool().query<{ service: string; n: number; e: number; inner: number; p: number | null }>(
    `select service, count(*) as n, count(*) filter (where is_failed) as e, count(*) filter (where is_inner) as inner,
        percentile_disc(0.95) within group (order by request_us) as p
     from (select root_service as service, request_us, coalesce(is_root_failed, error_span_count > 0) as is_failed,
          false as is_inner from facts.trace where ${within} and not is_own and root_service <> ''
        union all ${inner("facts.request", "weight = 1")}
        union all ${inner("facts.request, generate_series(1, weight)", "weight > 1")}) request
     where service <> '' and service <> 'ops-console' and service not like 'ops-console-%' group by 1
     order by n desc limit 500`,
    [sourceId, fromUs, toUs],
  );
  return rows.map(({ service, n, e, inner: innerCount, p }) => ({
    service,
    count: n,
    errorCount: e,
    innerCount,
    p95Us: p,
  }));
}
