import * as z from "zod/mini";
import { s3MigrationSnapshotSchema } from "../contract";
import { OBJECT_STATES, type ObjectState } from "../domain/states";

const shape = s3MigrationSnapshotSchema.shape;
const noCounts = () =>
  Object.fromEntries(OBJECT_STATES.map((state) => [state, 0])) as unknown as Record<ObjectState, number>;

/** The leader's sums as kept in the migration's row; an empty object reads as "nothing done yet". */
export const progressSchema = z.object({
  counts: z.prefault(shape.counts, noCounts),
  tiers: z._default(shape.tiers, []),
  kept: z._default(shape.kept, { headersProven: 0, headersDiffer: 0, typesDiffer: 0 }),
  bytes: z._default(shape.bytes, { present: 0, waiting: 0, other: 0 }),
  rate: z._default(shape.rate, null),
  eta: z._default(shape.eta, { kind: "none" }),
  waiting: z._default(shape.waiting, null),
  engine: z._default(shape.engine, { leases: 0, workers: 0, concurrency: 0, retries: 0, throttledMs: 0 }),
});
export type Progress = z.output<typeof progressSchema>;
