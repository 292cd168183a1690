import { pool } from "@/server/db/client";
import type { FindingsReply } from "../contract";
import type { FINDING_KINDS } from "../domain/finding-contract";
import { readPlace } from "./place-repository";

const MAX_COUNTED = 100_000;
const MAX_GROUPS = 50;

type Query = { kind?: (typeof FINDING_KINDS)[number] | undefined; cursor?: number | undefined; limit: number };

/** What goes with the objects and is not as told: alike ones together, and one by one in the inventory's order. */
export async function listFindings(id: string, { kind, cursor, limit }: Query): Promise<FindingsReply> {
  const { no } = await readPlace(id);
  const [groups, page] = await Promise.all([
    pool().query<FindingsReply["groups"][number]>(
      `select g.kind, g.told, g.found, g.sent, g.objects, o.src_key as "exampleKey"
         from (select kind, told, found, sent, count(*) as objects, min(object_id) as id
                 from (select * from s3.finding where migration_no = $1 and ($2::text is null or kind = $2)
                        order by object_id limit $3) f
                group by 1, 2, 3, 4 order by count(*) desc, kind, told, found limit $4) g
         join s3.object o on o.migration_no = $1 and o.id = g.id order by g.objects desc, g.kind, g.told, g.found`,
      [no, kind ?? null, MAX_COUNTED, MAX_GROUPS],
    ),
    pool().query<FindingsReply["findings"][number]>(
      `select f.kind, f.told, f.found, f.sent, f.object_id as "objectId", o.src_key as key
         from (select * from s3.finding where migration_no = $1 and object_id >= $2 and ($3::text is null or kind = $3)
                order by object_id, kind limit $4) f
         join s3.object o on o.migration_no = $1 and o.id = f.object_id order by f.object_id, f.kind`,
      // Two kinds may share an object: a page ends with whole objects.
      [no, cursor ?? 0, kind ?? null, limit + 2],
    ),
  ]);
  const isMore = page.rows.length > limit;
  const next = isMore ? (page.rows[limit]?.objectId ?? null) : null;
  const findings = page.rows.filter(({ objectId }) => next === null || objectId < next);
  return { groups: groups.rows, findings, nextCursor: next };
}
