import type { z } from "zod";
import { pool } from "@/server/db/client";
import type { ObjectRow, ObjectsReply, objectsQuerySchema } from "../contract";
import { statesOf } from "../domain/object-contract";
import type { DestinationSpec } from "../domain/plan-spec";
import { OBJECT_STATES, PRESENT_STATES, VERIFY_TIERS } from "../domain/states";
import { readPlace } from "./place-repository";

type Query = z.output<typeof objectsQuerySchema>;
type Statement = { text: string; values: unknown[] };
type ChunkRange = { firstId: number; lastId: number; n: number };

/** Objects one answer may look through; a rare state or a search goes on with the next page. */
const SCANNED_OBJECTS = 100_000;
const CHUNKS_AT_ONCE = 128;
const numbers = (states: readonly (typeof OBJECT_STATES)[number][]) =>
  states.map((state) => OBJECT_STATES.indexOf(state));

export const OBJECT_COLUMNS = `o.id as "objectId", o.chunk_id as "chunkId", o.epoch, o.src_key as key,
    coalesce(o.dst_key, o.src_key) as "destinationKey", o.size as "sizeBytes", o.state, o.tier, o.attempts`;
export type StoredObject = Omit<ObjectRow, "state" | "tier"> & { state: number; tier: number };

/** Numbers as words, and the key as the destination has it. */
export function toObjectRow(row: StoredObject, destination: DestinationSpec): ObjectRow {
  const state = OBJECT_STATES[row.state] ?? "failed";
  const isPresent = (PRESENT_STATES as readonly string[]).includes(state);
  return {
    ...row,
    destinationKey: destination.prefix + row.destinationKey,
    state,
    tier: isPresent ? (VERIFY_TIERS[row.tier] ?? "none") : null,
  };
}

/**
 * One keyset page of the inventory. Chunks know their first and last key and how many objects of each state they hold,
 * so that only chunks with something to find are read, by the primary key: no index on key or state exists.
 */
export async function listObjects(id: string, query: Query): Promise<ObjectsReply> {
  const { no, destination } = await readPlace(id);
  const found: StoredObject[] = [];
  let after = query.cursor ?? -1;
  let scanned = 0;
  for (;;) {
    const chunks = await readChunks(no, query, after, SCANNED_OBJECTS - scanned);
    const last = chunks.at(-1);
    if (last === undefined) break;
    const { rows } = await pool().query<StoredObject>(objectsStatement(no, query, after, chunks));
    found.push(...rows);
    after = last.lastId;
    scanned += chunks.reduce((sum, { n }) => sum + n, 0);
    if (found.length > query.limit || scanned >= SCANNED_OBJECTS) break;
  }
  const objects = found.slice(0, query.limit).map((row) => toObjectRow(row, destination));
  if (found.length > query.limit) return { objects, nextCursor: objects.at(-1)?.objectId ?? null };
  return { objects, nextCursor: scanned >= SCANNED_OBJECTS ? after : null };
}

/** The next chunks that may hold what is sought; at least one when there is any. */
async function readChunks(no: number, query: Query, after: number, budget: number): Promise<ChunkRange[]> {
  const { rows } = await pool().query<ChunkRange>(chunksStatement(no, query, after));
  let sum = 0;
  const isEnough = rows.findIndex(({ n }) => {
    sum += n;
    return sum >= budget;
  });
  return isEnough === -1 ? rows : rows.slice(0, isEnough + 1);
}

/** A key that begins with the prefix is no less than it, and lies in a chunk whose first key is not beyond all of those. */
export function chunksStatement(no: number, query: Query, after: number): Statement {
  const { prefix = "", state, tier } = query;
  const held = [
    ...(state === undefined ? [] : [`${statesOf(state).join(" + ")} > 0`]),
    ...(tier === undefined ? [] : [`tier_${tier} > 0`]),
  ];
  return {
    text: `select first_id as "firstId", last_id as "lastId", n from s3.chunk
            where migration_no = $1 and last_id > $2 and last_key >= $3
              and (first_key <= $3 or starts_with(first_key, $3))${held.map((part) => ` and ${part}`).join("")}
            order by chunk_id limit ${CHUNKS_AT_ONCE}`,
    values: [no, after, prefix],
  };
}

export function objectsStatement(no: number, query: Query, after: number, chunks: readonly ChunkRange[]): Statement {
  const { prefix = "", search = "", state, tier, limit } = query;
  const firsts = chunks.map(({ firstId }) => Math.max(firstId, after + 1));
  const values: unknown[] = [no, firsts, chunks.map(({ lastId }) => lastId), limit + 1];
  const wheres: string[] = [];
  const add = (sql: (at: string) => string, value: unknown) => {
    values.push(value);
    wheres.push(` and ${sql(`$${values.length}`)}`);
  };
  if (prefix !== "") add((at) => `starts_with(o.src_key, ${at})`, prefix);
  if (search !== "") {
    add(
      (at) =>
        `(strpos(lower(o.src_key), lower(${at} collate "C")) > 0 or strpos(lower(o.dst_key), lower(${at} collate "C")) > 0)`,
      search,
    );
  }
  if (state !== undefined) add((at) => `o.state = any(${at}::smallint[])`, numbers(statesOf(state)));
  if (tier !== undefined) {
    add((at) => `o.tier = ${at}::smallint`, VERIFY_TIERS.indexOf(tier));
    add((at) => `o.state = any(${at}::smallint[])`, numbers(PRESENT_STATES));
  }
  return {
    text: `select o.* from unnest($2::bigint[], $3::bigint[]) with ordinality as r (first_id, last_id, place)
            cross join lateral (select ${OBJECT_COLUMNS} from s3.object o
              where o.migration_no = $1 and o.id between r.first_id and r.last_id${wheres.join("")}
              order by o.id limit $4) o
            order by r.place, o."objectId" limit $4`,
    values,
  };
}
