import { randomUUID } from "node:crypto";
import type { PoolClient } from "pg";
import { AppError } from "@/lib/errors";
import { pool, transaction } from "@/server/db/client";
import type { WriterStatus } from "../../domain/reported";
import type { Complete, Heartbeat } from "./report-schemas";
import { countsOf, findReported, lockReported, type ReportedRow } from "./reported-repository";

export type Stream = { id: string; writer: string; epoch: number; nextSeq: number; status: WriterStatus };

const COLUMNS = `id, writer, epoch, next_seq as "nextSeq", status`;

/** Opens a writer by name: the next epoch of it, which shuts out whoever held the one before. */
export async function openStream(ref: string, writer: string): Promise<{ row: ReportedRow; stream: Stream }> {
  return transaction(async (client) => {
    const row = await lockReported(client, ref);
    if (row.completedAt !== null) throw closed();
    const { rows } = await client.query<Stream>(
      `insert into s3.reporter_stream (id, migration_no, writer) values ($1, $2, $3)
       on conflict (migration_no, writer) do update set epoch = reporter_stream.epoch + 1, status = 'running',
             last_heard_at = now()
       returning ${COLUMNS}`,
      [randomUUID(), row.no, writer],
    );
    await touch(client, row.no);
    return { row, stream: found(rows[0]) };
  });
}

/** Where a writer stands, to go on after a crash. */
export async function getStream(ref: string, id: string): Promise<{ row: ReportedRow; stream: Stream }> {
  const row = await findReported(ref);
  const { rows } = await pool().query<Stream>(
    `select ${COLUMNS} from s3.reporter_stream where id = $1 and migration_no = $2`,
    [id, row.no],
  );
  return { row, stream: found(rows[0]) };
}

/** The stream of this migration, whoever writes it now. The migration's row must be locked. */
export async function streamOf(client: PoolClient, no: number, id: string): Promise<Stream> {
  const { rows } = await client.query<Stream>(
    `select ${COLUMNS} from s3.reporter_stream where id = $1 and migration_no = $2`,
    [id, no],
  );
  return found(rows[0]);
}

/** Refuses who does not hold the stream any more, and everybody after the end. */
export function assertHolds({ epoch }: { epoch: number }, stream: Stream, row: ReportedRow): void {
  if (epoch !== stream.epoch) {
    throw new AppError("epoch_superseded", "Somebody opened this stream after you. Open it again to go on.", {
      facts: { epoch: stream.epoch },
    });
  }
  if (row.completedAt !== null) throw closed();
}

/** Says that a writer is alive, where it is, and what it does. */
export async function heartbeat(ref: string, beat: Heartbeat): Promise<{ row: ReportedRow; stream: Stream }> {
  return transaction(async (client) => {
    const row = await lockReported(client, ref);
    const stream = await streamOf(client, row.no, beat.stream);
    assertHolds(beat, stream, row);
    await client.query(
      `update s3.reporter_stream set last_heard_at = now(), status = $2, current_key = coalesce($3, current_key)
        where id = $1`,
      [stream.id, beat.status, beat.current_key ?? null],
    );
    await touch(client, row.no);
    return { row, stream };
  });
}

/** Ends the report when what the job counted is what arrived here; `incomplete` with both otherwise. */
export async function completeReport(ref: string, { stream: id, epoch, claimed, key_digest }: Complete) {
  return transaction(async (client) => {
    const row = await lockReported(client, ref);
    const stream = await streamOf(client, row.no, id);
    const counts = countsOf(row);
    const digest = row.keyDigest.toString("hex");
    const differs =
      claimed.objects !== counts.objects ||
      (claimed.bytes !== undefined && claimed.bytes !== counts.bytes) ||
      Object.entries(claimed.states ?? {}).some(
        ([state, objects]) => counts.states[state as keyof typeof counts.states] !== objects,
      ) ||
      (key_digest !== undefined && key_digest !== digest);
    // Asked again after a lost answer, the end is the same end.
    if (row.completedAt !== null && !differs && epoch === stream.epoch) return { row, counts };
    assertHolds({ epoch }, stream, row);
    if (differs) {
      throw new AppError("incomplete", "What you counted is not what arrived here. Send what is missing, then end.", {
        facts: { claimed: { ...claimed, key_digest }, seen: { ...counts, key_digest: digest } },
      });
    }
    await client.query("update s3.reported set completed_at = now(), revision = revision + 1 where migration_no = $1", [
      row.no,
    ]);
    await client.query(
      "update s3.reporter_stream set status = 'stopped', last_heard_at = now() where migration_no = $1",
      [row.no],
    );
    return { row, counts };
  });
}

const touch = (client: PoolClient, no: number) =>
  client.query("update s3.reported set revision = revision + 1 where migration_no = $1", [no]);

const closed = () => new AppError("stream_closed", "This migration was reported complete. Nothing is added to it.");

function found(stream: Stream | undefined): Stream {
  if (stream === undefined) throw new AppError("not_found", "There is no stream with this id. Open one.");
  return stream;
}
