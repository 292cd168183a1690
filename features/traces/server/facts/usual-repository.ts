import type { TraceSummary } from "@/features/traces/contract";
import { LEAST_USUAL } from "@/features/traces/domain/facts/times-usual";
import { pool } from "@/server/db/client";
import {
  conditionOf,
  type FactRow,
  type FactScope,
  type PageRequest,
  SUMMARY_COLUMNS,
  toSummary,
} from "./fact-query-repository";

/** Traces with how many thousandths of the median of their operation they took; 0 where that is not known. */
type UsualScope = {
  scope: FactScope;
  /** The same window without the reader's filters: what is usual is so for all requests of an operation. */
  unfiltered: FactScope;
};
/** Where one page ends and the next begins: `value` is the last `timesUsual`. */
export type UsualPage = { traces: (TraceSummary & { timesUsual: number })[]; thinCount: number };

/** The next traces by how many times slower than usual they were; those of operations seen too rarely stand below all others. */
export async function findPageByUsual(
  { scope, unfiltered }: UsualScope,
  { order, after, limit }: Omit<PageRequest, "sort">,
): Promise<UsualPage> {
  const values: unknown[] = [];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const common = conditionOf(unfiltered, values).text;
  const wanted = conditionOf(scope, values).text;
  const comparison = order === "desc" ? "<" : ">";
  const beyond =
    after === undefined
      ? ""
      : `where (times_usual, trace_id) ${comparison} (${bind(after.value)}::bigint, ${bind(after.traceId)}::uuid)`;
  const { rows } = await pool().query<FactRow & { times_usual: number; thin_count: number }>(
    `with usual as materialized (
       select root_service as of_service, root_operation as of_operation, count(*) as n,
         percentile_disc(0.5) within group (order by duration_us) as p50
       from facts.trace where ${common} group by 1, 2),
     ranked as materialized (
       select trace_id, case when n < ${LEAST_USUAL} then 0
         else greatest(1, least(1e15, duration_us * 1000::float8 / greatest(p50, 1)))::bigint end as times_usual
       from facts.trace join usual on root_service = of_service and root_operation = of_operation
       where ${wanted}),
     page as (
       select * from ranked ${beyond} order by times_usual ${order}, trace_id ${order} limit ${bind(limit)})
     select ${SUMMARY_COLUMNS}, times_usual, (select count(*) from ranked where times_usual = 0) as thin_count
     from page join facts.trace using (trace_id) where source_id = ${bind(scope.sourceId)}
     order by times_usual ${order}, trace_id ${order}`,
    values,
  );
  const traces = rows.map((row) => ({ ...toSummary(row), timesUsual: row.times_usual }));
  return { traces, thinCount: rows[0]?.thin_count ?? 0 };
}
