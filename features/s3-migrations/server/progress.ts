import { z } from "zod";
import { s3MigrationSnapshotSchema } from "../contract";
import { OBJECT_STATES, type ObjectState } from "../domain/states";

const shape = s3MigrationSnapshotSchema.shape;
const noCounts = () =>
  Object.fromEntries(OBJECT_STATES.map((state) => [state, 0])) as unknown as Record<ObjectState, number>;

/** The leader's sums as kept in the migration's row; an empty object reads as "nothing done yet". */
export const progressSchema = z.object({
  counts: shape.counts.prefault(noCounts),
  tiers: shape.tiers.default([]),
  bytes: shape.bytes.default({ present: 0, waiting: 0, other: 0 }),
  rate: shape.rate.default(null),
  eta: shape.eta.default({ kind: "none" }),
  engine: shape.engine.default({ leases: 0, workers: 0, concurrency: 0, retries: 0, throttledMs: 0 }),
});
export type Progress = z.output<typeof progressSchema>;
