import type { z } from "zod";
import { pool } from "@/server/db/client";
import type { ListedObject, ObjectRow, ObjectsReply, objectsQuerySchema } from "../contract";
import { statesOf } from "../domain/object-contract";
import type { DestinationSpec } from "../domain/plan-spec";
import { type ErrorClass, OBJECT_STATES, PRESENT_STATES, PROBLEM_STATES, VERIFY_TIERS } from "../domain/states";
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
type FoundObject = StoredObject & { place: number; errorClass: ErrorClass | null; code: string | null };
/** States in which an object may have a row that says why. */
const FAILED_STATES = [...PROBLEM_STATES, "missing_source", "retry_wait"] as const;

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
 * One keyset page of the inventory, forwards or backwards. Chunks know their first and last key and how many objects of
 * each state they hold, so that only chunks with something to find are read, by the primary key: no index on key or state
 * exists.
 */
export async function listObjects(id: string, query: Query): Promise<ObjectsReply> {
  const { no, destination } = await readPlace(id);
  const isBack = query.order === "desc";
  const found: FoundObject[] = [];
  let edge = query.cursor ?? (isBack ? Number.MAX_SAFE_INTEGER : -1);
  let scanned = 0;
  for (;;) {
    const chunks = await readChunks(no, query, edge, SCANNED_OBJECTS - scanned);
    const last = chunks.at(-1);
    if (last === undefined) break;
    const { rows } = await pool().query<FoundObject>(objectsStatement(no, query, edge, chunks));
    found.push(...rows);
    edge = isBack ? last.firstId : last.lastId;
    scanned += chunks.reduce((sum, { n }) => sum + n, 0);
    if (found.length > query.limit || scanned >= SCANNED_OBJECTS) break;
  }
  const objects = found.slice(0, query.limit).map((row) => toListed(row, destination));
  if (found.length > query.limit) return { objects, nextCursor: objects.at(-1)?.objectId ?? null };
  return { objects, nextCursor: scanned >= SCANNED_OBJECTS ? edge : null };
}

function toListed({ errorClass, code, place: _, ...row }: FoundObject, destination: DestinationSpec): ListedObject {
  const failure = errorClass === null || code === null ? null : { errorClass, code };
  return { ...toObjectRow(row, destination), failure };
}

/** The next chunks that may hold what is sought; at least one when there is any. */
async function readChunks(no: number, query: Query, edge: number, budget: number): Promise<ChunkRange[]> {
  const { rows } = await pool().query<ChunkRange>(chunksStatement(no, query, edge));
  let sum = 0;
  const isEnough = rows.findIndex(({ n }) => {
    sum += n;
    return sum >= budget;
  });
  return isEnough === -1 ? rows : rows.slice(0, isEnough + 1);
}

/** No key before this one is sought: one that begins with the prefix is no less than it. */
const leastKey = ({ prefix = "", from = "" }: Query): string =>
  Buffer.compare(Buffer.from(prefix), Buffer.from(from)) >= 0 ? prefix : from;

/** Keys that begin with the prefix lie in chunks whose first key is not beyond all of those. */
export function chunksStatement(no: number, query: Query, edge: number): Statement {
  const { prefix = "", state, tier, errorClass, order } = query;
  const held = [
    ...(state === undefined ? [] : [`${statesOf(state).join(" + ")} > 0`]),
    ...(errorClass === undefined ? [] : [`${FAILED_STATES.join(" + ")} > 0`]),
    ...(tier === undefined ? [] : [`tier_${tier} > 0`]),
  ];
  return {
    text: `select first_id as "firstId", last_id as "lastId", n from s3.chunk
            where migration_no = $1 and ${order === "desc" ? "first_id < $2" : "last_id > $2"} and last_key >= $3
              and (first_key <= $4 or starts_with(first_key, $4))${held.map((part) => ` and ${part}`).join("")}
            order by chunk_id ${order} limit ${CHUNKS_AT_ONCE}`,
    values: [no, edge, leastKey(query), prefix],
  };
}

export function objectsStatement(no: number, query: Query, edge: number, chunks: readonly ChunkRange[]): Statement {
  const { order, limit } = query;
  const isBack = order === "desc";
  const firsts = chunks.map(({ firstId }) => (isBack ? firstId : Math.max(firstId, edge + 1)));
  const lasts = chunks.map(({ lastId }) => (isBack ? Math.min(lastId, edge - 1) : lastId));
  const values: unknown[] = [no, firsts, lasts, limit + 1];
  const wheres = wheresOf(query, (value) => `$${values.push(value)}`);
  return {
    text: `select o.*, f.class as "errorClass", f.code from (
             select o.*, r.place from unnest($2::bigint[], $3::bigint[]) with ordinality as r (first_id, last_id, place)
              cross join lateral (select ${OBJECT_COLUMNS} from s3.object o
                where o.migration_no = $1 and o.id between r.first_id and r.last_id${wheres.join("")}
                order by o.id ${order} limit $4) o
              order by r.place, o."objectId" ${order} limit $4) o
            left join s3.failure f on f.migration_no = $1 and f.object_id = o."objectId"
            order by o.place, o."objectId" ${order}`,
    values,
  };
}

/** What a row must be, each as ` and …`; `bind` keeps a value and gives its place. */
function wheresOf(query: Query, bind: (value: unknown) => string): string[] {
  const { prefix = "", from = "", search = "", state, tier, errorClass, code } = query;
  const wheres: string[] = [];
  if (prefix !== "") wheres.push(`starts_with(o.src_key, ${bind(prefix)})`);
  if (from !== "") wheres.push(`o.src_key >= ${bind(from)}`);
  if (search !== "") {
    const sought = `lower(${bind(search)} collate "C")`;
    wheres.push(`(strpos(lower(o.src_key), ${sought}) > 0 or strpos(lower(o.dst_key), ${sought}) > 0)`);
  }
  if (state !== undefined) wheres.push(`o.state = any(${bind(numbers(statesOf(state)))}::smallint[])`);
  if (tier !== undefined) {
    wheres.push(`o.tier = ${bind(VERIFY_TIERS.indexOf(tier))}::smallint`);
    wheres.push(`o.state = any(${bind(numbers(PRESENT_STATES))}::smallint[])`);
  }
  if (errorClass !== undefined) {
    const ofCode = code === undefined ? "" : ` and w.code = ${bind(code)}`;
    wheres.push(`exists (select from s3.failure w where w.migration_no = $1 and w.object_id = o.id
                  and w.class = ${bind(errorClass)}${ofCode})`);
  }
  return wheres.map((where) => ` and ${where}`);
}
