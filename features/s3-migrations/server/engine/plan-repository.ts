import type { PoolClient } from "pg";
import { twinKind } from "../../domain/folded-hash";
import { type PlanFacts, SIZE_CLASSES_BYTES } from "../../domain/plan-facts";
import { OBJECT_STATES, type ObjectState } from "../../domain/states";

const TOP = 12;
const EXAMPLES = 100;
const MAX_LARGEST = 5;
const MAX_TWINS = 1000;

type ShareRow = { objects: number; bytes: number };
type NamedRow = ShareRow & { name: string };
const stateNo = (state: ObjectState): number => OBJECT_STATES.indexOf(state);

/**
 * What a listing that was just sealed looks like, inside the transaction that seals it: the object rows are as they were
 * listed, and the listing is still there. Three passes over the rows, one over the folded numbers of the keys.
 */
export async function computePlan(client: PoolClient, no: number, hasManifestKeys: boolean): Promise<PlanFacts> {
  await findTwins(client, no);
  return {
    ...(await countPlan(client, no)),
    extensions: await topOf(
      client,
      no,
      // Of a dozen characters: over the whole key the expression was a fifth of sealing.
      String.raw`coalesce(lower(substring(right(src_key, 12) from '[^/](\.[A-Za-z0-9]{1,10})$')), '')`,
    ),
    prefixes: await topOf(client, no, "left(src_key, strpos(src_key, '/'))"),
    largest: await largestOf(client, no),
    collisions: await collisionsOf(client),
    ambiguous: hasManifestKeys ? await ambiguousOf(client, no) : { keys: 0, examples: [] },
    twins: await twinsOf(client),
  };
}

type CountRow = ShareRow & { state: number; reason: string | null; class: number };

async function countPlan(client: PoolClient, no: number): Promise<Pick<PlanFacts, "counts" | "histogram">> {
  const { rows } = await client.query<CountRow>(
    `select state, reason, width_bucket(size, $1::bigint[]) as class, count(*) as objects, sum(size)::bigint as bytes
       from s3.object_${no} group by 1, 2, 3`,
    [[...SIZE_CLASSES_BYTES]],
  );
  const of = (state: ObjectState) => rows.filter((row) => row.state === stateNo(state));
  const reasons = [...new Set(of("skipped_filtered").map(({ reason }) => reason ?? ""))];
  const leftOut = reasons.map((name) => ({
    name,
    ...sum(of("skipped_filtered").filter((row) => (row.reason ?? "") === name)),
  }));
  return {
    counts: {
      total: sum(rows),
      toCopy: sum(of("pending")),
      leftOut: leftOut.sort((a, b) => b.objects - a.objects),
      missing: sum(of("missing_source")),
      invalid: sum(of("failed")),
    },
    histogram: [...SIZE_CLASSES_BYTES, 0].map((_, at) => sum(of("pending").filter((row) => row.class === at))),
  };
}

function sum(rows: readonly ShareRow[]): ShareRow {
  return rows.reduce((all, { objects, bytes }) => ({ objects: all.objects + objects, bytes: all.bytes + bytes }), {
    objects: 0,
    bytes: 0,
  });
}

async function topOf(client: PoolClient, no: number, expression: string): Promise<NamedRow[]> {
  const { rows } = await client.query<NamedRow>(
    `select ${expression} as name, count(*) as objects, sum(size)::bigint as bytes
       from s3.object_${no} where state = 0 group by 1 order by 2 desc, 1 limit $1`,
    [TOP],
  );
  return rows;
}

async function largestOf(client: PoolClient, no: number): Promise<PlanFacts["largest"]> {
  const { rows } = await client.query<PlanFacts["largest"][number]>(
    `select src_key as key, size as "sizeBytes" from s3.object_${no} where state = 0 order by size desc, id limit $1`,
    [MAX_LARGEST],
  );
  return rows;
}

/** Equal keys have equal folded numbers, so only keys that share one can collide: few, and cheap to find. */
async function findTwins(client: PoolClient, no: number): Promise<void> {
  await client.query(
    `create temp table s3_plan_twins on commit drop as
     select distinct on (key) key, coalesce(dst_key, key) as dst, fold from s3.listing_${no}
      where fold in (select fold from s3.listing_${no} where fold is not null group by fold having count(*) > 1)
      order by key`,
  );
}

async function collisionsOf(client: PoolClient): Promise<PlanFacts["collisions"]> {
  const { rows } = await client.query<{ keys: number; destinationKey: string; sourceKeys: string[] }>(
    `select dst as "destinationKey", (array_agg(key order by key))[1:5] as "sourceKeys", count(*) over () as keys
       from s3_plan_twins group by dst having count(*) > 1 order by dst limit $1`,
    [EXAMPLES],
  );
  return {
    keys: rows[0]?.keys ?? 0,
    examples: rows.map(({ destinationKey, sourceKeys }) => ({ destinationKey, sourceKeys })),
  };
}

async function twinsOf(client: PoolClient): Promise<PlanFacts["twins"]> {
  const { rows } = await client.query<{ groups: number; keys: string[] }>(
    `select (array_agg(distinct dst))[1:5] as keys, count(*) over () as groups
       from s3_plan_twins group by fold having count(distinct dst) > 1 order by min(dst) limit $1`,
    [MAX_TWINS],
  );
  const twins = rows.flatMap(({ keys }) => {
    const kind = twinKind(keys);
    return kind === undefined ? [] : [{ kind, keys }];
  });
  const byChance = rows.length - twins.length;
  return { groups: (rows[0]?.groups ?? 0) - byChance, examples: twins.slice(0, EXAMPLES) };
}

async function ambiguousOf(client: PoolClient, no: number): Promise<PlanFacts["ambiguous"]> {
  const { rows } = await client.query<{ keys: number; key: string }>(
    `select key, count(*) over () as keys from s3.listing_${no} where fold is not null
      group by key having count(distinct coalesce(dst_key, key)) > 1 order by key limit $1`,
    [EXAMPLES],
  );
  return { keys: rows[0]?.keys ?? 0, examples: rows.map(({ key }) => key) };
}

/** SHA-256 over every object's keys, size and fingerprint in order: two plans with this in common are the same plan. */
export async function digestObjects(client: PoolClient, no: number): Promise<string> {
  const { rows } = await client.query<{ digest: string | null }>(
    `select encode(sha256(convert_to(string_agg(digest, '' order by chunk_id), 'UTF8')), 'hex') as digest
       from (select chunk_id, encode(sha256(convert_to(string_agg(
               concat_ws(E'\\n', id, length(src_key), src_key, dst_key, size, fingerprint, state), E'\\n' order by id),
               'UTF8')), 'hex') as digest
               from s3.object_${no} group by chunk_id) chunk`,
  );
  return rows[0]?.digest ?? "";
}
