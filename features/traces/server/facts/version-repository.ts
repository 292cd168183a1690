import type { PoolClient } from "pg";
import { pool } from "@/server/db/client";
import { storableText } from "./storable-text";

/** A version of a service, and the first and last moment it was seen. */
export type SeenVersion = { service: string; version: string; firstUs: number; lastUs: number };

/** Widens what is known of each version; none is ever told to be younger than it was. */
export async function storeVersions(
  client: Pick<PoolClient, "query"> | undefined,
  sourceId: number,
  versions: readonly SeenVersion[],
): Promise<void> {
  if (versions.length === 0) return;
  const rows = versions.map(({ service, version, firstUs, lastUs }) => ({
    service: storableText(service),
    version: storableText(version),
    firstUs,
    lastUs,
  }));
  await (client ?? pool()).query(
    `insert into facts.service_version (source_id, service, version, first_us, last_us)
     select $1, service, version, min("firstUs"), max("lastUs")
     from jsonb_to_recordset($2::jsonb) as seen (service text, version text, "firstUs" bigint, "lastUs" bigint)
     group by service, version order by service, version
     on conflict (source_id, service, version) do update set
       first_us = least(facts.service_version.first_us, excluded.first_us),
       last_us = greatest(facts.service_version.last_us, excluded.last_us)`,
    [sourceId, JSON.stringify(rows)],
  );
}

/** Versions that came after another of their service, newest first: only of these a start means anything. */
export async function laterVersions(sourceId: number, limit: number): Promise<(SeenVersion & { afterUs: number })[]> {
  const { rows } = await pool().query<SeenVersion & { afterUs: number }>(
    `select * from (
       select service, version, first_us as "firstUs", last_us as "lastUs",
         lag(first_us) over (partition by service order by first_us, version) as "afterUs"
       from facts.service_version where source_id = $1) seen
     where "afterUs" is not null order by "firstUs" desc limit $2`,
    [sourceId, limit],
  );
  return rows;
}
