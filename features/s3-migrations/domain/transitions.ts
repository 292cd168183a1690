import { type DesiredState, FINAL_STATES, type MigrationPhase, type MigrationState } from "./states";

/** What the engine has seen of a migration when it decides on its next state. */
export type MigrationFacts = {
  state: MigrationState;
  desired: DesiredState;
  phase: MigrationPhase;
  /** Live leases (lister or chunks): somebody is still working. */
  leases: number;
  /** Objects not yet settled in this phase. */
  open: number;
  /** Objects a person has to decide about. */
  problems: number;
  /** Set when the engine decided to stop by itself. */
  stopReason: "budget" | "listing" | "blocked" | undefined;
  /** Nothing waits any more, and the source has to be looked at again before that means anything. */
  wantsDelta: boolean;
  /** A look that a person asked for after the proof: it comes back to them. */
  isLookAgain: boolean;
};

/** What the engine does next: stay (same state and phase), or move. */
export type Transition = { state: MigrationState; phase: MigrationPhase };

/**
 * The engine's half of the state machine, total and pure: each call makes at most one step. Pausing and cancelling end
 * when the last lease ends, and leases end by themselves, so nothing sticks. Verified, cutover and soaking are left by
 * commands alone.
 */
export function nextTransition(facts: MigrationFacts): Transition {
  const { state, desired, phase, leases, stopReason } = facts;
  const stay = { state, phase };
  if (FINAL_STATES.has(state)) return stay;
  if (desired === "cancelled") return { state: leases > 0 ? "cancelling" : "cancelled", phase };
  if (stopReason !== undefined) return { state: stoppedState(stopReason, leases, state), phase };
  if (phase === "cutover") return { state: "cutover", phase };
  if (phase === "soak") return { state: "soaking", phase };
  if (desired === "paused") return { state: leases > 0 ? state : "paused", phase };
  if (state === "auto_stopped" || state === "failed") return stay;
  return afterWork(facts);
}

function stoppedState(reason: "budget" | "listing" | "blocked", leases: number, state: MigrationState): MigrationState {
  if (leases > 0) return state;
  return reason === "listing" ? "failed" : "auto_stopped";
}

function afterWork(facts: MigrationFacts): Transition {
  const { state, desired, phase, leases, open } = facts;
  const isBusy = open > 0 || leases > 0;
  if (phase === "list") return { state: leases > 0 || state === "listing" ? "listing" : "draft", phase };
  if (phase === "delta") return { state: "listing", phase };
  if (phase === "retire") return { state: isBusy ? "retiring" : "retired", phase };
  if (desired === "idle") return { state: "planned", phase };
  if (isBusy) return { state: phase === "copy" ? "running" : "verifying", phase };
  return phase === "copy" ? afterCopy(facts) : afterProof(facts);
}

function afterCopy({ wantsDelta }: MigrationFacts): Transition {
  return wantsDelta ? { state: "listing", phase: "delta" } : { state: "verifying", phase: "verify" };
}

function afterProof({ phase, problems, isLookAgain }: MigrationFacts): Transition {
  if (problems > 0) return { state: "failed", phase };
  return isLookAgain ? { state: "cutover", phase: "cutover" } : { state: "verified", phase };
}
