import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { PoolClient } from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { z } from "zod";
import { pool, transaction } from "@/server/db/client";
import { type DestinationAbilities, destinationSchema, optionsSchema, sourceSchema } from "../../contract";
import { foldedHash } from "../../domain/folded-hash";
import { type Limits, limitsSchema } from "../../domain/limits";
import { type ErrorClass, OBJECT_STATES, type ObjectState } from "../../domain/states";
import { isOpenAt } from "../../domain/time-windows";
import type { ListedObject, ListingProblem } from "../stores/object-store";
import { prepareDelta, sealDelta } from "./seal-delta-repository";
import { sealPass } from "./seal-repository";
import { toCopyLine } from "./to-copy-line";

/** The right to list one migration; only writes that carry its fence count. */
const passSchema = z.object({
  id: z.string(),
  no: z.number(),
  fence: z.number(),
  phase: z.enum(["list", "delta"]),
  /** The store whose listing is under way. */
  side: z.enum(["source", "destination"]),
  cursor: z.string().nullable(),
  attempts: z.number(),
  source: sourceSchema,
  destination: destinationSchema,
  options: optionsSchema,
});
export type ListPass = z.output<typeof passSchema>;

// A person who only plans waits for the answer: that first look goes on at any time.
const WANTED = `phase in ('list', 'delta') and options->>'mode' is distinct from 'reported'
    and desired_state in ('idle', 'running') and stopped_at is null and state in ('draft', 'listing', 'paused')`;

const limitsRowSchema = z.object({
  id: z.string(),
  limits: z.prefault(limitsSchema, {}),
  isPlanning: z.boolean(),
  nowMs: z.coerce.number(),
});
const LIMITS = `id, options->'limits' as limits, desired_state = 'idle' as "isPlanning", extract(epoch from now()) * 1000 as "nowMs"`;

/** What people allow the listing now. */
export type ListLimits = { limits: Limits; isOpen: boolean };

function toListLimits(row: Record<string, unknown>): ListLimits & { id: string } {
  const { id, limits, isPlanning, nowMs } = limitsRowSchema.parse({ ...row, limits: row.limits ?? undefined });
  return { id, limits, isOpen: isPlanning || isOpenAt(limits.windows, nowMs) };
}

/** `undefined`: there is no such migration any more. */
export async function getListLimits({ no }: Pick<ListPass, "no">): Promise<ListLimits | undefined> {
  const { rows } = await pool().query(`select ${LIMITS} from s3_migration where no = $1`, [no]);
  return rows[0] === undefined ? undefined : toListLimits(rows[0]);
}

/** Those that wait for their window. */
async function listClosed(): Promise<string[]> {
  const { rows } = await pool().query(
    `select ${LIMITS} from s3_migration where ${WANTED} and jsonb_array_length(coalesce(options->'limits'->'windows', '[]')) > 0`,
  );
  return rows.map(toListLimits).flatMap(({ id, isOpen }) => (isOpen ? [] : [id]));
}

/** Takes the listing of a migration nobody lists, or whose lister went silent; not of one whose windows are closed. */
export async function claimListPass(owner: string, leaseMs: number): Promise<ListPass | undefined> {
  const closed = await listClosed();
  const { rows } = await pool().query(
    `update s3_migration set list_fence = list_fence + 1, list_lease_owner = $1,
            list_lease_until = now() + $2 * interval '1 ms'
      where id = (select id from s3_migration
                   where ${WANTED} and id <> all($3::uuid[])
                     and (list_lease_until is null or list_lease_until <= now())
                     and (list_not_before is null or list_not_before <= now())
                   order by no limit 1 for update skip locked)
      returning id, no, list_fence as fence, phase, coalesce(list_side, 'source') as side, list_cursor as cursor,
                list_attempts as attempts, source, destination, options`,
    [owner, leaseMs, closed],
  );
  return rows.length === 0 ? undefined : passSchema.parse(rows[0]);
}

/** The pass's own table: empty for a new pass, as it was for one that resumes. Logged, so that a crash keeps both. */
export async function openListing(pass: ListPass, isResumed: boolean): Promise<boolean> {
  return transaction(async (client) => {
    if (!(await isMine(client, pass))) return false;
    await client.query(`create table if not exists s3.listing_${pass.no} (
      key text collate "C" not null, size bigint not null, fingerprint text not null, dst_key text collate "C",
      expected jsonb, fold bigint, state smallint not null, class text, code text, message text)`);
    if (isResumed) return true;
    await client.query(`truncate s3.listing_${pass.no}`);
    await client.query(
      `update s3_migration set list_cursor = null, list_side = 'source', listed_objects = 0, listed_bytes = 0,
              objects = case phase when 'list' then 0 else objects end,
              bytes = case phase when 'list' then 0 else bytes end
        where no = $1`,
      [pass.no],
    );
    return true;
  });
}

async function isMine(client: PoolClient, { no, fence }: ListPass): Promise<boolean> {
  const { rowCount } = await client.query(
    "select 1 from s3_migration where no = $1 and list_fence = $2 and phase in ('list', 'delta') for update",
    [no, fence],
  );
  return rowCount === 1;
}

