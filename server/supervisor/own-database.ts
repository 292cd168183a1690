import fs from "node:fs";
import path from "node:path";
import { AppError, codeOf } from "@/lib/errors";
import { addSettings, env } from "@/server/config/env";

const FILE = "database-url";

/** Leaves the address of the built-in Postgres where commands of this machine find it; its user alone may read it. */
export function noteOwnDatabase(dataDir: string, url: string): () => void {
  const file = path.join(dataDir, FILE);
  fs.rmSync(file, { force: true });
  fs.writeFileSync(file, `${url}\n`, { mode: 0o600 });
  return () => fs.rmSync(file, { force: true });
}

/** Points a command at the database: that of `DATABASE_URL`, or the built-in one of the console that runs here. */
export function useOwnDatabase(): void {
  const { DATABASE_URL, OPS_DATA_DIR } = env();
  if (DATABASE_URL !== undefined) return;
  try {
    addSettings({ DATABASE_URL: fs.readFileSync(path.join(OPS_DATA_DIR, FILE), "utf8").trim() });
  } catch (cause) {
    if (codeOf(cause) !== "ENOENT") throw cause;
    throw new AppError(
      "unavailable",
      `No console runs on ${OPS_DATA_DIR}. Start it, or set DATABASE_URL to its database.`,
      { cause },
    );
  }
}
