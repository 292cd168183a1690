import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { PoolClient } from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { transaction } from "@/server/db/client";
import { toCopyLine } from "./to-copy-line";

type Pass = { no: number; fence: number };
type Stored = { key: string; sizeBytes: number };

/** Begins to write down what the destination holds, or goes on with it. False: the pass is another worker's now. */
export async function openDestinationListing(pass: Pass, isResumed: boolean): Promise<boolean> {
  return transaction(async (client) => {
    await client.query(
      `create table if not exists s3.destination_${pass.no} (key text collate "C" not null, size bigint not null)`,
    );
    if (isResumed) return true;
    await client.query(`truncate s3.destination_${pass.no}`);
    const { rowCount } = await client.query(
      "update s3_migration set list_side = 'destination', list_cursor = null where no = $1 and list_fence = $2",
      [pass.no, pass.fence],
    );
    return rowCount === 1;
  });
}

/** Adds a page of the destination and moves the cursor past it, together. False: the pass is no longer ours or wanted. */
export async function saveDestinationPage(pass: Pass, page: Stored[], leaseMs: number): Promise<boolean> {
  return transaction(async (client) => {
    const { rowCount } = await client.query(
      `update s3_migration set list_cursor = $3, list_lease_until = now() + $4 * interval '1 ms'
        where no = $1 and list_fence = $2 and phase in ('list', 'delta') and desired_state in ('idle', 'running')`,
      [pass.no, pass.fence, page.at(-1)?.key ?? null, leaseMs],
    );
    if (rowCount !== 1) return false;
    // No text of the database holds a NUL: such a key is shown with the symbol for it.
    const lines = page.map(({ key, sizeBytes }) => toCopyLine([key.replaceAll("\0", "\u2400"), sizeBytes]));
    await pipeline(Readable.from(lines), client.query(copyFrom(`copy s3.destination_${pass.no} from stdin`)));
    return true;
  });
}

/**
 * Keeps the keys of the destination that the source does not have: what the listing names, filtered or not, is no orphan.
 * In the transaction that seals the pass, while both listings are still there.
 */
export async function sealOrphans(client: PoolClient, no: number): Promise<void> {
  await client.query("delete from s3.orphan where migration_no = $1", [no]);
  await client.query(
    `insert into s3.orphan (migration_no, key, size)
     select distinct on (d.key) ${no}, d.key, d.size from s3.destination_${no} d
       left join (select distinct coalesce(dst_key, key) as key from s3.listing_${no}) l on l.key = d.key where l.key is null order by d.key`,
  );
  await client.query(
    `update s3_migration set orphan_objects = t.n, orphan_bytes = t.bytes
       from (select count(*) as n, coalesce(sum(size), 0)::bigint as bytes from s3.orphan where migration_no = $1) t
      where no = $1`,
    [no],
  );
  await client.query(`drop table s3.destination_${no}`);
}
