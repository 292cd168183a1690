import type { MigrationMode, MigrationPhase, ObjectState } from "./states";

/** What workers do with objects, chunk by chunk. */
export type ChunkWork = "copy" | "verify" | "compare" | "retire";

/** Objects that a kind of work still has to do. */
export const WORK_STATES: Record<ChunkWork, readonly ObjectState[]> = {
  copy: ["pending", "retry_wait"],
  verify: ["copied", "skipped_identical"],
  // What was never ours to copy, and what a repair copied.
  compare: ["pending", "retry_wait", "copied", "skipped_identical"],
  retire: ["verified"],
};

/** The work of a phase; none while listing, in the cutover, and in the soak, whose samples are taken apart. */
export function workOf(phase: MigrationPhase, mode: MigrationMode): ChunkWork | undefined {
  if (phase === "copy") return "copy";
  if (phase === "verify") return mode === "verify_only" ? "compare" : "verify";
  return phase === "retire" ? "retire" : undefined;
}
