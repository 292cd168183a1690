import { MAX_POINTS, type PointsQuery, type PointsReply } from "@/features/traces/contract";
import { countTraces, type FactScope, NO_FILTER } from "./fact-query-repository";
import type { FactTable } from "./fact-table";
import { joinByAttributes } from "./get-facts";
import { findPoints, type PointRow, usualDurations } from "./points-repository";

/** The traces the fact table holds of a window as columns; reads nothing new, `/api/traces/facts` does. */
export async function getPoints(table: FactTable, query: PointsQuery, signal?: AbortSignal): Promise<PointsReply> {
  const window = table.windowOf(query);
  const joined = await joinByAttributes(table, query, window, signal);
  const sourceId = await table.sourceId();
  const scope: FactScope = {
    sourceId,
    window,
    filters: { ...query, rootService: undefined },
    traceIds: joined?.traceIds,
  };
  // What is usual is so for all requests of an operation, not for those a filter leaves.
  const { service, own } = query;
  const unfiltered: FactScope = { sourceId, window, filters: { ...NO_FILTER, service, own } };
  const [points, usual] = await Promise.all([findPoints(scope, MAX_POINTS), usualDurations(unfiltered)]);
  const totalCount = points.length < MAX_POINTS ? points.length : await countTraces(scope);
  return { ...toColumns(points, usual, window.fromUs), totalCount };
}

type Columns = Omit<PointsReply, "totalCount">;

function toColumns(
  points: readonly PointRow[],
  usual: Awaited<ReturnType<typeof usualDurations>>,
  originUs: number,
): Columns {
  const places = new Map(
    usual.map(({ root_service, root_operation }, at) => [`${root_service}\n${root_operation}`, at]),
  );
  const ids = Buffer.from(points.map(({ trace_id }) => trace_id.replaceAll("-", "")).join(""), "hex");
  return {
    originUs,
    startOffsetsUs: points.map(({ start_us }) => start_us - originUs),
    durationsUs: points.map(({ duration_us }) => duration_us),
    errorCounts: points.map(({ error_span_count }) => error_span_count),
    operationOf: points.map(
      ({ root_service, root_operation }) => places.get(`${root_service}\n${root_operation}`) ?? -1,
    ),
    ids: ids.toString("base64"),
    operations: usual.map(({ root_service, root_operation, n, q }) => {
      const [p50Us = 0, p95Us = 0] = q.map(Number);
      return { service: root_service, name: root_operation, count: n, p50Us, p95Us };
    }),
  };
}
