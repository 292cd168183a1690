import { pool } from "@/server/db/client";
import type { Counters } from "../../domain/counters";
import {
  ENGINE_TIERS,
  type MigrationPhase,
  OBJECT_STATES,
  type ObjectState,
  VERIFY_TIERS,
  type VerifyTier,
} from "../../domain/states";
import { type ChunkWork, WORK_STATES } from "../../domain/work";
import type { Expected } from "../stores/object-store";
import { HEADER_PROOFS, type HeaderProof, type KeptDelta, type KeptResult, keptDelta } from "./kept-result";

/** A lease won: only writes that carry its fence count. */
export type ChunkLease = { migrationNo: number; chunkId: number; firstId: number; lastId: number; fence: number };

export type ChunkObject = {
  id: number;
  key: string;
  /** Its key at the destination, without the destination's prefix. */
  destinationKey: string;
  /** What a manifest or a database says it must be. */
  expected: Expected | null;
  sizeBytes: number;
  fingerprint: string;
  state: ObjectState;
  tier: VerifyTier;
  attempts: number;
  crc32: string | null;
  /** At the destination: of what this migration stored there (null: nothing yet), or found there identical. */
  etag: string | null;
  /** Of what was sent with its bytes; null: nothing is remembered. */
  keptSum: number | null;
  headers: HeaderProof;
  typeDiffers: boolean;
};

/** What became of one object in this visit. */
export type ObjectResult = {
  object: ChunkObject;
  state: ObjectState;
  tier: VerifyTier;
  sizeBytes: number;
  fingerprint: string;
  attempts: number;
  crc32: string | null;
  etag: string | null;
  /** Absent: as it was. */
  kept?: KeptResult | undefined;
  failure: Failure | undefined;
};
export type Failure = {
  errorClass: string;
  code: string;
  httpStatus: number | undefined;
  requestId: string | undefined;
  message: string;
};

type Claim = {
  migrationNo: number;
  phase: MigrationPhase;
  work: ChunkWork;
  owner: string;
  leaseMs: number;
  held: number[];
  /** Present limit of objects in flight of the owner. */
  concurrency: number;
};

/**
 * Takes the first free chunk with work for the phase, unless the migration has left that phase meanwhile; its fence grows by one, which shuts out every earlier holder.
 * All times are the database's. A chunk this process lost track of (its own lease, not among `held`) is free to it.
 */
