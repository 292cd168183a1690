import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { auditCommand } from "@/cli/commands/audit";
import { verifyAuditChain } from "@/server/audit/audit-chain-repository";
import { closeDatabase, pool, transaction } from "@/server/db/client";
import { createTestDatabase, type TestDatabase } from "../../support/database";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await closeDatabase();
  await database.drop();
});

const write = (actor: string, client: Pick<pg.Pool, "query"> = pool()) =>
  client.query("insert into audit_event (actor, action, subject, detail) values ($1, 'run.note', 'run:1', $2)", [
    actor,
    JSON.stringify({ text: 'ünïcode \n and "quotes"', count: 3 }),
  ]);

/** What only somebody with the whole server can do: the triggers do not run in this session. */
async function tamper(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query("set session_replication_role = replica");
  await client.query(sql);
  await client.end();
}

describe("audit tampering", () => {
  it("is refused: no row is changed, removed or truncated away", async () => {
    await write("Asha");
    const refused = /append-only/;
    await expect(pool().query("update audit_event set actor = 'Eve'")).rejects.toThrow(refused);
    await expect(pool().query("delete from audit_event")).rejects.toThrow(refused);
    await expect(pool().query("truncate audit_event")).rejects.toThrow(refused);
  });

  it("finds no way to say when, which or after what a row was written", async () => {
    await pool().query(
      `insert into audit_event (id, at, actor, action, subject, hash, previous_hash)
       values (999999, '2001-01-01', 'Eve', 'run.note', 'run:1', '\\x01', '\\x02')`,
    );
    const { rows } = await pool().query(
      "select id, at > now() - interval '1 minute' as new from audit_event order by id",
    );
    expect(rows.at(-1)).toMatchObject({ new: true });
    expect(rows.at(-1)?.id).toBeLessThan(999_999);
    expect(await verifyAuditChain()).toMatchObject({ broken: undefined });
  });

  it("leaves one chain when many write at once, and none of an action that was rolled back", async () => {
    const before = (await verifyAuditChain()).rows;
    const undone = transaction(async (client) => {
      await write("Undone", client);
      throw new Error("the action failed");
    });
    await Promise.all([
      ...Array.from({ length: 40 }, (_, n) => write(`Writer ${n}`)),
      expect(undone).rejects.toThrow(),
    ]);
    expect(await verifyAuditChain()).toEqual({
      rows: before + 40,
      head: expect.stringMatching(/^[0-9a-f]{64}$/),
      broken: undefined,
    });
  });

  it("is named by the first row that is not what was written, by one removed, and by one put in between", async () => {
    const ids = (await pool().query<{ id: number }>("select id from audit_event order by id")).rows.map(({ id }) => id);
    const [second, fourth] = [ids[1], ids[3]];
    await tamper(`update audit_event set actor = 'Eve' where id = ${fourth}`);
    expect((await verifyAuditChain()).broken).toEqual({ id: fourth, reason: "it is not what was written" });
    await tamper(`delete from audit_event where id = ${second}`);
    expect((await verifyAuditChain()).broken).toMatchObject({ id: ids[2], reason: expect.stringContaining("removed") });
  });

  it("ends the command with 1 and the name of the row", async () => {
    const said: string[] = [];
    const { log } = console;
    console.log = (line: string) => void said.push(line);
    await auditCommand().parseAsync(["verify"], { from: "user" });
    console.log = log;
    expect(said.join("\n")).toMatch(/^Row \d+ is broken: it does not follow the row before it/);
    expect(process.exitCode).toBe(1);
    process.exitCode = 0;
  });
});
