import { AppError } from "@/lib/errors";
import { pool } from "@/server/db/client";
import type { ObjectDetail, ObjectRow } from "../contract";
import type { DestinationSpec } from "../domain/plan-spec";
import { COMMAND_VERBS, OBJECT_STATES } from "../domain/states";
import { HEADER_PROOFS } from "./engine/kept-result";
import { OBJECT_COLUMNS, type StoredObject, toObjectRow } from "./object-repository";
import { readPlace } from "./place-repository";
import { type StoredFailure, toFailure } from "./stored-failure";

type Subject = { no: number; objectId: number };
type Stored = StoredObject & { headers: number } & Pick<
    ObjectDetail,
    "fingerprint" | "crc32" | "etag" | "reason" | "expected"
  >;
type RetryRow = StoredFailure & {
  command_id: number;
  state: number;
  at: Date;
  verb: string;
  actor: string;
  reason: string | null;
};

/** Everything known of one object; `not_found` when the inventory has no such number. */
export async function getObject(id: string, objectId: number): Promise<ObjectDetail> {
  const { no, destination } = await readPlace(id);
  const subject = { no, objectId };
  const { rows } = await pool().query<Stored>(
    `select ${OBJECT_COLUMNS}, o.fingerprint, o.crc32, o.etag, o.reason, o.expected, o.headers from s3.object o
      where o.migration_no = $1 and o.id = $2`,
    [no, objectId],
  );
  const [row] = rows;
  if (row === undefined) throw new AppError("not_found", "This S3 migration has no object with this number.");
  const { fingerprint, crc32, etag, reason, expected, headers, ...stored } = row;
  const [around, findings, failure, retries, versions] = await Promise.all([
    readAround(subject, row),
    readFindings(subject),
    readFailure(subject),
    readRetries(subject),
    readVersions(subject, row.key, destination),
  ]);
  return {
    object: toObjectRow(stored, destination),
    fingerprint,
    crc32,
    etag,
    reason,
    expected,
    ...around,
    kept: { headers: HEADER_PROOFS[headers] ?? "unknown", findings },
    failure,
    retries,
    versions,
    spans: {
      service: "ops-console-worker",
      attributes: { "s3_migration.id": id, "s3_migration.chunk": String(row.chunkId) },
    },
  };
}

type AroundRow = ObjectDetail["chunk"] & { sealedAt: Date | null; uploadAt: Date | null };

async function readAround(
  { no, objectId }: Subject,
  { chunkId, epoch }: StoredObject,
): Promise<Pick<ObjectDetail, "chunk" | "listedAt" | "uploadStartedAt">> {
  const { rows } = await pool().query<AroundRow>(
    `select c.first_key as "firstKey", c.last_key as "lastKey", c.n as objects, c.retries,
            coalesce(c.lease_until > now(), false) as "isLeased",
            (select sealed_at from s3.pass where migration_no = $1 and epoch = $4) as "sealedAt",
            (select max(started_at) from s3.upload where migration_no = $1 and object_id = $2) as "uploadAt"
       from s3.chunk c where c.migration_no = $1 and c.chunk_id = $3`,
    [no, objectId, chunkId, epoch],
  );
  const [row] = rows;
  if (row === undefined) throw new Error("an object's chunk is missing");
  const { sealedAt, uploadAt, ...chunk } = row;
  return { chunk, listedAt: sealedAt?.toISOString() ?? null, uploadStartedAt: uploadAt?.toISOString() ?? null };
}

async function readFindings({ no, objectId }: Subject): Promise<ObjectDetail["kept"]["findings"]> {
  const { rows } = await pool().query<ObjectDetail["kept"]["findings"][number]>(
    "select kind, told, found, sent from s3.finding where migration_no = $1 and object_id = $2 order by kind desc",
    [no, objectId],
  );
  return rows;
}

async function readFailure({ no, objectId }: Subject): Promise<ObjectDetail["failure"]> {
  const { rows } = await pool().query<StoredFailure>(
    "select * from s3.failure where migration_no = $1 and object_id = $2",
    [no, objectId],
  );
  return rows[0] === undefined ? null : toFailure(rows[0]);
}

async function readRetries({ no, objectId }: Subject): Promise<ObjectDetail["retries"]> {
  const { rows } = await pool().query<RetryRow>(
    `select r.*, c.at, c.verb, c.actor, c.reason from s3.retried r join s3_command c on c.id = r.command_id
      where r.migration_no = $1 and r.object_id = $2 order by r.command_id desc limit 50`,
    [no, objectId],
  );
  return rows.map((row) => ({
    commandId: row.command_id,
    at: row.at.toISOString(),
    verb: COMMAND_VERBS.find((verb) => verb === row.verb) ?? "retry_failed",
    actor: row.actor,
    note: row.reason,
    state: OBJECT_STATES[row.state] ?? "failed",
    ...toFailure(row),
  }));
}

/** Ids follow key order within a look, so the chunk of each look that spans the key says where its row would be. */
async function readVersions(
  { no, objectId }: Subject,
  key: string,
  destination: DestinationSpec,
): Promise<ObjectRow[]> {
  const { rows } = await pool().query<StoredObject>(
    `select ${OBJECT_COLUMNS}
       from (select first_id, last_id from s3.chunk where migration_no = $1 and first_key <= $2 and last_key >= $2
              order by chunk_id limit 100) c
       cross join lateral (select * from s3.object where migration_no = $1 and id between c.first_id and c.last_id
                             and src_key = $2 limit 1) o
      where o.id <> $3 order by o.id`,
    [no, key, objectId],
  );
  return rows.map((row) => toObjectRow(row, destination));
}
