import type { PoolClient } from "pg";
import { isOwnService } from "@/features/traces/domain/own-traces";
import type { RequestSpan } from "@/lib/request-spans";
import { pool } from "@/server/db/client";
import type { SourceSummary } from "../trace-source";
import { storableText } from "./storable-text";

const MAX_COUNT = 2_147_483_647;
type Client = Pick<PoolClient, "query">;

/**
 * Keeps what summaries tell, with the requests in them. A trace that has grown takes the place of what was known of it, so
 * that each of its requests counts once. Wants a transaction.
 */
export async function upsertTraces(
  client: Client,
  sourceId: number,
  summaries: readonly SourceSummary[],
): Promise<void> {
  if (summaries.length === 0) return;
  const byId = new Map(summaries.map((summary) => [summary.traceId, summary]));
  // In one order everywhere, so that two writers of the same traces wait for each other instead of blocking both.
  const rows = [...byId.values()].sort((a, b) => (a.traceId < b.traceId ? -1 : 1)).map(toRow);
  const { rows: told } = await client.query<{ id: string }>(
    `insert into facts.trace (source_id, trace_id, start_us, duration_us, span_count, error_span_count,
        orphan_span_count, is_own, root_service, root_operation, root_duration_us, clocks_apart_us, service_names, services,
        is_root_failed, has_requests)
     select $1, trace_id, start_us, duration_us, span_count, error_span_count, orphan_span_count, is_own,
        root_service, root_operation, root_duration_us, clocks_apart_us,
        array(select service ->> 0 from jsonb_array_elements(services) service), services, is_root_failed, has_requests
     from jsonb_to_recordset($2::jsonb) as row (trace_id uuid, start_us bigint, duration_us bigint, span_count integer,
        error_span_count integer, orphan_span_count integer, is_own boolean, root_service text, root_operation text,
        root_duration_us bigint, clocks_apart_us bigint, services jsonb, is_root_failed boolean, has_requests boolean)
     on conflict (source_id, trace_id) do update set start_us = excluded.start_us, duration_us = excluded.duration_us,
        span_count = excluded.span_count, error_span_count = excluded.error_span_count,
        orphan_span_count = excluded.orphan_span_count, is_own = excluded.is_own, root_service = excluded.root_service,
        root_operation = excluded.root_operation,
        root_duration_us = coalesce(excluded.root_duration_us, facts.trace.root_duration_us),
        clocks_apart_us = excluded.clocks_apart_us, service_names = excluded.service_names, services = excluded.services,
        is_root_failed = coalesce(excluded.is_root_failed, facts.trace.is_root_failed),
        has_requests = excluded.has_requests or facts.trace.has_requests
     where facts.trace.span_count <= excluded.span_count returning replace(trace_id::text, '-', '') as id`,
    [sourceId, JSON.stringify(rows)],
  );
  const taken = told.flatMap(({ id }) => byId.get(id) ?? []);
  await replaceRequests(client, sourceId, taken);
}

/**
 * A statement of its own, after the one that took the traces: that one waits for others who write them, and this one then
 * sees what those have kept.
 */
async function replaceRequests(client: Client, sourceId: number, summaries: readonly SourceSummary[]): Promise<void> {
  const telling = summaries.filter(({ requests }) => requests !== undefined);
  if (telling.length === 0) return;
  const rows = telling.flatMap(({ traceId, requests = [] }) => requests.map(toRequestRow(traceId)));
  await client.query(
    `with replaced as (delete from facts.request where source_id = $1 and trace_id = any($2::uuid[]))
     insert into facts.request (source_id, ${REQUEST_COLUMNS}) select $1, ${REQUEST_COLUMNS} from ${REQUEST_ROWS("$3")}`,
    [sourceId, telling.map(({ traceId }) => traceId), JSON.stringify(rows)],
  );
}

const REQUEST_COLUMNS = "trace_id, service, operation, start_us, duration_us, is_failed, weight";
const REQUEST_ROWS = (bound: string) =>
  `jsonb_to_recordset(${bound}::jsonb) as row (trace_id uuid, service text, operation text, start_us bigint,
     duration_us bigint, is_failed boolean, weight integer)`;

/** Keeps the requests of a trace that was read whole, unless its summary told them. */
export async function storeRequests(
  client: Client,
  sourceId: number,
  { traceId, requests, isRootFailed }: { traceId: string; requests: readonly RequestSpan[]; isRootFailed: boolean },
): Promise<void> {
  await client.query(
    `with known as (update facts.trace set has_requests = true, is_root_failed = coalesce(is_root_failed, $4)
       where source_id = $1 and trace_id = $2 and not has_requests returning trace_id)
     insert into facts.request (source_id, ${REQUEST_COLUMNS})
     select $1, ${REQUEST_COLUMNS} from ${REQUEST_ROWS("$3")} where trace_id in (select trace_id from known)`,
    [sourceId, traceId, JSON.stringify(requests.map(toRequestRow(traceId))), isRootFailed],
  );
}

/** Whether a search has seen a trace of the source. */
export async function hasFactsOf(sourceId: number, traceId: string): Promise<boolean> {
  const { rowCount } = await pool().query("select 1 from facts.trace where source_id = $1 and trace_id = $2", [
    sourceId,
    traceId.padStart(32, "0"),
  ]);
  return rowCount !== 0;
}

function toRequestRow(traceId: string) {
  return ({ service, operation, startUs, durationUs, isFailed, count }: RequestSpan) => ({
    trace_id: traceId,
    service: storableText(service),
    operation: storableText(operation),
    start_us: startUs,
    duration_us: Math.min(durationUs, Number.MAX_SAFE_INTEGER),
    is_failed: isFailed,
    weight: Math.min(count, MAX_COUNT),
  });
}

function toRow(summary: SourceSummary) {
  const { rootService, services } = summary;
  return {
    trace_id: summary.traceId,
    start_us: summary.startUs,
    duration_us: Math.min(summary.durationUs, Number.MAX_SAFE_INTEGER),
    span_count: Math.min(summary.spanCount, MAX_COUNT),
    error_span_count: Math.min(summary.errorSpanCount, MAX_COUNT),
    orphan_span_count: Math.min(summary.orphanSpanCount, MAX_COUNT),
    is_own: isOwnService(rootService || (services[0]?.name ?? "")),
    root_service: storableText(rootService),
    root_operation: storableText(summary.rootOperation),
    root_duration_us: summary.requestUs === undefined ? null : Math.min(summary.requestUs, Number.MAX_SAFE_INTEGER),
    clocks_apart_us: summary.clocksApartUs ?? null,
    services: services.map(({ name, spanCount, errorSpanCount }) => [storableText(name), spanCount, errorSpanCount]),
    is_root_failed: summary.requestUs === undefined ? null : (summary.isRootFailed ?? null),
    has_requests: summary.requests !== undefined,
  };
}
