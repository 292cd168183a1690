import type { DurationQuantiles } from "@/features/traces/contract";
import { pool } from "@/server/db/client";
import { conditionOf, durationBin, type FactScope, quantiles, toQuantiles } from "./fact-query-repository";

export type Counted = {
  count: number;
  errorCount: number;
  sumUs: number;
  quantiles: DurationQuantiles | null;
  /** Requests of which only the trace's length is known. */
  lengthOnlyCount: number;
  /** Requests whose trace went on for at least a tenth after the answer. */
  outlastedCount: number;
};
type Row = { n: number; e: number; s: number | string; q: string[] | null; lengths: number; outlasted: number };

/** Sums of durations may pass what a bigint column of ours may hold, so they come as doubles. */
const COUNTS = `count(*) as n, count(*) filter (where error_span_count > 0) as e, coalesce(sum(request_us)::float8, 0) as s,
  count(*) filter (where root_duration_us is null) as lengths,
  count(*) filter (where duration_us > root_duration_us * 1.1 + 1000) as outlasted, ${quantiles("request_us")} as q`;

const toCounted = ({ n, e, s, q, lengths, outlasted }: Row): Counted => ({
  lengthOnlyCount: lengths,
  outlastedCount: outlasted,
  count: n,
  errorCount: e,
  sumUs: Number(s),
  quantiles: toQuantiles(q),
});

/** Per root operation, most time first, and of all together under `null`. */
export async function countOperations(scope: FactScope): Promise<Map<string | null, Counted>> {
  const { text, values } = conditionOf(scope);
  const { rows } = await pool().query<Row & { operation: string | null; is_all: boolean }>(
    `select root_operation as operation, grouping(root_operation) = 1 as is_all, ${COUNTS}
     from facts.trace where ${text} group by grouping sets ((root_operation), ()) order by s desc, operation`,
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

export type TimedCount = Counted & { operation: string | null; timeBin: number };

/** The same over time, for the operations named and for all. */
export async function countOverTime(
  scope: FactScope,
  stepUs: number,
  operations: readonly string[],
): Promise<TimedCount[]> {
  const { text, values } = conditionOf(scope);
  const [step, names] = [`$${values.length + 1}`, `$${values.length + 2}`];
  const { rows } = await pool().query<Row & { operation: string | null; t: number }>(
    `select null as operation, start_us / ${step} as t, ${COUNTS} from facts.trace where ${text} group by 2
     union all
     select root_operation, start_us / ${step}, ${COUNTS} from facts.trace
       where ${text} and root_operation = any(${names}::text[]) group by 1, 2`,
    [...values, stepUs, operations],
  );
  return rows.map((row) => ({ ...toCounted(row), operation: row.operation, timeBin: row.t }));
}

export type BinnedCount = { operation: string; durationBin: number; count: number; errorCount: number };

/** Durations by bin and root operation. */
export async function countBins(scope: FactScope): Promise<BinnedCount[]> {
  const { text, values } = conditionOf(scope);
  const { rows } = await pool().query<{ operation: string; d: number; n: number; e: number }>(
    `select root_operation as operation, ${durationBin("request_us")} as d, count(*) as n,
        count(*) filter (where error_span_count > 0) as e
     from facts.trace where ${text} group by 1, 2`,
    values,
  );
  return rows.map(({ operation, d, n, e }) => ({ operation, durationBin: d, count: n, errorCount: e }));
}

/** A service's own spans in traces others began, over time: counts and failures, no durations. */
export async function countSpans(
  { sourceId, window, service }: { sourceId: number; window: FactScope["window"]; service: string },
  stepUs: number,
): Promise<{ timeBin: number; count: number; errorCount: number }[]> {
  const { rows } = await pool().query<{ t: number; n: number; e: number }>(
    `select start_us / $5 as t, sum((share ->> 1)::bigint)::bigint as n, sum((share ->> 2)::bigint)::bigint as e
     from facts.trace, jsonb_array_elements(services) share
     where source_id = $1 and start_us >= $2 and start_us < $3 and service_names @> array[$4::text] and share ->> 0 = $4
     group by 1`,
    [sourceId, window.fromUs, window.toUs, service, stepUs],
  );
  return rows.map(({ t, n, e }) => ({ timeBin: t, count: n, errorCount: e }));
}

/** When the first trace of the scope starts; undefined without one. */
export async function firstStart(scope: FactScope): Promise<number | undefined> {
  const { text, values } = conditionOf(scope);
  const { rows } = await pool().query<{ first_us: number | null }>(
    `select min(start_us) as first_us from facts.trace where ${text}`,
    values,
  );
  return rows[0]?.first_us ?? undefined;
}

export type ServiceCount = { service: string; count: number; errorCount: number; p95Us: number | null };

/** Traces each service began. */
export async function countServices(scope: FactScope): Promise<ServiceCount[]> {
  const { text, values } = conditionOf(scope);
  const { rows } = await pool().query<{ service: string; n: number; e: number; p: number | null }>(
    `select root_service as service, count(*) as n, count(*) filter (where error_span_count > 0) as e,
        percentile_disc(0.95) within group (order by request_us) as p
     from facts.trace where ${text} and root_service <> '' group by 1 order by n desc limit 500`,
    values,
  );
  return rows.map(({ service, n, e, p }) => ({ service, count: n, errorCount: e, p95Us: p }));
}
