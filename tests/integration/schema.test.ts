import { spawn } from "node:child_process";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { applySchemaMigrations } from "@/server/db/migrate";
import { createTestDatabase, type TestDatabase } from "../support/database";

const ROOT = path.join(import.meta.dirname, "../..");

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/** Runs `npm run prisma -- <args>` against the test database. */
function prisma(...args: string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, ["scripts/prisma.mjs", ...args], {
    cwd: ROOT,
    env: { ...process.env, DATABASE_URL: database.url },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, output })));
}

describe("the schema migrations", () => {
  it("make exactly the tables that the Prisma models describe", async () => {
    const { code, output } = await prisma(
      ...["migrate", "diff", "--exit-code", "--script"],
      ...["--from-migrations", "prisma/migrations", "--to-schema", "prisma"],
    );
    expect(output).toContain("empty migration");
    expect(code).toBe(0);
  });

  it("leave the bookkeeping that Prisma's own command line agrees with", async () => {
    const { code, output } = await prisma("migrate", "status");
    expect(output).toContain("Database schema is up to date");
    expect(code).toBe(0);
  });

  it("are applied once when several processes start at the same time", async () => {
    const url = new URL(database.url);
    url.pathname = `${url.pathname}_fresh`;
    const applied = await Promise.all([1, 2, 3].map(() => applySchemaMigrations(url.href)));
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query(`drop database "${url.pathname.slice(1)}" with (force)`);
    await client.end();
    expect(applied.filter((names) => names.length > 0)).toHaveLength(1);
  });
});
