import type { PoolClient } from "pg";
import type { Slice, Stretch } from "@/features/traces/domain/facts/time-slices";
import { pool, transaction } from "@/server/db/client";
import type { SourceSummary } from "../trace-source";
import { upsertTraces } from "./trace-repository";
import { type SeenVersion, storeVersions } from "./version-repository";

const LEASE_SECONDS = 20;
const SLICE_LOCK = 72_707_371;
const US_PER_MINUTE = 60_000_000;

export type Lease = { sourceId: number; hour: number; fence: number };

/** The number of a source in the fact table, made when new. */
export async function sourceIdOf(identity: string): Promise<number> {
  const { rows } = await pool().query<{ id: number }>(
    `insert into facts.source (identity) values ($1)
     on conflict (identity) do update set identity = excluded.identity returning id`,
    [identity],
  );
  return rows[0]?.id ?? 0;
}

/** What a reader can see now of the embedded collector: whatever comes later is told apart by it. */
export async function takeSnapshot(): Promise<string> {
  const { rows } = await pool().query<{ seen: string }>("select pg_current_snapshot()::text as seen");
  return rows[0]?.seen ?? "";
}

/**
 * Stretches read so far that touch the window, oldest first. Those read of the embedded collector say whether it has taken
 * spans for their minutes that were not there when they were read.
 */
export async function slicesIn(sourceId: number, { fromUs, toUs }: Stretch): Promise<Slice[]> {
  const { rows } = await pool().query<{
    from_us: number;
    to_us: number;
    held_count: number;
    is_settled: boolean;
    is_truncated: boolean;
    is_outdated: boolean | null;
    read_at: Date;
  }>(
    `select from_us, to_us, held_count, is_settled, is_truncated, read_at,
       case when seen is not null then exists (select from collector.late_minute
         where minute between slice.from_us / ${US_PER_MINUTE} and (slice.to_us - 1) / ${US_PER_MINUTE}
           and not pg_visible_in_snapshot(changed_by, slice.seen)) end as is_outdated
     from facts.slice where source_id = $1 and from_us < $3 and to_us > $2 order by from_us`,
    [sourceId, fromUs, toUs],
  );
  return rows.map((row) => ({
    fromUs: row.from_us,
    toUs: row.to_us,
    heldCount: row.held_count,
    isSettled: row.is_settled,
    isTruncated: row.is_truncated,
    isOutdated: row.is_outdated ?? undefined,
    readAtMs: row.read_at.getTime(),
  }));
}

/** Takes an hour to read; undefined while another process has it. */
export async function takeLease(sourceId: number, hour: number, owner: string): Promise<Lease | undefined> {
  const { rows } = await pool().query<{ fence: number }>(
    `insert into facts.lease as held (source_id, hour, owner, until)
       values ($1, $2, $3, now() + make_interval(secs => $4))
     on conflict (source_id, hour) do update
       set owner = excluded.owner, until = excluded.until, fence = held.fence + 1
       where held.until < now() or held.owner = excluded.owner
     returning fence`,
    [sourceId, hour, owner, LEASE_SECONDS],
  );
  const [row] = rows;
  return row === undefined ? undefined : { sourceId, hour, fence: row.fence };
}

/** Lets others read the hour; a lease that was lost meanwhile stays the other's. */
export async function releaseLease({ sourceId, hour, fence }: Lease): Promise<void> {
  await pool().query("delete from facts.lease where source_id = $1 and hour = $2 and fence = $3", [
    sourceId,
    hour,
    fence,
  ]);
}

/** Marks what was read of a stretch as old and not settled, so that it is read again; what it holds stays meanwhile. */
export async function doubtSlices(sourceId: number, { fromUs, toUs }: Stretch): Promise<void> {
  await pool().query(
    `update facts.slice set is_settled = false, read_at = least(read_at, now() - interval '1 minute')
     where source_id = $1 and from_us < $3 and to_us > $2`,
    [sourceId, fromUs, toUs],
  );
}

export type ReadSlice = Stretch & {
  summaries: readonly SourceSummary[];
  isSettled: boolean;
  isTruncated: boolean;
  readAtMs: number;
  /** From {@link takeSnapshot}, taken before the source was asked; undefined where the source tells of no late spans. */
  seen: string | undefined;
};

/**
 * Keeps what one stretch held, in one transaction with the mark that it was read, and prolongs the lease. Only traces that
 * start within it count; of others that were known before, the answer may tell what they have become. False, with nothing
 * kept, when the lease is another's by now.
 */
