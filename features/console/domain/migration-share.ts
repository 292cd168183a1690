import type { Migration } from "./neighbours";

const SETTLED_BY_WORK = ["copied", "verified", "skipped_identical", "skipped_filtered", "ignored"];
const PROBLEMS = ["failed", "conflict", "source_changed", "missing_source"];

const sumOf = (counts: Migration["counts"], states: readonly string[]): number =>
  states.reduce((sum, state) => sum + (counts[state] ?? 0), 0);

/** Objects that are done, 0 to 1; 0 for an inventory that is empty or still grows from nothing. */
export function migrationShare({ counts, inventory }: Migration): number {
  return inventory.objects === 0 ? 0 : sumOf(counts, SETTLED_BY_WORK) / inventory.objects;
}

/** Objects that are done and objects somebody has to decide about. */
export function migrationCounts({ counts }: Migration): { done: number; problems: number } {
  return { done: sumOf(counts, SETTLED_BY_WORK), problems: sumOf(counts, PROBLEMS) };
}
