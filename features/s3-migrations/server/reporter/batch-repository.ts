import { createHash } from "node:crypto";
import type { PoolClient } from "pg";
import { AppError } from "@/lib/errors";
import { transaction } from "@/server/db/client";
import { type Fold, foldReport, type KnownItem } from "../../domain/fold-report";
import { REPORT_STATES, type ReportState } from "../../domain/reported";
import { OBJECT_STATES } from "../../domain/states";
import { type Batch, type ItemProblem, MAX_SUM_BYTES, type ParsedItem, parseItems } from "./report-schemas";
import { lockReported, type ReportedRow } from "./reported-repository";
import { assertHolds, type Stream, streamOf } from "./stream-repository";

type Sent = { ref: string; streamId: string; batch: Batch; mayReset: boolean };
type Applied = { row: ReportedRow; applied: number; duplicate: boolean; nextSeq: number };

/**
 * Applies one batch whole or not at all: items, sums, the batch's own row and the stream's place in one transaction. The
 * same batch again changes nothing, in whatever epoch it comes. Sums move with items; the client's totals are not read.
 */
export async function applyBatch({ ref, streamId, batch, mayReset }: Sent): Promise<Applied> {
  if (batch.reset && !mayReset) {
    throw new AppError("forbidden", "This token may not take back what was reported (reset).");
  }
  const hash = createHash("sha256")
    .update(JSON.stringify([batch.reset, batch.items]))
    .digest();
  const parsed = parseItems(batch.items);
  return transaction(async (client) => {
    const row = await lockReported(client, ref);
    const stream = await streamOf(client, row.no, streamId);
    if (await isKnown(client, stream, batch, hash)) {
      return { row, applied: 0, duplicate: true, nextSeq: stream.nextSeq };
    }
    assertHolds(batch, stream, row);
    if (batch.seq !== stream.nextSeq) {
      throw new AppError("seq_gap", `Batch ${stream.nextSeq} comes next.`, { facts: { expected_seq: stream.nextSeq } });
    }
    if (parsed.problems.length > 0) throw invalidItems(parsed.problems);
    const fold = foldReport(await knownOf(client, row.no, parsed.items), parsed.items, batch.reset);
    refuseFold(fold, row);
    await saveItems(client, { no: row.no, streamId, fold });
    await saveSums(client, row, fold);
    await savePlace(client, { no: row.no, stream, batch, hash });
    return { row, applied: parsed.items.length, duplicate: false, nextSeq: stream.nextSeq + 1 };
  });
}

async function isKnown(client: PoolClient, stream: Stream, batch: Batch, hash: Buffer): Promise<boolean> {
  if (batch.seq >= stream.nextSeq) return false;
  const { rows } = await client.query<{ hash: Buffer }>(
    "select body_hash as hash from s3.reporter_batch where stream_id = $1 and seq = $2",
    [stream.id, batch.seq],
  );
  if (rows[0]?.hash.equals(hash)) return true;
  // Who was shut out may well count in its own way; that it was is what it must know.
  if (batch.epoch !== stream.epoch) return false;
  throw new AppError("seq_reused_with_other_body", `Batch ${batch.seq} was applied already, with other items.`, {
    facts: { expected_seq: stream.nextSeq },
  });
}

const invalidItems = (problems: readonly ItemProblem[]) =>
  new AppError("invalid_items", `${problems.length} faults in the items; nothing was applied.`, {
    facts: { items: problems.slice(0, 100) },
  });

function refuseFold({ regressions, delta }: Fold<ParsedItem>, row: ReportedRow): void {
  if (regressions.length > 0) {
    throw new AppError("state_regression", `${regressions.length} items would go back; nothing was applied.`, {
      facts: { items: regressions.slice(0, 1000) },
    });
  }
  if (row.bytes + delta.bytes > MAX_SUM_BYTES) {
    throw invalidItems([{ index: 0, field: "size", reason: "all sizes would add up to more than 4 PiB" }]);
  }
}

