import { z } from "zod";
import { pool, transaction } from "@/server/db/client";
import { type Lead, type LeadTimes, takeLead } from "@/server/db/take-lead";
import { notify } from "@/server/realtime/listen";
import { type Counters, emptyCounters } from "../../domain/counters";
import { limitsSchema } from "../../domain/limits";
import {
  DESIRED_STATES,
  ENGINE_TIERS,
  MIGRATION_MODES,
  MIGRATION_PHASES,
  MIGRATION_STATES,
  OBJECT_STATES,
} from "../../domain/states";
import type { Transition } from "../../domain/transitions";
import { topicOf } from "../migration-repository";
import { type Progress, progressSchema } from "../progress";
import type { KeptDelta } from "./kept-result";

/** One leader among all workers: the holder of this session lock. A late one does no harm, its writes name a version. */
const LEADER_LOCK = 735_310_622;

/** Times in ms: how long a silent leader keeps the lead, and how often it says that it lives. */
export const tryLead = (times: LeadTimes): Promise<Lead | undefined> => takeLead(LEADER_LOCK, times);

const watchedSchema = z.object({
  id: z.string(),
  no: z.number(),
  state: z.enum(MIGRATION_STATES),
  desired: z.enum(DESIRED_STATES),
  phase: z.enum(MIGRATION_PHASES),
  version: z.number(),
  stopClass: z.string().nullable(),
  isStopped: z.boolean(),
  isSealed: z.boolean(),
  objects: z.number(),
  listedObjects: z.number(),
  mode: z.enum(MIGRATION_MODES),
  epoch: z.number(),
  deltaUntil: z.number(),
  deltaOutcome: z.enum(["clean", "limit"]).nullable(),
  returnPhase: z.string().nullable(),
  soakChecked: z.number(),
  isSoakOver: z.boolean(),
  listLeases: z.number(),
  progress: progressSchema,
  limits: z.prefault(limitsSchema, {}),
  nowMs: z.number(),
});
export type Watched = z.output<typeof watchedSchema>;

/** Everything that may still move. Ended and stopped ones are looked at while somebody just commanded them. */
export async function listWatched(): Promise<Watched[]> {
  const { rows } = await pool().query(
    `select id, no, state, desired_state as desired, phase, version, stop_class as "stopClass",
            stopped_at is not null as "isStopped", sealed_at is not null as "isSealed", objects, progress,
            options->'limits' as limits,
            listed_objects as "listedObjects", coalesce(options->>'mode', 'copy') as mode, epoch,
            delta_until as "deltaUntil", delta_outcome as "deltaOutcome", return_phase as "returnPhase",
            soak_checked as "soakChecked", coalesce(soak_until <= now(), false) as "isSoakOver",
            (list_lease_until > now())::int as "listLeases", extract(epoch from now()) * 1000 as "nowMs"
       from s3_migration
      where options->>'mode' is distinct from 'reported' and (state in ('draft', 'listing', 'planned', 'running', 'paused', 'verifying', 'cancelling', 'cutover', 'soaking',
                      'retiring')
         or (state in ('auto_stopped', 'failed')
             and (desired_state = 'cancelled' or greatest(updated_at, stopped_at) > now() - interval '1 min')))`,
  );
  return z.array(watchedSchema).parse(
    rows.map((row) => ({
      ...row,
      limits: row.limits ?? undefined,
      listLeases: row.listLeases ?? 0,
      nowMs: Number(row.nowMs),
    })),
  );
}

export type Sums = {
  counters: Counters;
  leases: number;
  workers: number;
  concurrency: number;
  retries: number;
  throttledMs: number;
  kept: KeptDelta;
};

const columns = [
  "n",
  "bytes",
  "bytes_waiting",
  "bytes_other",
  ...OBJECT_STATES,
  ...ENGINE_TIERS.flatMap((tier) => [`tier_${tier}`, `bytes_${tier}`]),
  "retries",
  "throttled_ms",
  "headers_proven",
  "headers_differ",
  "types_differ",
];
const SUMS = `
  select ${columns.map((name) => `coalesce(sum(${name}), 0)::bigint as ${name}`).join(", ")},
         count(*) filter (where lease_until > now()) as leases,
         count(distinct lease_owner) filter (where lease_until > now()) as workers,
         (select coalesce(sum(m), 0)::int from (select max(concurrency) as m from s3.chunk
           where migration_no = $1 and lease_until > now() group by lease_owner) w) as concurrency
    from s3.chunk where migration_no = $1`;

