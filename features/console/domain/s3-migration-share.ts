import type { S3Migration } from "./neighbours";

const SETTLED_BY_WORK = [
  "copied",
  "verified",
  "skipped_identical",
  "skipped_filtered",
  "ignored",
  "superseded",
  "retired",
];
/** A file gone at the source is a fact to know, not a decision to take: the migration's page shows it apart. */
const TO_DECIDE = ["failed", "conflict", "source_changed", "missing_destination", "different", "wrong_type"];

const sumOf = (counts: S3Migration["counts"], states: readonly string[]): number =>
  states.reduce((sum, state) => sum + (counts[state] ?? 0), 0);

/** Objects that are done, 0 to 1; 0 for an inventory that is empty or still grows from nothing. */
export function s3MigrationShare({ counts, inventory }: S3Migration): number {
  return inventory.objects === 0 ? 0 : sumOf(counts, SETTLED_BY_WORK) / inventory.objects;
}

/** Objects that are done and objects somebody has to decide about: the same number wherever the console tells it. */
export function s3MigrationCounts({ counts }: S3Migration): { done: number; toDecide: number } {
  return { done: sumOf(counts, SETTLED_BY_WORK), toDecide: sumOf(counts, TO_DECIDE) };
}