async function knownOf(client: PoolClient, no: number, items: readonly ParsedItem[]) {
  const { rows } = await client.query<{ key: string; state: number; size: number }>(
    "select key, state, size from s3.reported_object where migration_no = $1 and key = any($2::text[])",
    [no, items.map(({ key }) => key)],
  );
  return new Map(
    rows.map(({ key, state, size }): [string, KnownItem] => [
      key,
      { state: OBJECT_STATES[state] as ReportState, sizeBytes: size },
    ]),
  );
}

type Saved = { no: number; streamId: string; fold: Fold<ParsedItem> };

async function saveItems(client: PoolClient, { no, streamId, fold }: Saved): Promise<void> {
  const ends = [...fold.ends.values()];
  const column = <T>(pick: (end: (typeof ends)[number]) => T): T[] => ends.map(pick);
  await client.query(
    `insert into s3.reported_object (migration_no, stream_id, key, state, size, checksum, algo, content_type,
                                     error_class, error_code, error_message, said_at)
     select $1, $2, * from unnest($3::text[], $4::smallint[], $5::bigint[], $6::text[], $7::text[], $8::text[],
                                  $9::text[], $10::text[], $11::text[], $12::timestamptz[])
     on conflict (migration_no, key) do update set stream_id = excluded.stream_id, state = excluded.state,
       size = excluded.size, checksum = coalesce(excluded.checksum, reported_object.checksum),
       algo = coalesce(excluded.algo, reported_object.algo),
       content_type = coalesce(excluded.content_type, reported_object.content_type),
       error_class = excluded.error_class, error_code = excluded.error_code, error_message = excluded.error_message,
       said_at = excluded.said_at, attempts = least(reported_object.attempts + 1, 2147483646), last_at = now()`,
    [
      ...[no, streamId, column(({ item }) => item.key), column(({ state }) => OBJECT_STATES.indexOf(state))],
      ...[column(({ sizeBytes }) => sizeBytes), column(({ item }) => item.checksum), column(({ item }) => item.algo)],
      ...[column(({ item }) => item.contentType), column(({ item }) => item.error?.errorClass ?? null)],
      ...[column(({ item }) => item.error?.code ?? null), column(({ item }) => item.error?.message ?? null)],
      column(({ item }) => item.at),
    ],
  );
}

async function saveSums(client: PoolClient, row: ReportedRow, { delta, added }: Fold<ParsedItem>): Promise<void> {
  await client.query(
    `update s3.reported set objects = objects + $2, bytes = bytes + $3, bytes_present = bytes_present + $4,
            bytes_waiting = bytes_waiting + $5, bytes_other = bytes_other + $6, key_digest = $7,
            revision = revision + 1,
            ${REPORT_STATES.map((state, at) => `${state} = ${state} + ($8::bigint[])[${at + 1}]`).join(", ")}
      where migration_no = $1`,
    [
      ...[row.no, delta.objects, delta.bytes, delta.tiers.reported.bytes, delta.bytesWaiting, delta.bytesOther],
      withKeys(row.keyDigest, added),
      REPORT_STATES.map((state) => delta.states[state]),
    ],
  );
}

/** XOR is the same in whatever order keys come, and a key that comes twice is added once. */
function withKeys(digest: Buffer, keys: readonly string[]): Buffer {
  const next = Buffer.from(digest);
  for (const key of keys) {
    const hash = createHash("sha256").update(key).digest();
    for (let at = 0; at < next.length; at += 1) next.writeUInt8(next.readUInt8(at) ^ hash.readUInt8(at), at);
  }
  return next;
}

type Place = { no: number; stream: Stream; batch: Batch; hash: Buffer };

async function savePlace(client: PoolClient, { no, stream, batch, hash }: Place): Promise<void> {
  await client.query(
    `insert into s3.reporter_batch (migration_no, stream_id, seq, epoch, body_hash, items)
     values ($1, $2, $3, $4, $5, $6)`,
    [no, stream.id, batch.seq, batch.epoch, hash, batch.items.length],
  );
  await client.query(
    `update s3.reporter_stream set next_seq = next_seq + 1, last_heard_at = now(),
            status = case status when 'stopped' then 'running' else status end where id = $1`,
    [stream.id],
  );
}
