import { afterEach } from "vitest";
import { createS3Migration } from "@/features/s3-migrations/server";
import { pool } from "@/server/db/client";
import { type FaultProxy, startFaultProxy } from "./fault-proxy";
import type { S3Stage } from "./s3-stage";
import { until } from "./until";

export const PARTS = 12;
export const PART_BYTES = 5 * 1024 * 1024;

export type KilledMidway = {
  id: string;
  root: string;
  bucket: string;
  /** Numbers of the parts sent since the worker was killed. */
  sent: number[];
  /** Parts that were on record when it was killed. */
  before: number;
  proxy: FaultProxy;
};

/**
 * Call beside `setS3Stage`. Gives what begins a migration of one file in twelve parts, of which a worker that is then
 * killed has sent six to eight: the others wait for its successor.
 */
export function setKilledMidway(stage: S3Stage): () => Promise<KilledMidway> {
  const proxies = new Set<FaultProxy>();
  afterEach(async () => {
    for (const proxy of proxies) await proxy.stop();
    proxies.clear();
  });
  return async () => {
    const proxy = await startFaultProxy(stage.world.endpoint);
    proxies.add(proxy);
    return killMidway(stage, proxy);
  };
}

/** Uploads and parts of one migration that are on record. */
export async function notesOf(id: string): Promise<{ uploads: number; parts: number }> {
  const { rows } = await pool().query<{ uploads: number; parts: number }>(
    `select count(distinct u.attempt_id)::int as uploads, count(p.attempt_id)::int as parts
       from s3.upload u left join s3.upload_part p using (attempt_id)
      where u.migration_no = (select no from s3_migration where id = $1)`,
    [id],
  );
  return rows[0] ?? { uploads: 0, parts: 0 };
}

async function killMidway(stage: S3Stage, proxy: FaultProxy): Promise<KilledMidway> {
  const sent: number[] = [];
  let isHeld = true;
  proxy.setFault(({ method, url }) => {
    const part = new URL(url, "http://x").searchParams.get("partNumber");
    if (method !== "PUT" || part === null) return undefined;
    sent.push(Number(part));
    return isHeld && Number(part) > 8 ? "slow-down" : undefined;
  });
  const body = Buffer.alloc((PARTS - 1) * PART_BYTES + 3);
  for (let at = 0; at < body.length; at += 1000) body.writeUInt32LE(at, at > body.length - 4 ? 0 : at);
  const root = await stage.world.makeFiles({ "large.bin": body });
  const bucket = await stage.world.makeBucket();
  const { id } = await createS3Migration(
    {
      name: "parts",
      source: { kind: "local", path: root },
      destination: stage.world.destination(bucket, { endpoint: proxy.endpoint }),
      options: { multipartThresholdBytes: PART_BYTES + 1, partSizeBytes: PART_BYTES, maxDeltaPasses: 0 },
      start: true,
    },
    { name: "ada" },
  );
  const victim = await stage.addWorker();
  const noted = async () => (await notesOf(id)).parts;
  await until("six parts are noted", async () => (await noted()) >= 6, 60_000);
  await stage.kill(victim);
  isHeld = false;
  const before = await noted();
  sent.length = 0;
  return { id, root, bucket, sent, before, proxy };
}
