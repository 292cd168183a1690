// npm run prisma -- <arguments>: Prisma's command line without a download. Commands that need a database get the
// console's own Postgres when DATABASE_URL is unset.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { register } from "tsx/esm/api";

process.chdir(path.join(import.meta.dirname, ".."));
if (fs.existsSync(".env")) process.loadEnvFile(".env");
const args = process.argv.slice(2);
const env = {
  ...process.env,
  CHECKPOINT_DISABLE: "1",
  PRISMA_HIDE_UPDATE_MESSAGE: "1",
  PRISMA_SCHEMA_ENGINE_BINARY: path.resolve("scripts/schema-engine.mjs"),
};

const needsDatabase = /^(migrate|db|studio)$/.test(args[0] ?? "");
const postgres = needsDatabase && !env.DATABASE_URL ? await startPostgres() : undefined;
if (postgres !== undefined) env.DATABASE_URL = postgres.url;
const result = spawnSync(process.execPath, ["node_modules/prisma/build/index.js", ...args], { stdio: "inherit", env });
// One that was already running serves a console: leave it.
if (postgres?.isAdopted === false) await postgres.stop();
process.exit(result.status ?? 1);

async function startPostgres() {
  register();
  const { startEmbeddedPostgres } = await import("../server/postgres/embedded.ts");
  return startEmbeddedPostgres({ dataDir: path.resolve(process.env.OPS_DATA_DIR || ".data", "postgres") });
}