/** Adds a page and moves the cursor past it, together. False: the pass belongs to another worker now, or was stopped. */
export async function savePage(pass: ListPass, page: ListedObject[], leaseMs: number): Promise<boolean> {
  return transaction(async (client) => {
    const bytes = page.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    const { rowCount } = await client.query(
      `update s3_migration set list_cursor = $3, list_lease_until = now() + $4 * interval '1 ms',
              listed_objects = listed_objects + $5, listed_bytes = listed_bytes + $6,
              objects = objects + case phase when 'list' then $5 else 0 end,
              bytes = bytes + case phase when 'list' then $6 else 0 end
        where no = $1 and list_fence = $2 and phase in ('list', 'delta') and desired_state in ('idle', 'running')`,
      [pass.no, pass.fence, page.at(-1)?.key ?? null, leaseMs, page.length, bytes],
    );
    if (rowCount !== 1) return false;
    const into = client.query(copyFrom(`copy s3.listing_${pass.no} from stdin`));
    await pipeline(Readable.from(page.map(toLine)), into);
    return true;
  });
}

/** Keeps the pass while the store takes its time. False: another worker has it, or people want it no more. */
export async function renewListPass({ no, fence }: ListPass, leaseMs: number): Promise<boolean> {
  const { rowCount } = await pool().query(
    `update s3_migration set list_lease_until = now() + $3 * interval '1 ms'
      where no = $1 and list_fence = $2 and phase in ('list', 'delta') and desired_state in ('idle', 'running')`,
    [no, fence, leaseMs],
  );
  return rowCount === 1;
}

type Verdict = { state: ObjectState; errorClass: ErrorClass | null };
const VERDICTS: Record<ListingProblem["kind"], Verdict> = {
  filtered: { state: "skipped_filtered", errorClass: "invalid_key" },
  // A row of its own for each in the table of failures would be millions: their reason is in their own row.
  left_out: { state: "skipped_filtered", errorClass: null },
  invalid_key: { state: "failed", errorClass: "invalid_key" },
  missing: { state: "missing_source", errorClass: "source_missing" },
  mismatch: { state: "failed", errorClass: "integrity" },
};

function toLine({ key, sizeBytes, fingerprint, destinationKey, expected, problem }: ListedObject): string {
  const { state, errorClass }: Verdict =
    problem === undefined ? { state: "pending", errorClass: null } : VERDICTS[problem.kind];
  return toCopyLine([
    key,
    sizeBytes,
    fingerprint,
    destinationKey,
    expected === undefined ? null : JSON.stringify(expected),
    problem === undefined ? foldedHash(destinationKey ?? key) : null,
    OBJECT_STATES.indexOf(state),
    problem?.code === "Archived" ? "archived" : errorClass,
    problem?.code,
    problem?.message,
  ]);
}

/** Writes down what the destination can do, before the first byte is copied. */
export async function saveAbilities(pass: ListPass, abilities: DestinationAbilities): Promise<void> {
  await pool().query(
    "update s3_migration set abilities = $3, version = version + 1 where no = $1 and list_fence = $2",
    [pass.no, pass.fence, abilities],
  );
}

/** What sealing needs and takes long without holding the row that a renewal of the lease needs. */
export async function prepareSealing(pass: ListPass): Promise<void> {
  if (pass.phase === "delta") await prepareDelta(pass.no);
}

/**
 * Ends the pass: the listing becomes object and chunk rows, totals are final. One transaction, under the fence. It holds
 * the migration's row, which whoever claims a pass skips: longer than a lease if need be, and no longer than its worker
 * lives.
 */
export async function sealListing(pass: ListPass): Promise<boolean> {
  const isSealed = await transaction(async (client) => {
    if (!(await isMine(client, pass))) return false;
    if (pass.phase === "delta") await sealDelta(client, pass.no, pass.options);
    else await sealPass(client, pass);
    return true;
  });
  if (isSealed) await pool().query(`analyze s3.object_${pass.no}, s3.chunk`);
  return isSealed;
}

/** Gives the pass back after an error, to be tried again after a while, or stops the migration for good reason. */
export async function failListPass(
  pass: ListPass,
  { retryAfterMs, stop }: { retryAfterMs: number; stop: { errorClass: string; message: string } | undefined },
): Promise<void> {
  await pool().query(
    `update s3_migration set list_lease_owner = null, list_lease_until = null, list_attempts = list_attempts + 1,
            list_not_before = now() + $3 * interval '1 ms', version = version + 1,
            stop_class = $4, stop_message = $5, stopped_at = case when $4::text is null then null else now() end
      where no = $1 and list_fence = $2`,
    [pass.no, pass.fence, retryAfterMs, stop?.errorClass ?? null, stop?.message.slice(0, 500) ?? null],
  );
}

/** Gives the pass back untouched: paused, or this worker is stopping. */
export async function releaseListPass({ no, fence }: ListPass): Promise<void> {
  await pool().query(
    "update s3_migration set list_lease_owner = null, list_lease_until = null where no = $1 and list_fence = $2",
    [no, fence],
  );
}