export async function claimChunk(claim: Claim): Promise<ChunkLease | undefined> {
  const { migrationNo, phase, work, owner, leaseMs, held, concurrency } = claim;
  const { rows } = await pool().query<{ chunk_id: number; first_id: number; last_id: number; fence: number }>(
    `update s3.chunk set fence = fence + 1, lease_owner = $2, lease_until = now() + $3 * interval '1 ms',
            concurrency = $5, config_version = (select m.config_version from s3_migration m where m.no = $1)
      where migration_no = $1 and chunk_id = (
        select chunk_id from s3.chunk
         where migration_no = $1 and ${WORK_STATES[work].join(" + ")} > 0 and (not_before is null or not_before <= now())
           and (lease_until is null or lease_until <= now() or lease_owner = $2) and chunk_id <> all($4::int[])
         order by chunk_id limit 1 for update skip locked)
        and exists (select 1 from s3_migration where no = $1 and phase = $6::s3_migration_phase)
      returning chunk_id, first_id, last_id, fence`,
    [migrationNo, owner, leaseMs, held, concurrency, phase],
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  return { migrationNo, chunkId: row.chunk_id, firstId: row.first_id, lastId: row.last_id, fence: row.fence };
}

type ObjectRow = Omit<ChunkObject, "state" | "tier" | "headers"> & { state: number; tier: number; headers: number };

/** Takes any free chunk that holds proven objects, to look at some of them again. */
export async function claimAnyProven(
  migrationNo: number,
  { owner, leaseMs }: { owner: string; leaseMs: number },
): Promise<ChunkLease | undefined> {
  const { rows } = await pool().query<ChunkLease>(
    `update s3.chunk set fence = fence + 1, lease_owner = $2, lease_until = now() + $3 * interval '1 ms'
      where migration_no = $1 and chunk_id = (
        select chunk_id from s3.chunk where migration_no = $1 and verified > 0 and (lease_until is null or lease_until <= now())
         order by random() limit 1 for update skip locked)
      returning migration_no as "migrationNo", chunk_id as "chunkId", first_id as "firstId", last_id as "lastId", fence`,
    [migrationNo, owner, leaseMs],
  );
  return rows[0];
}

/** The chunk's objects that this work still has to do, in key order. */
export async function listOpenObjects(lease: ChunkLease, work: ChunkWork): Promise<ChunkObject[]> {
  const { rows } = await pool().query<ObjectRow>(
    `select id, src_key as key, coalesce(dst_key, src_key) as "destinationKey", expected, size as "sizeBytes", fingerprint, state, tier, attempts, crc32, etag, kept_sum as "keptSum", headers, type_differs as "typeDiffers" from s3.object
      where migration_no = $1 and id between $2 and $3 and state = any($4::smallint[]) order by id`,
    [lease.migrationNo, lease.firstId, lease.lastId, WORK_STATES[work].map((state) => OBJECT_STATES.indexOf(state))],
  );
  return rows.map((row) => ({
    ...row,
    state: OBJECT_STATES[row.state] ?? "pending",
    tier: VERIFY_TIERS[row.tier] ?? "none",
    headers: HEADER_PROOFS[row.headers] ?? "unknown",
  }));
}

export type Flush = {
  lease: ChunkLease;
  leaseMs: number;
  results: ObjectResult[];
  /** Change of the chunk's sums by these results. */
  delta: Counters;
  retries: number;
  throttledMs: number;
  concurrency: number;
};

// One statement = one transaction: sums, objects and failures move together, or (another fence) not at all.
const FLUSH = `
  with mine as (
    update s3.chunk set
      lease_until = now() + $4 * interval '1 ms', retries = retries + $5, throttled_ms = throttled_ms + $6,
      concurrency = $7, bytes = bytes + $8, bytes_waiting = bytes_waiting + $9, bytes_other = bytes_other + $10,
      headers_proven = headers_proven + $30, headers_differ = headers_differ + $31, types_differ = types_differ + $32,
      ${OBJECT_STATES.map((state, at) => `${state} = ${state} + ($11::int[])[${at + 1}]`).join(", ")},
      ${ENGINE_TIERS.map((tier, at) => `tier_${tier} = tier_${tier} + ($12::int[])[${at + 1}]`).join(", ")},
      ${ENGINE_TIERS.map((tier, at) => `bytes_${tier} = bytes_${tier} + ($13::bigint[])[${at + 1}]`).join(", ")}
    where migration_no = $1 and chunk_id = $2 and fence = $3 returning chunk_id
  ), r as (
    select * from unnest($14::bigint[], $15::smallint[], $16::smallint[], $17::bigint[], $18::text[], $19::smallint[],
                         $20::text[], $21::text[], $33::bigint[], $34::smallint[], $35::boolean[])
      as r(id, state, tier, size, fingerprint, attempts, crc32, etag, kept_sum, headers, type_differs)
  ), moved as (
    update s3.object o set state = r.state, tier = r.tier, size = r.size, fingerprint = r.fingerprint,
           attempts = r.attempts, crc32 = r.crc32, etag = r.etag, kept_sum = r.kept_sum, headers = r.headers,
           type_differs = r.type_differs
      from r where o.migration_no = $1 and o.id = r.id and exists (select 1 from mine)
  ), failed as (
    insert into s3.failure (migration_no, object_id, chunk_id, class, code, http_status, request_id, message, attempts)
    select $1, f.id, $2, f.class, f.code, f.status, f.request, f.message, f.attempts
      from unnest($22::bigint[], $23::text[], $24::text[], $25::smallint[], $26::text[], $27::text[], $28::int[])
        as f(id, class, code, status, request, message, attempts)
     where exists (select 1 from mine)
    on conflict (migration_no, object_id) do update set class = excluded.class, code = excluded.code,
      http_status = excluded.http_status, request_id = excluded.request_id, message = excluded.message,
      attempts = excluded.attempts, last_at = now()
  ), healed as (
    delete from s3.failure where migration_no = $1 and object_id = any($29::bigint[]) and exists (select 1 from mine)
  ), deleted as (
    delete from s3.retire_intent where migration_no = $1 and object_id = any($43::bigint[]) and exists (select 1 from mine)
  ), found as (
    insert into s3.finding (migration_no, object_id, kind, chunk_id, told, found, sent)
    select $1, f.id, f.kind, $2, f.told, f.found, f.sent
      from unnest($36::bigint[], $37::text[], $38::text[], $39::text[], $40::text[]) as f(id, kind, told, found, sent)
     where exists (select 1 from mine)
    on conflict (migration_no, object_id, kind) do update set told = excluded.told, found = excluded.found,
      sent = excluded.sent, at = now()
  ), cleared as (
    delete from s3.finding where migration_no = $1 and exists (select 1 from mine)
       and (object_id, kind) in (select * from unnest($41::bigint[], $42::text[]))
  )
  select count(*) as mine, set_config('synchronous_commit', case when $44 then 'off' else current_setting('synchronous_commit') end, true)
    from mine`;

/** What a crash of the database may forget, since the next visit finds the same bytes there and says the same again. */
const REPEATABLE: ReadonlySet<ObjectState> = new Set(["copied", "skipped_identical", "verified"]);

/**
 * Writes a batch of results under the fence. False: another worker has the chunk; stop at once, write nothing more.
 * Nobody waits for the disk over good news: each wait makes the file system write down all that a server on the same disk
 * has in hand. What people see does, since the leader's commit follows it in the log: nothing shown is ever taken back.
 */
export async function flushResults(flush: Flush): Promise<boolean> {
  const { lease, results, delta } = flush;
  const failures = results.flatMap(({ object, failure, attempts }) =>
    failure === undefined ? [] : [{ id: object.id, attempts, ...failure }],
  );
  const healed = results.filter(({ failure, attempts }) => failure === undefined && attempts > 0);
  const { rows } = await pool().query<{ mine: number }>({
    name: "s3-flush",
    text: FLUSH,
    values: [
      lease.migrationNo,
      lease.chunkId,
      lease.fence,
      flush.leaseMs,
      flush.retries,
      flush.throttledMs,
      flush.concurrency,
      delta.bytes,
      delta.bytesWaiting,
      delta.bytesOther,
      OBJECT_STATES.map((state) => delta.states[state]),
      ENGINE_TIERS.map((tier) => delta.tiers[tier].objects),
      ENGINE_TIERS.map((tier) => delta.tiers[tier].bytes),
      results.map(({ object }) => object.id),
      results.map(({ state }) => OBJECT_STATES.indexOf(state)),
      results.map(({ tier }) => VERIFY_TIERS.indexOf(tier)),
      results.map(({ sizeBytes }) => sizeBytes),
      results.map(({ fingerprint }) => fingerprint),
      results.map(({ attempts }) => attempts),
      results.map(({ crc32 }) => crc32),
      results.map(({ etag }) => etag),
      failures.map(({ id }) => id),
      failures.map(({ errorClass }) => errorClass),
      failures.map(({ code }) => code.slice(0, 100)),
      failures.map(({ httpStatus }) => httpStatus ?? null),
      failures.map(({ requestId }) => requestId ?? null),
      failures.map(({ message }) => message),
      failures.map(({ attempts }) => attempts),
      healed.map(({ object }) => object.id),
      ...keptValues(results, keptDelta(results)),
      // What was begun has ended with these rows.
      results.flatMap(({ object, state }) => (state === "retired" ? [object.id] : [])),
      results.every(({ state, failure }) => failure === undefined && REPEATABLE.has(state)),
    ],
  });
  return rows[0]?.mine === 1;
}

/** $30 to $42 of FLUSH. */
function keptValues(results: readonly ObjectResult[], delta: KeptDelta): unknown[] {
  const findings = results.flatMap(({ object, kept }) =>
    (kept?.findings ?? []).map((finding) => ({ id: object.id, ...finding })),
  );
  const cleared = results.flatMap(({ object, kept }) => {
    if (kept === undefined) return [];
    return [
      ...(object.headers === "different" && kept.headers !== "different" ? [{ id: object.id, kind: "headers" }] : []),
      ...(object.typeDiffers && !kept.typeDiffers ? [{ id: object.id, kind: "type" }] : []),
    ];
  });
  return [
    delta.headersProven,
    delta.headersDiffer,
    delta.typesDiffer,
    results.map(({ object, kept }) => kept?.sum ?? object.keptSum),
    results.map(({ object, kept }) => HEADER_PROOFS.indexOf(kept?.headers ?? object.headers)),
    results.map(({ object, kept }) => kept?.typeDiffers ?? object.typeDiffers),
    findings.map(({ id }) => id),
    findings.map(({ kind }) => kind),
    findings.map(({ told }) => told),
    findings.map(({ found }) => found),
    findings.map(({ sent }) => sent),
    cleared.map(({ id }) => id),
    cleared.map(({ kind }) => kind),
  ];
}

/** Keeps a lease alive between flushes and says how many objects may be in flight now; false when it is lost. */
export async function renewLease(lease: ChunkLease, leaseMs: number, concurrency: number): Promise<boolean> {
  const { rowCount } = await pool().query(
    `update s3.chunk set lease_until = now() + $4 * interval '1 ms', concurrency = $5
      where migration_no = $1 and chunk_id = $2 and fence = $3`,
    [lease.migrationNo, lease.chunkId, lease.fence, leaseMs, concurrency],
  );
  return rowCount === 1;
}

/** Gives the chunk back; with `retryAfterMs`, nobody takes it before then. A lost lease is left alone. */
export async function releaseChunk(lease: ChunkLease, retryAfterMs: number | undefined): Promise<void> {
  await pool().query(
    `update s3.chunk set lease_owner = null, lease_until = null, concurrency = 0,
            not_before = case when $4::int is null then null else now() + $4::int * interval '1 ms' end
      where migration_no = $1 and chunk_id = $2 and fence = $3`,
    [lease.migrationNo, lease.chunkId, lease.fence, retryAfterMs ?? null],
  );
}
