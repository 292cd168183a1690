import { z } from "zod";
import { pool } from "@/server/db/client";
import {
  abilitiesSchema,
  type DestinationAbilities,
  destinationSchema,
  optionsSchema,
  sourceSchema,
} from "../../contract";
import type { DestinationSpec, MigrationOptions, SourceSpec } from "../../domain/plan-spec";
import type { ErrorClass } from "../../domain/states";

/** A migration some worker may do something for now. */
export type Work = {
  id: string;
  no: number;
  phase: "copy" | "verify" | "retire";
  source: SourceSpec;
  destination: DestinationSpec;
  options: MigrationOptions;
  abilities: DestinationAbilities | null;
  /** The database's clock, by which windows open and close for all workers alike. */
  nowMs: number;
};

const workSchema = z.object({
  id: z.string(),
  no: z.number(),
  phase: z.enum(["copy", "verify", "retire"]),
  source: sourceSchema,
  destination: destinationSchema,
  options: optionsSchema,
  abilities: z.nullable(abilitiesSchema),
  nowMs: z.coerce.number(),
});

/** Migrations people want to run and nothing has stopped. Small: read at every poll by every worker. */
export async function listWork(): Promise<Work[]> {
  const { rows } = await pool().query(
    `select m.id, m.no, m.phase, m.source, m.destination, m.options, m.abilities, extract(epoch from now()) * 1000 as "nowMs"
       from s3_migration m
      where m.desired_state = 'running' and m.phase in ('copy', 'verify', 'retire') and m.stopped_at is null
        and m.blocked is null and m.options->>'mode' is distinct from 'reported' and m.state not in ('verified', 'cancelled', 'retired') and m.sealed_at is not null
      order by m.no`,
  );
  return z.array(workSchema).parse(rows);
}

/** The engine's own stop: one alert, first reason wins. */
export async function stopMigration(no: number, errorClass: ErrorClass, message: string): Promise<void> {
  await pool().query(
    `update s3_migration set stop_class = $2, stop_message = $3, stopped_at = now(), version = version + 1
      where no = $1 and stopped_at is null and state not in ('verified', 'cancelled', 'retired')`,
    [no, errorClass, message.slice(0, 500)],
  );
}
