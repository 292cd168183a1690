/** Every state of an s3-migration; the database enum, the contract and the screens spell the same words. */
export const MIGRATION_STATES = [
  "draft",
  "listing",
  "planned",
  "running",
  "paused",
  "verifying",
  "verified",
  "cancelling",
  "cancelled",
  "auto_stopped",
  "failed",
] as const;
export type MigrationState = (typeof MIGRATION_STATES)[number];

/** What people want; the engine follows. `idle` means: list and plan, then wait. */
export const DESIRED_STATES = ["idle", "running", "paused", "cancelled"] as const;
export type DesiredState = (typeof DESIRED_STATES)[number];

/** The work that is next or under way, kept while paused or stopped. */
export const MIGRATION_PHASES = ["list", "copy", "verify"] as const;
export type MigrationPhase = (typeof MIGRATION_PHASES)[number];

export const COMMAND_VERBS = ["start", "pause", "resume", "cancel", "retry_failed"] as const;
export type CommandVerb = (typeof COMMAND_VERBS)[number];

/**
 * Every state of one object. The position in this list is the number stored in the row: append only.
 * There is no "in progress": the lease of the chunk says it, so nothing has to be un-stuck after a crash.
 */
export const OBJECT_STATES = [
  "pending",
  "retry_wait",
  "copied",
  "verified",
  "skipped_identical",
  "skipped_filtered",
  "failed",
  "missing_source",
  "conflict",
  "source_changed",
  "ignored",
] as const;
export type ObjectState = (typeof OBJECT_STATES)[number];

/** How strongly we know that the destination holds the bytes, weakest first; position = stored number. */
export const VERIFY_TIERS = ["none", "size", "acknowledged", "stored", "read_back"] as const;
export type VerifyTier = (typeof VERIFY_TIERS)[number];

/** Objects that are at the destination, so that a tier says how surely. */
export const PRESENT_STATES = ["copied", "verified", "skipped_identical"] as const satisfies ObjectState[];
/** Objects a person has to decide about. */
export const PROBLEM_STATES = ["failed", "conflict", "source_changed"] as const satisfies ObjectState[];
/** Objects the engine still has to do. */
export const OPEN_STATES = ["pending", "retry_wait"] as const satisfies ObjectState[];

/** Ways an object or a request can fail; retry is decided by class, never by words in a message. */
export const ERROR_CLASSES = [
  "throttled",
  "transient",
  "auth",
  "config",
  "source_missing",
  "source_unreadable",
  "source_changed",
  "integrity",
  "conflict",
  "invalid_key",
  "too_large",
  "archived",
  "unsupported",
  "db",
  "bug",
] as const;
export type ErrorClass = (typeof ERROR_CLASSES)[number];

/** States in which nothing will change any more without a person. */
export const FINAL_STATES: ReadonlySet<MigrationState> = new Set(["verified", "cancelled"]);

const VERBS_BY_STATE: Record<MigrationState, readonly CommandVerb[]> = {
  draft: ["start", "pause", "cancel"],
  listing: ["start", "pause", "cancel"],
  planned: ["start", "cancel"],
  running: ["pause", "cancel", "retry_failed"],
  paused: ["resume", "cancel", "retry_failed"],
  verifying: ["pause", "cancel"],
  verified: [],
  cancelling: ["cancel"],
  cancelled: [],
  auto_stopped: ["resume", "cancel", "retry_failed"],
  failed: ["resume", "cancel", "retry_failed"],
};

/** The commands that mean something now; a screen offers exactly these. */
export function allowedVerbs(state: MigrationState, desired: DesiredState): readonly CommandVerb[] {
  if (desired === "cancelled") return state === "cancelled" ? [] : ["cancel"];
  const verbs = VERBS_BY_STATE[state];
  // Asked to pause, still finishing what is in flight: the way back is open already.
  if (desired === "paused" && state !== "paused") return [...verbs.filter((verb) => verb !== "pause"), "resume"];
  // Asked to run, not yet running again.
  if (desired === "running" && state === "paused") return [...verbs.filter((verb) => verb !== "resume"), "pause"];
  return verbs;
}

/** The desired state a command sets. */
export function desiredAfter(verb: CommandVerb, desired: DesiredState): DesiredState {
  switch (verb) {
    case "start":
    case "resume":
      return "running";
    case "pause":
      return "paused";
    case "cancel":
      return "cancelled";
    case "retry_failed":
      return desired === "paused" ? "paused" : "running";
  }
}

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
};

/** What the engine does next: stay (same state and phase), or move. */
export type Transition = { state: MigrationState; phase: MigrationPhase };

/**
 * The engine's half of the state machine, total and pure: each call makes at most one step. Pausing and cancelling end
 * when the last lease ends, and leases end by themselves, so nothing sticks.
 */
export function nextTransition(facts: MigrationFacts): Transition {
  const { state, desired, phase, leases, stopReason } = facts;
  const stay = { state, phase };
  if (FINAL_STATES.has(state)) return stay;
  if (desired === "cancelled") return { state: leases > 0 ? "cancelling" : "cancelled", phase };
  if (stopReason !== undefined) return { state: stoppedState(stopReason, leases, state), phase };
  if (desired === "paused") return { state: leases > 0 ? state : "paused", phase };
  if (state === "auto_stopped" || state === "failed") return stay;
  return afterWork(facts);
}

function stoppedState(reason: "budget" | "listing" | "blocked", leases: number, state: MigrationState): MigrationState {
  if (leases > 0) return state;
  return reason === "listing" ? "failed" : "auto_stopped";
}

function afterWork({ state, desired, phase, leases, open, problems }: MigrationFacts): Transition {
  const isBusy = open > 0 || leases > 0;
  if (phase === "list") return { state: leases > 0 || state === "listing" ? "listing" : "draft", phase };
  if (phase === "copy" && desired === "idle") return { state: "planned", phase };
  if (isBusy) return { state: phase === "copy" ? "running" : "verifying", phase };
  if (phase === "copy") return { state: "verifying", phase: "verify" };
  return { state: problems > 0 ? "failed" : "verified", phase };
}
