import type { PoolClient } from "pg";
import { z } from "zod";
import { AppError } from "@/lib/errors";
import { pool } from "@/server/db/client";
import type { Configure, S3MigrationDetail } from "../contract";
import { applyConfigure, configChanges, configChangesSchema } from "../domain/config";
import type { MigrationOptions } from "../domain/plan-spec";

const MAX_LISTED = 100;

type Change = {
  id: string;
  actor: string;
  reason: string | undefined;
  configure: Configure | undefined;
  options: MigrationOptions;
};

/** Writes the next version, in the transaction of its command. A change that changes nothing is refused by its field. */
export async function saveConfig(client: PoolClient, change: Change): Promise<void> {
  const { id, actor, reason, configure, options } = change;
  const [field] = Object.keys(configure ?? {});
  if (configure === undefined || field === undefined) throw refused("configure", "must name what is to change");
  const next = applyConfigure(options, configure);
  const changes = configChanges(options, next);
  if (changes.length === 0) throw refused(`configure.${field}`, "is as it was asked for already");
  const { rows } = await client.query<{ version: number }>(
    `update s3_migration set options = $2, config_version = config_version + 1 where id = $1
     returning config_version as version`,
    [id, next],
  );
  await client.query(
    `insert into s3_config (migration_id, version, actor, reason, changes, options) values ($1, $2, $3, $4, $5, $6)`,
    [id, rows[0]?.version, actor, reason ?? null, JSON.stringify(changes), next],
  );
}

const rowsSchema = z.array(
  z.object({
    version: z.number(),
    actor: z.string(),
    reason: z.nullable(z.string()),
    at: z.date().transform((at) => at.toISOString()),
    changes: configChangesSchema,
  }),
);

/** Newest first. */
export async function listConfigs(id: string): Promise<S3MigrationDetail["configs"]> {
  const { rows } = await pool().query(
    "select version, actor, reason, at, changes from s3_config where migration_id = $1 order by version desc limit $2",
    [id, MAX_LISTED],
  );
  return rowsSchema.parse(rows);
}

function refused(field: string, message: string): AppError {
  return new AppError("invalid_input", `${field}: ${message}.`, { problems: [{ field, message }] });
}
