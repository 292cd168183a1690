import type pg from "pg";
import { collectorPool } from "./collector-pool-repository";

/** Keeps collectors from rolling and dropping segments at the same time. */
const MAINTENANCE_LOCK = 72_707_370;

export type Retention = { maxAgeMs: number; maxBytes: number; rollAgeMs: number; rollBytes: number };
export type SegmentChange = { current: number; dropped: number[] };

/** Number of the segment to write to. */
export async function findCurrentSegment(): Promise<number> {
  const { rows } = await collectorPool().query<{ number: number }>(
    "select number from collector.segment where closed_at is null order by number limit 1",
  );
  return rows[0]?.number ?? 1;
}

/**
 * Closes the current segment when it is old or large, opens one ahead, and drops closed ones beyond the retention. One
 * collector does it at a time; the others just learn the current segment.
 */
export async function maintainSegments(retention: Retention): Promise<SegmentChange> {
  const client = await collectorPool().connect();
  let failure: Error | undefined;
  try {
    await client.query("begin");
    // Dropping needs the table for itself: rather try again in a moment than make every search wait for a slow one.
    await client.query("set local lock_timeout = '2s'");
    const { rows } = await client.query<{ is_mine: boolean }>("select pg_try_advisory_xact_lock($1) as is_mine", [
      MAINTENANCE_LOCK,
    ]);
    const dropped = rows[0]?.is_mine ? await maintain(client, retention) : [];
    await client.query("commit");
    return { current: await findCurrentSegment(), dropped };
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
    throw failure;
  } finally {
    client.release(failure);
  }
}

type Segment = {
  number: number;
  is_open: boolean;
  age_ms: number;
  closed_ms: number | null;
  bytes: number;
  is_empty: boolean;
};

async function maintain(client: pg.PoolClient, retention: Retention): Promise<number[]> {
  const { rows } = await client.query<Segment>(
    `select number, closed_at is null as is_open,
       extract(epoch from now() - opened_at)::float8 * 1000 as age_ms,
       extract(epoch from now() - closed_at)::float8 * 1000 as closed_ms,
       pg_total_relation_size(format('collector.fragment_%s', number)::regclass)::float8 as bytes,
       pg_relation_size(format('collector.fragment_%s', number)::regclass) = 0 as is_empty
     from collector.segment order by number`,
  );
  const [current] = rows.filter((row) => row.is_open);
  const isDue = current !== undefined && (current.bytes > retention.rollBytes || current.age_ms > retention.rollAgeMs);
  if (current === undefined || (isDue && !current.is_empty)) await roll(client, current?.number, rows);
  const dropped = expired(rows, retention);
  for (const number of dropped) {
    await client.query(`drop table collector.fragment_${number}`);
    await client.query("delete from collector.segment where number = $1", [number]);
  }
  if (dropped.length > 0) {
    await client.query(
      "delete from collector.operation where last_seen < (select min(opened_at) - interval '15 minutes' from collector.segment)",
    );
    // Whoever still has what was read before that has it beyond what is kept.
    await client.query(
      "delete from collector.late_minute where noted_at < (select min(opened_at) from collector.segment)",
    );
  }
  return dropped;
}

async function roll(client: pg.PoolClient, current: number | undefined, rows: Segment[]): Promise<void> {
  const last = rows.at(-1)?.number ?? 0;
  if (current !== undefined) {
    await client.query("update collector.segment set closed_at = now() where number = $1", [current]);
    await client.query("update collector.segment set opened_at = now() where number > $1", [current]);
  }
  await client.query("select collector.open_segment($1)", [last + 1]);
}

/** Closed segments to drop: too old, then the oldest until the rest fits. */
function expired(rows: Segment[], { maxAgeMs, maxBytes }: Retention): number[] {
  let total = rows.reduce((sum, { bytes }) => sum + bytes, 0);
  const dropped: number[] = [];
  for (const { number, closed_ms: closedMs, bytes } of rows) {
    if (closedMs === null || (closedMs <= maxAgeMs && total <= maxBytes)) break;
    dropped.push(number);
    total -= bytes;
  }
  return dropped;
}
