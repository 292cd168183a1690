import { randomUUID } from "node:crypto";
import type { Deploy } from "@/features/traces/contract";
import { pool, transaction } from "@/server/db/client";
import { storableText } from "./storable-text";

const DAY_US = 86_400_000_000;

/** Keeps a reported deploy. The same version of the same service within a day is the same deploy, at its new time. */
export async function saveDeploy({
  service,
  version,
  atUs,
  actor,
}: {
  service: string;
  version: string;
  atUs: number;
  actor: string;
}): Promise<Deploy> {
  const id = await transaction(async (client) => {
    await client.query("select pg_advisory_xact_lock(hashtext($1))", [`deploy ${service}`]);
    const { rows } = await client.query<{ id: string }>(
      `update facts.deploy set at_us = $3, reported_by = $4, reported_at = now()
       where id = (select id from facts.deploy where service = $1 and version = $2 and abs(at_us - $3) < ${DAY_US}
         order by at_us desc limit 1) returning id`,
      [storableText(service), storableText(version), atUs, actor],
    );
    const known = rows[0]?.id ?? randomUUID();
    if (rows.length === 0) {
      await client.query(
        "insert into facts.deploy (id, service, version, at_us, reported_by) values ($1, $2, $3, $4, $5)",
        [known, storableText(service), storableText(version), atUs, actor],
      );
    }
    await client.query(
      `insert into audit_event (actor, action, subject, detail) values ($1, 'traces.deploy', $2, $3)`,
      [actor, known, JSON.stringify({ service: storableText(service), version: storableText(version), atUs })],
    );
    return known;
  });
  return { id, service, version, atUs, origin: "reported", previousVersion: null };
}

export type DeployScope = { sourceId: number; service: string | undefined; fromUs: number; toUs: number };

/**
 * Deploys reported and versions seen, newest first. A version that was also reported is one deploy, at the reported time;
 * the first version ever seen of a service is no deploy, since nobody knows when it came.
 */
export async function findDeploys({ sourceId, service, fromUs, toUs }: DeployScope): Promise<Deploy[]> {
  const { rows } = await pool().query<{
    id: string;
    service: string;
    version: string;
    at_us: number;
    origin: Deploy["origin"];
    previous: string | null;
  }>(
    `with known as (
       select id::text, service, version, at_us, 'reported' as origin from facts.deploy
       union all
       select 'seen-' || md5(service || chr(10) || version), service, version, first_us, 'seen' from facts.service_version seen
       where source_id = $1 and not exists (select 1 from facts.deploy told
         where told.service = seen.service and told.version = seen.version and told.at_us < seen.last_us + ${DAY_US})
     ), placed as (
       select *, lag(version) over (partition by service order by at_us, id) as previous from known
       where $2::text is null or service = $2
     )
     select * from placed where at_us >= $3 and at_us < $4 and (origin = 'reported' or previous is not null)
     order by at_us desc, id limit 500`,
    [sourceId, service === undefined ? null : storableText(service), fromUs, toUs],
  );
  return rows.map(({ id, service, version, at_us, origin, previous }) => ({
    id,
    service,
    version,
    atUs: at_us,
    origin,
    previousVersion: previous === version ? null : previous,
  }));
}
