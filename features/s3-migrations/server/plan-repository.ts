import { z } from "zod";
import { AppError } from "@/lib/errors";
import { pool } from "@/server/db/client";
import { abilitiesSchema, destinationSchema, optionsSchema, type PlanReply } from "../contract";
import { planFactsSchema } from "../domain/plan-facts";
import { costOf, durationOf, type MeasuredPace } from "../domain/plan-forecast";
import type { DestinationSpec } from "../domain/plan-spec";
import { placeOfDestination, readPriceTable } from "./price-table";

/** Fewer points of charts than this, five seconds each, tell chance rather than pace. */
const MIN_SAMPLES = 6;

const rowSchema = z.object({
  plan: z.object({ hash: z.string() }).and(planFactsSchema).nullable(),
  sealedAt: z.date().nullable(),
  blocked: z.string().nullable(),
  destination: destinationSchema,
  options: optionsSchema,
  abilities: z.nullable(abilitiesSchema),
});

/** The sealed plan; `not_found` before the listing is sealed, as nothing is certain then. */
export async function getPlan(id: string): Promise<PlanReply> {
  const { rows } = await pool().query(
    `select plan, sealed_at as "sealedAt", blocked, destination, options, abilities from s3_migration where id = $1`,
    [id],
  );
  if (rows.length === 0) throw new AppError("not_found", "There is no S3 migration with this id.");
  const { plan, sealedAt, blocked, destination, options, abilities } = rowSchema.parse(rows[0]);
  if (plan === null || sealedAt === null) {
    throw new AppError("not_found", "The listing is not sealed yet: there is no plan to show.");
  }
  const { hash, ...facts } = plan;
  return {
    sealedAt: sealedAt.toISOString(),
    hash,
    blocked,
    facts,
    duration: durationOf(facts.counts.toCopy, await earlierPace(destination), options),
    cost: costOf(facts, options, {
      table: readPriceTable(),
      place: placeOfDestination(destination),
      looksFirst: abilities?.ifNoneMatch === false,
    }),
  };
}

type PaceRow = { samples: number; migrations: number; objects: number[]; bytes: number[]; verified: number[] | null };

/** How fast copying to the same bucket was, 20th to 80th percentile of five seconds, in the last 90 days. */
async function earlierPace({ bucket, endpoint }: DestinationSpec): Promise<MeasuredPace | undefined> {
  const { rows } = await pool().query<PaceRow>(
    `select count(*) filter (where s.state = 'running') as samples, count(distinct m.id) as migrations,
            percentile_cont(array[0.2, 0.8]) within group (order by objects_per_second)
              filter (where s.state = 'running') as objects,
            percentile_cont(array[0.2, 0.8]) within group (order by bytes_per_second)
              filter (where s.state = 'running') as bytes,
            percentile_cont(array[0.2, 0.8]) within group (order by objects_per_second)
              filter (where s.state = 'verifying') as verified
       from s3_progress_sample s join s3_migration m on m.id = s.migration_id
      where m.destination->>'bucket' = $1 and coalesce(m.destination->>'endpoint', '') = $2 and not m.is_sample
        and s.objects_per_second > 0 and s.bytes_per_second > 0 and s.at > now() - interval '90 days'`,
    [bucket, endpoint ?? ""],
  );
  const [row] = rows;
  if (row === undefined || row.samples < MIN_SAMPLES) return undefined;
  const { migrations } = row;
  const range = ([slow = 0, quick = 0]: number[]) => ({ quick, slow });
  const objectsPerSecond = range(row.objects);
  return {
    kind: "earlier",
    objectsPerSecond,
    bytesPerSecond: range(row.bytes),
    verifiesPerSecond: row.verified === null ? null : range(row.verified),
    sentence: `By ${migrations === 1 ? "a migration" : `${migrations} migrations`} to this bucket in the last 90 days: ${Math.round(objectsPerSecond.slow)} to ${Math.round(objectsPerSecond.quick)} objects/s.`,
  };
}
