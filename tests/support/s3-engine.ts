import type { S3MigrationSnapshot } from "@/features/s3-migrations/contract";
import { OBJECT_STATES } from "@/features/s3-migrations/domain/states";
import type { EngineSettings } from "@/features/s3-migrations/server/engine/engine-settings";
import { getSnapshot } from "@/features/s3-migrations/server/migration-repository";
import { listPasses } from "@/features/s3-migrations/server/phase-repository";
import { createS3EngineTask } from "@/features/s3-migrations/server/s3-engine-task";
import { pool } from "@/server/db/client";
import { untilSeen } from "./until";

/** The engine's times, shortened so that a test of a lost lease takes seconds. */
export const FAST: EngineSettings = {
  leaseMs: 2000,
  renewMs: 500,
  pollMs: 50,
  listPollMs: 50,
  flushObjects: 25,
  flushMs: 100,
  tickMs: 100,
  sampleMs: 500,
  sweepMs: 200,
  abandonedMs: 3_600_000,
  chunksAtOnce: 2,
  soakMs: 200,
  soakObjects: 5,
  serverCopyBytes: 5 * 1024 ** 3,
};

/** An engine inside the test's process; `stop` drains it. */
export function startEngine(settings: Partial<EngineSettings> = {}): { stop: () => Promise<void> } {
  const abort = new AbortController();
  const running = createS3EngineTask({ ...FAST, ...settings }).run(abort.signal);
  return {
    stop: async () => {
      abort.abort();
      await running;
    },
  };
}

/** Polls the snapshot until it is as wanted; fails with the last one seen. */
export const waitFor = (
  id: string,
  isWanted: (snapshot: S3MigrationSnapshot) => boolean,
  timeoutMs?: number,
): Promise<S3MigrationSnapshot> => untilSeen(() => getSnapshot(id), isWanted, timeoutMs);

/** States of the object rows, counted anew: what the chunk counters must agree with. One statement, so one moment. */
export async function recount(id: string): Promise<{ rows: Record<number, number>; chunks: Record<string, number> }> {
  const { rows } = await pool().query<{ counted: Record<number, number>; chunks: Record<string, number> }>(
    `with m as (select no from s3_migration where id = $1), counted as (
       select o.state, count(*) as n from s3.object o join m on o.migration_no = m.no group by 1
     ), sums as (
       select ${["n", ...OBJECT_STATES].map((state) => `sum(c.${state})::int as ${state}`).join(", ")}
         from s3.chunk c join m on c.migration_no = m.no
     ) select (select coalesce(jsonb_object_agg(state, n), '{}') from counted) as counted,
              (select to_jsonb(sums) from sums) as chunks`,
    [id],
  );
  return { rows: rows[0]?.counted ?? {}, chunks: rows[0]?.chunks ?? {} };
}

/**
 * Chunks whose sums a recount of their objects denies, in one look at one moment: they hold at every moment, whoever
 * was killed doing what.
 */
export async function wrongChunks(id: string): Promise<unknown[]> {
  const sums = [
    ...OBJECT_STATES.map((state, at) => [state, `state = ${at}`]),
    ["headers_proven", "headers = 1"],
    ["headers_differ", "headers = 2"],
    ["types_differ", "type_differs"],
  ];
  const { rows } = await pool().query(
    `select c.chunk_id, to_jsonb(c) as chunk, to_jsonb(t) as counted from s3.chunk c
      cross join lateral (select count(*) as n, coalesce(sum(size), 0) as bytes,
             ${sums.map(([name, where]) => `count(*) filter (where ${where}) as ${name}`).join(", ")}
        from s3.object o where o.migration_no = c.migration_no and o.id between c.first_id and c.last_id) t
     where c.migration_no = (select no from s3_migration where id = $1)
       and not (c.n = t.n and c.bytes = t.bytes and ${sums.map(([name]) => `c.${name} = t.${name}`).join(" and ")})`,
    [id],
  );
  return rows;
}

/** Sentences for every screen total that a recount of the object rows, epoch by epoch, does not confirm; none is right. */
export async function wrongTotals(id: string): Promise<string[]> {
  const { counts, inventory } = await getSnapshot(id);
  const { rows } = await pool().query<{ epoch: number; state: number; n: number; bytes: number }>(
    `select epoch, state, count(*) as n, coalesce(sum(size), 0)::bigint as bytes from s3.object
      where migration_no = (select no from s3_migration where id = $1) group by 1, 2`,
    [id],
  );
  const passes = await listPasses(id);
  const sum = (of: typeof rows, field: "n" | "bytes") => of.reduce((all, row) => all + row[field], 0);
  const differing = (name: string, shown: number, counted: number) =>
    shown === counted ? [] : [`${name}: shown ${shown}, counted ${counted}`];
  return [
    ...OBJECT_STATES.flatMap((state, at) => {
      return differing(
        state,
        counts[state],
        sum(
          rows.filter((row) => row.state === at),
          "n",
        ),
      );
    }),
    ...differing("objects", inventory.objects, sum(rows, "n")),
    ...differing("bytes", inventory.bytes, sum(rows, "bytes")),
    ...passes.flatMap(({ epoch, objects }) => {
      return differing(
        `objects of pass ${epoch}`,
        objects,
        sum(
          rows.filter((row) => row.epoch === epoch),
          "n",
        ),
      );
    }),
  ];
}
