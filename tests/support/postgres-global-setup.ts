import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { TestProject } from "vitest/node";
import { applySchemaMigrations } from "@/server/db/migrate";
import { startEmbeddedPostgres } from "@/server/postgres/embedded";

declare module "vitest" {
  interface ProvidedContext {
    postgresUrl: string;
  }
}

/**
 * One real Postgres for all integration tests; each test file clones the migrated template (tests/support/database.ts).
 * `TEST_DATABASE_URL` names a server to use instead.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (process.env.TEST_DATABASE_URL) {
    project.provide("postgresUrl", process.env.TEST_DATABASE_URL);
    await applySchemaMigrations(process.env.TEST_DATABASE_URL);
    return async () => {};
  }
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), "ops-test-pg-"));
  // The database user enters this directory when the tests run as root.
  fs.chmodSync(dataDir, 0o755);
  const postgres = await startEmbeddedPostgres({ dataDir: path.join(dataDir, "data") });
  const template = postgres.url.replace(/\/ops$/, "/ops_template");
  await applySchemaMigrations(template);
  project.provide("postgresUrl", template);
  return async () => {
    await postgres.stop();
    fs.rmSync(dataDir, { recursive: true, force: true });
  };
}
