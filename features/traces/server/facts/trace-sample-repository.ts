import type { Stretch } from "@/features/traces/domain/facts/time-slices";
import { pool, transaction } from "@/server/db/client";
import type { TraceSample } from "./read-sample";
import { storableText } from "./storable-text";
import { storeRequests } from "./trace-repository";
import { storeVersions } from "./version-repository";

/** Larger traces take too long to read for their attributes. */
const MAX_SPANS = 5000;

/** Every service has as many of its traces read, those of others it takes part in included. */
const ENOUGH_PER_SERVICE = 100;

/**
 * Traces of the window that were not sampled yet, for every service as many as it lacks, those with the fewest first: a
 * service that comes later or is quiet is not passed over for a busy one. Of each service they are spread over operations,
 * over time and over the slowest, so that a rare operation, a version that ran shortly and a bad host are among them.
 */
export async function chooseForSample(
  sourceId: number,
  window: Stretch,
  limit: number,
): Promise<{
  traceIds: string[] /** The least of its traces any of their services will have had read with them. */;
  fewest: number;
}> {
  const stepUs = Math.max(1, Math.ceil((window.toUs - window.fromUs) / 24));
  const { rows } = await pool().query<{ trace_id: string; turn: number }>(
    `with known as materialized (
       select trace_id, root_operation, start_us, duration_us, service, exists (select from facts.sampled_trace sampled
           where sampled.source_id = facts.trace.source_id and sampled.trace_id = facts.trace.trace_id) as is_sampled
       from facts.trace, unnest(service_names) service
       where source_id = $1 and start_us >= $2 and start_us < $3 and not is_own and span_count <= ${MAX_SPANS}),
     placed as (
       select trace_id, service,
         least(row_number() over (partition by service, root_operation order by trace_id),
           row_number() over (partition by service, start_us / $4 order by trace_id),
           row_number() over (partition by service order by duration_us desc, trace_id)) as place
       from known where not is_sampled),
     held as (select service, count(*) filter (where is_sampled) as held from known group by service),
     wanted as (
       select trace_id, held + row_number() over (partition by service order by place, trace_id) as turn
       from placed join held using (service))
     select trace_id, min(turn) as turn from wanted where turn <= ${ENOUGH_PER_SERVICE}
     group by trace_id order by min(turn), trace_id limit $5`,
    [sourceId, window.fromUs, window.toUs, stepUs, limit],
  );
  return { traceIds: rows.map((row) => row.trace_id.replaceAll("-", "")), fewest: rows[0]?.turn ?? 0 };
}

/** `knownCount`: traces of which every request is known, told by the source or read whole. */
export type SampledShare = { service: string; sampledCount: number; knownCount: number; traceCount: number };

/** Of each service's traces in the window, how many were sampled. */
export async function sampledShares(sourceId: number, { fromUs, toUs }: Stretch): Promise<SampledShare[]> {
  const { rows } = await pool().query<{ service: string; n: number; sampled: number; known: number }>(
    `select service, count(*) as n, count(sampled.trace_id) as sampled, count(*) filter (where has_requests) as known
     from facts.trace cross join unnest(service_names) service
       left join facts.sampled_trace sampled using (source_id, trace_id)
     where source_id = $1 and facts.trace.start_us >= $2 and facts.trace.start_us < $3 and not is_own group by 1`,
    [sourceId, fromUs, toUs],
  );
  return rows.map(({ service, n, sampled, known }) => ({
    service,
    sampledCount: sampled,
    knownCount: known,
    traceCount: n,
  }));
}

/** How many traces of the window were sampled. */
export async function countSampled(sourceId: number, window?: Stretch): Promise<number> {
  const { rows } = await pool().query<{ n: number }>(
    "select count(*) as n from facts.sampled_trace where source_id = $1 and start_us >= $2 and start_us < $3",
    [sourceId, window?.fromUs ?? 0, window?.toUs ?? Number.MAX_SAFE_INTEGER],
  );
  return rows[0]?.n ?? 0;
}

