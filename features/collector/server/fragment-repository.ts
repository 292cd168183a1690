import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { COPY_COLUMNS, copyRows, type PackedFragment, storableText } from "../domain/copy-rows";
import type { OperationSeen } from "../domain/scan-traces";
import { collectorPool } from "./collector-pool-repository";
import { noteLateMinutes } from "./late-minute-repository";

const MAX_OPERATIONS = 50_000;
/** Longer names would not fit an index entry; the lists show their beginning. */
const MAX_SERVICE_CHARS = 200;
const MAX_OPERATION_CHARS = 300;

export type FragmentBatch = {
  fragments: readonly PackedFragment[];
  operations: readonly OperationSeen[];
  /** Minutes that these spans change long after they were over, in order. */
  lateMinutes: readonly number[];
};

/**
 * Stores a batch in one transaction: when this resolves, every row is on disk. Operations are noted first, in a transaction
 * of their own: a name without spans is harmless, spans without a name could not be found.
 */
export async function saveFragments(
  segment: number,
  { fragments, operations, lateMinutes }: FragmentBatch,
): Promise<void> {
  const client = await collectorPool().connect();
  let failure: Error | undefined;
  try {
    await saveOperations(client, operations);
    // A COPY is a transaction by itself; only late spans need one around it.
    const isLate = lateMinutes.length > 0;
    if (isLate) await client.query("begin");
    await copyInto(client, segment, fragments);
    if (isLate) {
      await noteLateMinutes(client, lateMinutes);
      await client.query("commit");
    }
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
    throw failure;
  } finally {
    // A connection that failed half-way through a COPY is not worth repairing.
    client.release(failure);
  }
}

/** Whether these could be stored now: written as ever, and taken back. Rejects as {@link saveFragments} would. */
export async function tryFragments(segment: number, fragments: readonly PackedFragment[]): Promise<void> {
  const client = await collectorPool().connect();
  let failure: Error | undefined;
  try {
    await client.query("begin");
    await copyInto(client, segment, fragments);
    await client.query("rollback");
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
    throw failure;
  } finally {
    client.release(failure);
  }
}

async function copyInto(client: pg.PoolClient, segment: number, fragments: readonly PackedFragment[]): Promise<void> {
  const stream = client.query(copyFrom(`copy collector.fragment_${segment} (${COPY_COLUMNS}) from stdin binary`));
  await pipeline(Readable.from([copyRows(segment, fragments)]), stream);
}

async function saveOperations(client: pg.PoolClient, operations: readonly OperationSeen[]): Promise<void> {
  const byKey = new Map<string, { service: string; name: string; kind: number }>();
  for (const { service, name, kind } of operations) {
    const row = {
      service: storableText(service).slice(0, MAX_SERVICE_CHARS),
      name: storableText(name).slice(0, MAX_OPERATION_CHARS),
      kind: kind > 5 ? 0 : kind,
    };
    byKey.set(`${row.service}\u0000${row.name}\u0000${row.kind}`, row);
  }
  // One order for everybody: two batches that touch the same rows can wait for each other, never deadlock.
  const rows = Array.from(byKey.entries())
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, row]) => row);
  await client.query({
    name: "collector_save_operations",
    text: `insert into collector.operation as known (service, name, kind)
      select * from unnest($1::text[], $2::text[], $3::smallint[])
      where (select count(*) from collector.operation) < ${MAX_OPERATIONS}
      on conflict (service, name, kind) do update set last_seen = now()
      where known.last_seen < now() - interval '10 minutes'`,
    values: [rows.map((row) => row.service), rows.map((row) => row.name), rows.map((row) => row.kind)],
  });
}

/** Adds to the counters the overview shows. */
export async function addToIngestTotal(spans: number, rejected: number, receivedAt: Date): Promise<void> {
  await collectorPool().query(
    `update collector.ingest_total
     set spans = spans + $1, rejected = rejected + $2, last_received_at = greatest(last_received_at, $3) where id = 1`,
    [spans, rejected, receivedAt],
  );
}