/** Sums of all chunk rows: exact, because each is written only by the holder of its lease (100,000 rows: 10 ms). */
export async function sumChunks(no: number): Promise<Sums> {
  const { rows } = await pool().query<Record<string, number>>({ name: "s3-sums", text: SUMS, values: [no] });
  const row = rows[0] ?? {};
  const sum = (name: string) => row[name] ?? 0;
  const counters = emptyCounters();
  counters.objects = sum("n");
  counters.bytes = sum("bytes");
  counters.bytesWaiting = sum("bytes_waiting");
  counters.bytesOther = sum("bytes_other");
  for (const state of OBJECT_STATES) counters.states[state] = sum(state);
  for (const tier of ENGINE_TIERS) counters.tiers[tier] = { objects: sum(`tier_${tier}`), bytes: sum(`bytes_${tier}`) };
  return {
    counters,
    leases: sum("leases"),
    workers: sum("workers"),
    concurrency: sum("concurrency"),
    retries: sum("retries"),
    throttledMs: sum("throttled_ms"),
    kept: {
      headersProven: sum("headers_proven"),
      headersDiffer: sum("headers_differ"),
      typesDiffer: sum("types_differ"),
    },
  };
}

export type Beat = {
  watched: Watched;
  transition: Transition;
  progress: Progress;
  totals: { objects: number; bytes: number } | undefined;
  isStarted: boolean;
  isFollowed: boolean;
};

/**
 * Writes what the leader saw and tells the web processes, in one transaction of its own (a notifying commit is slow; no
 * worker pays for it). Nothing when a command came in between: the next beat sees it.
 */
export async function saveBeat({ watched, transition, progress, totals, isStarted, isFollowed }: Beat): Promise<void> {
  await transaction(async (client) => {
    const { rowCount } = await client.query(
      `update s3_migration set state = $4::s3_migration_state, phase = $5::s3_migration_phase, progress = $6,
              objects = coalesce($7, objects), bytes = coalesce($8, bytes), version = version + 1, updated_at = now(),
              started_at = case when $9 then coalesce(started_at, now()) else started_at end,
              finished_at = case when $4::text in ('verified', 'cancelled', 'failed', 'retired')
                                 then coalesce(finished_at, now())
                                 when $4::text in ('cutover', 'soaking', 'retiring') then finished_at end
        where no = $1 and version = $2 and desired_state = $3::s3_desired_state`,
      [
        watched.no,
        watched.version,
        watched.desired,
        transition.state,
        transition.phase,
        progress,
        totals?.objects ?? null,
        totals?.bytes ?? null,
        isStarted,
      ],
    );
    if (rowCount !== 1) return;
    if (isFollowed) {
      await client.query("update s3_command set applied_at = now() where migration_id = $1 and applied_at is null", [
        watched.id,
      ]);
    }
    await notify(topicOf(watched.id), client);
  });
}

export type Sample = {
  id: string;
  state: string;
  objects: number;
  bytes: number;
  failed: number;
  progress: Progress;
};
export type PutMs = { p50: number; p95: number };

/** One point of the chart. */
export async function saveSample(sample: Sample, putMs?: PutMs): Promise<void> {
  const { id, state, objects, bytes, failed, progress } = sample;
  const { rate, engine, eta } = progress;
  await pool().query(
    `insert into s3_progress_sample (migration_id, at, state, objects, bytes, failed, objects_per_second,
                                     bytes_per_second, workers, concurrency, throttled_ms, eta_earliest_at,
                                     eta_latest_at, put_p50_ms, put_p95_ms)
     select $1, now(), $2::s3_migration_state, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14
      where exists (select 1 from s3_migration where id = $1) on conflict do nothing`,
    [
      id,
      state,
      objects,
      bytes,
      failed,
      rate?.objectsPerSecond ?? 0,
      rate?.bytesPerSecond ?? 0,
      engine.workers,
      engine.concurrency,
      engine.throttledMs,
      eta.kind === "range" ? eta.earliestAt : null,
      eta.kind === "range" ? eta.latestAt : null,
      putMs?.p50 ?? null,
      putMs?.p95 ?? null,
    ],
  );
}
