import type { MigrationMode, MigrationPhase } from "./states";

/** A look that lists this much less than the one before is a person's to accept (an empty answer is no empty source). */
const MAX_SHRINK = 0.1;

/** One look at the source, as sealed. */
export type PassCounts = { listed: number; added: number; changed: number; vanished: number };

/** Whether a pass lists so few keys that it may not be believed without a person. `accepted` is what one took as true. */
export function isShrunk(listed: number, lastListed: number, accepted: number | null): boolean {
  const least = accepted === null ? lastListed : Math.min(lastListed, accepted);
  return listed < least * (1 - MAX_SHRINK);
}

/** "clean": nothing new to copy. "limit": there was, and the engine may not look again by itself. Else it looks again. */
export type DeltaOutcome = "clean" | "limit" | null;

/** What a sealed pass means; `epoch` is its number, `until` the last one the engine may make by itself. */
export function outcomeOf({ added, changed }: PassCounts, epoch: number, until: number): DeltaOutcome {
  if (added + changed === 0) return "clean";
  return epoch >= until ? "limit" : null;
}

/** Whether, with nothing left to copy, the source has to be looked at once more. */
export function wantsDelta(facts: { mode: string; epoch: number; deltaUntil: number; outcome: DeltaOutcome }): boolean {
  return facts.mode === "copy" && facts.outcome === null && facts.epoch < facts.deltaUntil;
}

type ReturnPhase = "cutover" | "soak" | null;

/**
 * Where a sealed look leads. Something found is copied (or compared), and a soak it interrupted has to be confirmed anew:
 * the source is written. Nothing found, it goes back to where a person asked for it, once everything is proven.
 */
export function afterLook(
  outcome: DeltaOutcome,
  mode: MigrationMode,
  { returnPhase, unproven }: { returnPhase: ReturnPhase; unproven: number },
): { phase: MigrationPhase; returnPhase: ReturnPhase } {
  if (outcome !== "clean") {
    return { phase: mode === "verify_only" ? "verify" : "copy", returnPhase: returnPhase === null ? null : "cutover" };
  }
  if (returnPhase === null || unproven > 0) return { phase: "verify", returnPhase };
  return { phase: returnPhase, returnPhase: null };
}
