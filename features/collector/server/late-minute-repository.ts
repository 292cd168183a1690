import type pg from "pg";
import { collectorPool } from "./collector-pool-repository";

/** When the earliest stored span of each trace starts, epoch ms, by the bytes of the trace id; unknown traces are absent. */
export async function findTraceStarts(traceIds: readonly Buffer[]): Promise<{ traceId: Buffer; startMs: number }[]> {
  const { rows } = await collectorPool().query<{ id: Buffer; start_ms: string }>({
    name: "collector_trace_starts",
    text: `select uuid_send(trace_id) as id, min(min_start_ns) / 1000000 as start_ms
      from collector.fragment where trace_id = any($1::uuid[]) group by trace_id`,
    values: [traceIds.map((id) => id.toString("hex"))],
  });
  return rows.map(({ id, start_ms: startMs }) => ({ traceId: id, startMs: Number(startMs) }));
}

/** Notes that these minutes change, in the transaction of what changes them. Wants them in order: two may wait, never block. */
export async function noteLateMinutes(client: pg.PoolClient, minutes: readonly number[]): Promise<void> {
  await client.query({
    name: "collector_note_late_minutes",
    text: `insert into collector.late_minute (minute) select * from unnest($1::integer[])
      on conflict (minute) do update set changed_by = pg_current_xact_id(), noted_at = now()`,
    values: [minutes],
  });
}
