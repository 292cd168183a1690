import { pool } from "@/server/db/client";
import { conditionOf, durationBin, type FactScope } from "./fact-query-repository";

/** As the figures of services count: its own span did; any span where the source tells no root. */
const FAILED = "coalesce(is_root_failed, error_span_count > 0)";

export type PartCount = { part: number; count: number; errorCount: number; maxUs: number };

/** In which of the equal parts of a window a request began. */
export const partOf = (fromUs: string, lengthUs: string, parts: string) =>
  `floor((start_us - ${fromUs}::bigint)::float8 * ${parts}::float8 / ${lengthUs}::float8)::integer`;

/** Counts and the longest duration in each of `parts` equal parts of the scope's window that hold a trace. */
export async function countParts(scope: FactScope, parts: number): Promise<PartCount[]> {
  const { text, values } = conditionOf(scope);
  const bind = (value: unknown) => `$${values.push(value)}`;
  const { fromUs, toUs } = scope.window;
  const part = partOf(bind(fromUs), bind(toUs - fromUs), bind(parts));
  const { rows } = await pool().query<{ part: number; n: number; e: number; max_us: number }>(
    `select ${part} as part, count(*) as n, count(*) filter (where ${FAILED}) as e, max(request_us) as max_us
     from facts.trace where ${text} group by 1`,
    values,
  );
  return rows.map(({ part: at, n, e, max_us: maxUs }) => ({ part: at, count: n, errorCount: e, maxUs }));
}

export type OperationCount = {
  service: string;
  operation: string;
  count: number;
  errorCount: number;
  sumUs: number;
  p50Us: number;
  p95Us: number;
  maxUs: number;
  slowestTraceId: string;
};
type OperationRow = {
  service: string;
  operation: string;
  n: number;
  e: number;
  sum_us: number;
  quantiles_us: (number | string)[];
  shortest_us: number;
  longest_us: number;
  slowest: string;
  /** Over all operations. */
  operations: number;
  total: number;
  failed: number;
  mended: number;
  least_us: number;
  most_us: number;
};

/** A trace without its root counts for the first service known in it. */
export const ROOT_SERVICE = "coalesce(nullif(root_service, ''), service_names[1], '')";
/** Fixed width, so that the greatest text is that of the longest duration: one pass, nothing is sorted for it. */
const SLOWEST = "max(lpad(request_us::text, 20, '0') || trace_id::text)";
const SLOWEST_PREFIX = 20;

export type Operations = {
  operations: OperationCount[];
  operationCount: number;
  totals: { count: number; errorCount: number; mendedCount: number };
  durations: { shortestUs: number; longestUs: number } | null;
};

/** Root operations of the scope, most time together first, at most `most` and the two that stand out; totals of all. */
export async function countRootOperations(scope: FactScope, most: number): Promise<Operations> {
  const { text, values } = conditionOf(scope);
  const { rows } = await pool().query<OperationRow>(
    `with counted as (
       select ${ROOT_SERVICE} as service, root_operation as operation, count(*) as n,
         count(*) filter (where ${FAILED}) as e, count(*) filter (where not is_root_failed and error_span_count > 0) as h,
         sum(request_us)::float8 as sum_us,
         percentile_disc(array[0.5, 0.95]) within group (order by request_us) as quantiles_us,
         min(request_us) as shortest_us, max(request_us) as longest_us, ${SLOWEST} as slowest
       from facts.trace where ${text} group by 1, 2),
     ranked as (
       select *, count(*) over () as operations, sum(n) over ()::bigint as total, sum(e) over ()::bigint as failed,
         sum(h) over ()::bigint as mended,
         min(shortest_us) over () as least_us, max(longest_us) over () as most_us,
         row_number() over (order by sum_us desc, service, operation) as by_time,
         row_number() over (order by e desc, sum_us desc) as by_errors,
         row_number() over (order by longest_us desc) as by_longest
       from counted)
     select * from ranked where by_time <= $${values.length + 1} or by_errors = 1 or by_longest = 1 order by by_time`,
    [...values, most],
  );
  const [first] = rows;
  return {
    operations: rows.map(toOperationCount),
    operationCount: first?.operations ?? 0,
    totals: { count: first?.total ?? 0, errorCount: first?.failed ?? 0, mendedCount: first?.mended ?? 0 },
    durations: first === undefined ? null : { shortestUs: first.least_us, longestUs: first.most_us },
  };
}

function toOperationCount(row: OperationRow): OperationCount {
  const { service, operation, n, e, sum_us: sumUs, longest_us: maxUs, slowest } = row;
  const [p50Us = 0, p95Us = 0] = row.quantiles_us.map(Number);
  const slowestTraceId = slowest.slice(SLOWEST_PREFIX).replaceAll("-", "");
  return { service, operation, count: n, errorCount: e, sumUs, p50Us, p95Us, maxUs, slowestTraceId };
}

export type RootBin = { service: string; operation: string; durationBin: number; count: number; errorCount: number };

/** Durations by bin and root operation. */
export async function countRootBins(scope: FactScope): Promise<RootBin[]> {
  const { text, values } = conditionOf(scope);
  const { rows } = await pool().query<{ service: string; operation: string; d: number; n: number; e: number }>(
    `select ${ROOT_SERVICE} as service, root_operation as operation, ${durationBin("request_us")} as d, count(*) as n,
       count(*) filter (where ${FAILED}) as e
     from facts.trace where ${text} group by 1, 2, 3`,
    values,
  );
  return rows.map(({ service, operation, d, n, e }) => ({
    service,
    operation,
    durationBin: d,
    count: n,
    errorCount: e,
  }));
}
