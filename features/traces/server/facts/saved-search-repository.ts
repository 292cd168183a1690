import { randomUUID } from "node:crypto";
import type { SavedSearch, SaveSearch } from "@/features/traces/contract";
import { AppError } from "@/lib/errors";
import { pool, transaction } from "@/server/db/client";

const MAX_SEARCHES = 500;
const COLUMNS = 'id, name, line, params, created_by as "createdBy", created_at as "createdAt"';
type Row = Omit<SavedSearch, "createdAt"> & { createdAt: Date };

const toSearch = (row: Row): SavedSearch => ({ ...row, createdAt: row.createdAt.toISOString() });

/** Every saved search, by name. */
export async function findSearches(): Promise<SavedSearch[]> {
  const { rows } = await pool().query<Row>(`select ${COLUMNS} from facts.saved_search order by lower(name), id`);
  return rows.map(toSearch);
}

/** Keeps a search under its name, in place of one of that name. `conflict` when there are too many. */
export async function saveSearch({ name, line, params }: SaveSearch, actor: string): Promise<SavedSearch> {
  return transaction(async (client) => {
    await client.query("select pg_advisory_xact_lock(hashtext('facts.saved_search'))");
    const { rows: others } = await client.query<{ n: number }>(
      "select count(*) as n from facts.saved_search where name <> $1",
      [name],
    );
    if ((others[0]?.n ?? 0) >= MAX_SEARCHES) {
      throw new AppError("conflict", `There are ${MAX_SEARCHES} saved searches. Delete one first.`);
    }
    const { rows } = await client.query<Row>(
      `insert into facts.saved_search (id, name, line, params, created_by) values ($1, $2, $3, $4, $5)
       on conflict (name) do update set line = excluded.line, params = excluded.params,
         created_by = excluded.created_by, created_at = now()
       returning ${COLUMNS}`,
      [randomUUID(), name, line, params, actor],
    );
    const [row] = rows;
    if (row === undefined) throw new AppError("internal", "The search was not saved.");
    await client.query("insert into audit_event (actor, action, subject, detail) values ($1, $2, $3, $4)", [
      actor,
      "traces.search.save",
      row.id,
      JSON.stringify({ name, line }),
    ]);
    return toSearch(row);
  });
}

/** Whether there was one to delete. */
export async function deleteSearch({ id, actor }: { id: string; actor: string }): Promise<boolean> {
  return transaction(async (client) => {
    const { rows } = await client.query<{ name: string }>(
      "delete from facts.saved_search where id = $1 returning name",
      [id],
    );
    if (rows.length === 0) return false;
    await client.query("insert into audit_event (actor, action, subject, detail) values ($1, $2, $3, $4)", [
      actor,
      "traces.search.delete",
      id,
      JSON.stringify({ name: rows[0]?.name }),
    ]);
    return true;
  });
}