export async function storeSlice(lease: Lease, slice: ReadSlice): Promise<boolean> {
  const isOwn = ({ startUs }: SourceSummary) => startUs >= slice.fromUs && startUs < slice.toUs;
  const own = slice.summaries.filter(isOwn);
  const others = slice.summaries.filter((summary) => !isOwn(summary));
  return transaction(async (client) => {
    // A cache: what a crash takes away is read again, rows and mark together.
    await client.query("set local synchronous_commit = off");
    const { rowCount } = await client.query(
      `update facts.lease set until = now() + make_interval(secs => $4)
       where source_id = $1 and hour = $2 and fence = $3`,
      [lease.sourceId, lease.hour, lease.fence, LEASE_SECONDS],
    );
    if (rowCount === 0) return false;
    const grown = await knownOf(client, lease.sourceId, others);
    await upsertTraces(client, lease.sourceId, [...own, ...grown]);
    await storeVersions(client, lease.sourceId, versionsOf([...own, ...grown]));
    // Hours are read at the same time, and a long slice may lie over several: one after the other cuts what the last one left.
    await client.query("select pg_advisory_xact_lock($1, $2)", [SLICE_LOCK, lease.sourceId]);
    await cutSlices(client, lease.sourceId, slice);
    const { fromUs, toUs, isSettled, isTruncated, readAtMs, seen = null } = slice;
    await client.query(
      `insert into facts.slice (source_id, from_us, to_us, held_count, is_settled, is_truncated, read_at, seen)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [lease.sourceId, fromUs, toUs, own.length, isSettled, isTruncated, new Date(readAtMs), seen],
    );
    return true;
  });
}

/** What summaries tell of versions, each with the span of time it was seen in. */
function versionsOf(summaries: readonly SourceSummary[]): SeenVersion[] {
  const byName = new Map<string, SeenVersion>();
  for (const { startUs, versions = [] } of summaries) {
    for (const { service, version } of versions) {
      const name = JSON.stringify([service, version]);
      const { firstUs = startUs, lastUs = startUs } = byName.get(name) ?? {};
      const seen = { service, version, firstUs: Math.min(firstUs, startUs), lastUs: Math.max(lastUs, startUs) };
      byName.set(name, seen);
    }
  }
  return [...byName.values()];
}

async function knownOf(
  client: PoolClient,
  sourceId: number,
  summaries: readonly SourceSummary[],
): Promise<SourceSummary[]> {
  if (summaries.length === 0) return [];
  const { rows } = await client.query<{ id: string }>(
    "select replace(trace_id::text, '-', '') as id from facts.trace where source_id = $1 and trace_id = any($2::uuid[])",
    [sourceId, summaries.map(({ traceId }) => traceId)],
  );
  const known = new Set(rows.map(({ id }) => id));
  return summaries.filter(({ traceId }) => known.has(traceId));
}

/** Keeps traces that a search happened to name; no stretch counts as read by that. */
export async function storeTraces(sourceId: number, summaries: readonly SourceSummary[]): Promise<void> {
  await transaction((client) => upsertTraces(client, sourceId, summaries));
}

/** Takes the stretch out of older slices, so that slices never overlap. */
async function cutSlices(client: PoolClient, sourceId: number, { fromUs, toUs }: Stretch): Promise<void> {
  const { rows } = await client.query(
    `delete from facts.slice where source_id = $1 and from_us < $3 and to_us > $2
     returning from_us, to_us, held_count, is_settled, is_truncated, read_at, seen::text as seen`,
    [sourceId, fromUs, toUs],
  );
  for (const row of rows) {
    for (const [from, to] of [
      [row.from_us, Math.min(row.to_us, fromUs)],
      [Math.max(row.from_us, toUs), row.to_us],
    ]) {
      if (from >= to) continue;
      await client.query(
        `insert into facts.slice (source_id, from_us, to_us, held_count, is_settled, is_truncated, read_at, seen)
         values ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [sourceId, from, to, row.held_count, row.is_settled, row.is_truncated, row.read_at, row.seen],
      );
    }
  }
}

/**
 * Forgets what was read of traces in which these services take part, of every source. What else was read stays; the
 * stretches those were in are read again meanwhile, since others may send under the same names. Whole traces that were read
 * for their attributes and calls are forgotten all together: counts of values do not tell whose they are. Versions of
 * others stay, since what ran before may be told by no span any more.
 */
export async function forgetServices(services: readonly string[]): Promise<void> {
  await transaction(async (client) => {
    // Who is reading traces that are gone by now loses the hour, and reads it again.
    await client.query("update facts.lease set fence = fence + 1, until = now()");
    await client.query(
      `with gone as (delete from facts.trace where service_names && $1::text[] returning source_id, trace_id, start_us),
       requests as (delete from facts.request using gone
         where facts.request.source_id = gone.source_id and facts.request.trace_id = gone.trace_id)
       update facts.slice set is_settled = false, read_at = least(read_at, now() - interval '1 minute')
       where exists (select from gone where gone.source_id = slice.source_id
         and gone.start_us >= slice.from_us and gone.start_us < slice.to_us)`,
      [services],
    );
    await client.query(
      `with samples as (delete from facts.sampled_trace), attributes as (delete from facts.attribute)
       delete from facts.service_version where service = any($1)`,
      [services],
    );
  });
}

/** Forgets stretches read longer ago than this, with their traces and samples. Returns how many stretches went. */
export async function forgetOlderThan(keepHours: number): Promise<number> {
  const { rows } = await pool().query<{ source_id: number; from_us: number; to_us: number }>(
    `delete from facts.slice where ctid = any(array(select ctid from facts.slice
       where read_at < now() - make_interval(hours => $1) limit 1000)) returning source_id, from_us, to_us`,
    [keepHours],
  );
  for (const { source_id, from_us, to_us } of rows) {
    await pool().query(
      `with gone as (delete from facts.trace where source_id = $1 and start_us >= $2 and start_us < $3 returning trace_id)
       delete from facts.request where source_id = $1 and trace_id in (select trace_id from gone)`,
      [source_id, from_us, to_us],
    );
  }
  await pool().query("delete from facts.sampled_trace where sampled_at < now() - make_interval(hours => $1)", [
    keepHours,
  ]);
  await pool().query("delete from facts.attribute where last_seen < now() - make_interval(hours => $1)", [keepHours]);
  await pool().query("delete from facts.lease where until < now() - interval '1 hour'");
  return rows.length;
}
