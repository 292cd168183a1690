import { Command } from "commander";
import { AppError } from "@/lib/errors";
import { env } from "@/server/config/env";
import { applySchemaMigrations, databaseRefusal } from "@/server/supervisor/migrate-schema";

/** `ops-console migrate-schema`: brings the database of `DATABASE_URL` up to this version. */
export function migrateSchemaCommand(): Command {
  return new Command("migrate-schema")
    .description("apply the schema migrations to DATABASE_URL (start does it by itself)")
    .action(async () => {
      const { DATABASE_URL } = env();
      if (DATABASE_URL === undefined)
        throw new AppError("invalid_input", "Set DATABASE_URL to the database to migrate.");
      const applied = await applySchemaMigrations(DATABASE_URL).catch((error: unknown) => {
        throw databaseRefusal(DATABASE_URL, error);
      });
      console.log(applied.length === 0 ? "The schema is up to date." : `Applied ${applied.join(", ")}.`);
    });
}
