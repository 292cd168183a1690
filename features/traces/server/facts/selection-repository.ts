import type { TraceSummary } from "@/features/traces/contract";
import type { BubbleUpBody } from "@/features/traces/domain/paths/paths-query-schema";
import { US_PER_MS } from "@/lib/units";
import { pool } from "@/server/db/client";
import { conditionOf, type FactRow, type FactScope, SUMMARY_COLUMNS, toSummary } from "./fact-query-repository";

/** One side of a selection: how many traces it has, and some of them by chance. */
export type SeenSide = { seenCount: number; picked: TraceSummary[] };

type Wanted = { scope: FactScope; selection: BubbleUpBody["selection"]; most: number; seed: number };

/** The selected traces of a scope and the others; the same ones by chance for the same traces and seed. */
export async function findSides({
  scope,
  selection,
  most,
  seed,
}: Wanted): Promise<{ inside: SeenSide; outside: SeenSide }> {
  const { text, values } = conditionOf(scope);
  const bind = (value: unknown) => `$${values.push(value)}`;
  const { rows } = await pool().query<FactRow & { is_selected: boolean; side_count: number }>(
    `with sided as materialized (
       select trace_id, ${selectionText(selection, bind)} as is_selected from facts.trace where ${text}),
     drawn as (
       select *, count(*) over (partition by is_selected) as side_count,
         row_number() over (partition by is_selected order by uuid_hash_extended(trace_id, ${bind(seed)}::bigint), trace_id) as place
       from sided)
     select ${SUMMARY_COLUMNS}, is_selected, side_count from drawn join facts.trace using (trace_id)
     where source_id = ${bind(scope.sourceId)} and place <= ${bind(most)} order by start_us, trace_id`,
    values,
  );
  const sideOf = (isSelected: boolean): SeenSide => {
    const own = rows.filter((row) => row.is_selected === isSelected);
    return { seenCount: own[0]?.side_count ?? 0, picked: own.map(toSummary) };
  };
  return { inside: sideOf(true), outside: sideOf(false) };
}

function selectionText(selection: BubbleUpBody["selection"], bind: (value: unknown) => string): string {
  if (selection.traceIds !== undefined) {
    return `trace_id = any(${bind(selection.traceIds.map((id) => id.padStart(32, "0")))}::uuid[])`;
  }
  const { start, end, minDurationUs, maxDurationUs } = selection;
  const parts = ["true"];
  if (start !== undefined) parts.push(`start_us >= ${bind(start * US_PER_MS)}`);
  if (end !== undefined) parts.push(`start_us <= ${bind(end * US_PER_MS)}`);
  if (minDurationUs !== undefined) parts.push(`duration_us >= ${bind(minDurationUs)}`);
  if (maxDurationUs !== undefined) parts.push(`duration_us <= ${bind(maxDurationUs)}`);
  return parts.join(" and ");
}
