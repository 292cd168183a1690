import { pool } from "@/server/db/client";
import { conditionOf, type FactScope } from "./fact-query-repository";

export type PointRow = {
  trace_id: string;
  start_us: number;
  duration_us: number;
  error_span_count: number;
  root_service: string;
  root_operation: string;
};

/** The longest are always among a sample: they are what a plot is looked at for. */
const LONGEST = 1000;

/** All traces of a scope, or of more than `most` a sample (ids are random) with the longest in it. */
export async function findPoints(scope: FactScope, most: number): Promise<PointRow[]> {
  const { text, values } = conditionOf(scope);
  const at = values.length;
  const columns = "trace_id, start_us, duration_us, error_span_count, root_service, root_operation";
  const { rows } = await pool().query<PointRow>(
    `(select ${columns} from facts.trace where ${text} order by duration_us desc, trace_id limit $${at + 1})
     union (select ${columns} from facts.trace where ${text} order by trace_id limit $${at + 2})`,
    [...values, Math.min(LONGEST, most), most],
  );
  return rows.slice(0, most);
}

export type UsualRow = { root_service: string; root_operation: string; n: number; q: (number | string)[] };

/** How many traces each root operation has in the scope, and the median and 95th percentile of their durations. */
export async function usualDurations(scope: FactScope): Promise<UsualRow[]> {
  const { text, values } = conditionOf(scope);
  const { rows } = await pool().query<UsualRow>(
    `select root_service, root_operation, count(*) as n,
        percentile_disc(array[0.5, 0.95]) within group (order by duration_us) as q
     from facts.trace where ${text} group by 1, 2`,
    values,
  );
  return rows;
}