/** Keeps what a trace tells; a trace that was sampled before, by whichever process, counts once. */
export async function storeSample(sourceId: number, sample: TraceSample): Promise<void> {
  await transaction(async (client) => {
    const { rowCount } = await client.query(
      "insert into facts.sampled_trace (source_id, trace_id, start_us) values ($1, $2, $3) on conflict do nothing",
      [sourceId, sample.traceId, sample.startUs],
    );
    if (rowCount === 0) return;
    await client.query(
      "update facts.trace set root_duration_us = $3 where source_id = $1 and trace_id = $2 and root_duration_us is null",
      [sourceId, sample.traceId, sample.requestUs ?? null],
    );
    await storeRequests(client, sourceId, sample);
    await client.query(
      // A trace counts once for each value, and once for all values or services together, which no sum of those tells.
      `insert into facts.attribute (source_id, counted_over, service, key, value, trace_count)
       select $1, grouping(service, value), coalesce(service, ''), key, coalesce(value, ''), 1
       from jsonb_to_recordset($2::jsonb) as seen (service text, key text, value text)
       group by grouping sets ((service, key, value), (key, value), (service, key), (key)) order by 2, 3, 4, 5
       on conflict (source_id, counted_over, service, key, value)
         do update set trace_count = facts.attribute.trace_count + 1, last_seen = now()`,
      [sourceId, toJson(sample.attributes)],
    );
    await client.query(
      `insert into facts.call_sample (source_id, trace_id, start_us, parent, child, is_remote, call_count, error_count,
          durations_us)
       select distinct on (parent, child) $1::integer, $2::uuid, $3::bigint, parent, child, "isRemote", "callCount",
          "errorCount", array(select value::bigint from jsonb_array_elements_text("durationsUs"))
       from jsonb_to_recordset($4::jsonb) as call (parent text, child text, "isRemote" boolean, "callCount" integer,
          "errorCount" integer, "durationsUs" jsonb)`,
      [sourceId, sample.traceId, sample.startUs, toJson(sample.calls)],
    );
    await storeVersions(
      client,
      sourceId,
      sample.versions.map((seen) => ({ ...seen, firstUs: sample.startUs, lastUs: sample.startUs })),
    );
  });
}

/** Texts on their way into jsonb, where some characters are not allowed. */
function toJson(rows: readonly object[]): string {
  return JSON.stringify(rows, (_, value) => (typeof value === "string" ? storableText(value) : value));
}

export type SampledEdge = {
  parent: string;
  child: string;
  isRemote: boolean;
  traces: number;
  calls: number;
  errors: number;
  p95Us: number | null;
};

/** Calls between services in the sampled traces of the window. */
export async function sampledEdges(sourceId: number, { fromUs, toUs }: Stretch): Promise<SampledEdge[]> {
  const { rows } = await pool().query<SampledEdge>(
    `select parent, child, bool_and(is_remote) as "isRemote", count(*) as traces, sum(call_count)::bigint as calls,
        sum(error_count)::bigint as errors,
        (select percentile_disc(0.95) within group (order by duration) from facts.call_sample one, unnest(one.durations_us) duration
          where one.source_id = $1 and one.start_us >= $2 and one.start_us < $3
            and one.parent = edge.parent and one.child = edge.child) as "p95Us"
     from facts.call_sample edge where source_id = $1 and start_us >= $2 and start_us < $3
     group by parent, child order by parent, child limit 2000`,
    [sourceId, fromUs, toUs],
  );
  return rows;
}

export type SeenValue = { text: string; traces: number };

/** Attribute keys that hold `part`, with the traces that have them, most seen first; case does not matter. */
export async function attributeKeys(sourceId: number, like: CompletionScope): Promise<SeenValue[]> {
  const { rows } = await pool().query<SeenValue>(
    `select key as text, trace_count as traces from facts.attribute
     where source_id = $1 and counted_over = case when $2::text is null then 3 else 1 end and service = coalesce($2, '')
       and position(lower($3) in lower(key)) > 0
     order by starts_with(lower(key), lower($3)) desc, traces desc, key limit $4`,
    [sourceId, like.service ?? null, storableText(like.part), like.limit],
  );
  return rows;
}

export type CompletionScope = { service: string | undefined; part: string; limit: number };

/** Values of an attribute key that hold `part`, most seen first. */
export async function attributeValues(sourceId: number, key: string, like: CompletionScope): Promise<SeenValue[]> {
  const { rows } = await pool().query<SeenValue>(
    `select value as text, trace_count as traces from facts.attribute
     where source_id = $1 and counted_over = case when $2::text is null then 2 else 0 end and service = coalesce($2, '')
       and key = $5 and position(lower($3) in lower(value)) > 0
     order by starts_with(lower(value), lower($3)) desc, traces desc, value limit $4`,
    [sourceId, like.service ?? null, storableText(like.part), like.limit, storableText(key)],
  );
  return rows;
}

/** Root operations or services in the fact table that hold `part`, with their traces. */
export async function rootNames(
  sourceId: number,
  column: "root_service" | "root_operation",
  like: CompletionScope,
): Promise<SeenValue[]> {
  const { rows } = await pool().query<SeenValue>(
    `select ${column} as text, count(*) as traces from facts.trace
     where source_id = $1 and not is_own and ${column} <> '' and ($2::text is null or root_service = $2)
       and position(lower($3) in lower(${column})) > 0
     group by ${column} order by starts_with(lower(${column}), lower($3)) desc, traces desc, ${column} limit $4`,
    [sourceId, like.service ?? null, storableText(like.part), like.limit],
  );
  return rows;
}
