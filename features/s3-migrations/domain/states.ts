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
  "cutover",
  "soaking",
  "retiring",
  "retired",
  // A job elsewhere said that it is done; nobody here has proven it.
  "reported",
] as const;
export type MigrationState = (typeof MIGRATION_STATES)[number];

/** What people want; the engine follows. `idle` means: list and plan, then wait. */
export const DESIRED_STATES = ["idle", "running", "paused", "cancelled"] as const;
export type DesiredState = (typeof DESIRED_STATES)[number];

/**
 * The work that is next or under way, kept while paused or stopped. `delta` lists the source again; what it finds is
 * copied in phase `copy` as the next epoch, so these two alternate until a pass finds nothing.
 */
export const MIGRATION_PHASES = ["list", "copy", "delta", "verify", "cutover", "soak", "retire"] as const;
export type MigrationPhase = (typeof MIGRATION_PHASES)[number];

/** `verify_only` proves what somebody else copied and writes nothing; `reported` is pushed by a job elsewhere. */
export const MIGRATION_MODES = ["copy", "verify_only", "reported"] as const;
export type MigrationMode = (typeof MIGRATION_MODES)[number];

export const COMMAND_VERBS = [
  "start",
  "pause",
  "resume",
  "cancel",
  "retry_failed",
  // Look at the source again.
  "list_again",
  // Take a listing as true that is much shorter than the one before.
  "accept_shrink",
  // Copy what a verify-only migration found missing.
  "repair",
  "begin_cutover",
  "confirm_cutover",
  "end_soak",
  "ask_retire",
  "approve_retire",
  // Change limits and the like, also while it runs.
  "configure",
] as const;
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
  // A later pass found the source changed: that pass's own row goes on with it.
  "superseded",
  // What comparing found, when nothing may be copied.
  "missing_destination",
  "different",
  "wrong_type",
  // At the destination, proven, and deleted at the source.
  "retired",
] as const;
export type ObjectState = (typeof OBJECT_STATES)[number];

/**
 * How strongly we know that the destination holds the bytes; the position is the stored number: append only. `reported`
 * is somebody's word and ranks below `size`.
 */
export const VERIFY_TIERS = ["none", "size", "acknowledged", "stored", "read_back", "reported"] as const;
/** Tiers the engine itself can give, each with its columns in the chunk table. */
export const ENGINE_TIERS = ["none", "size", "acknowledged", "stored", "read_back"] as const satisfies VerifyTier[];
export type VerifyTier = (typeof VERIFY_TIERS)[number];

/** Objects that are at the destination, so that a tier says how surely. */
export const PRESENT_STATES = ["copied", "verified", "skipped_identical", "retired"] as const satisfies ObjectState[];
/** Objects a person has to decide about. */
export const PROBLEM_STATES = [
  "failed",
  "conflict",
  "source_changed",
  "missing_destination",
  "different",
  "wrong_type",
] as const satisfies ObjectState[];
/** Objects that a retry puts back to be done again. */
export const RETRYABLE_STATES = [...PROBLEM_STATES, "missing_source"] as const satisfies ObjectState[];
/** Objects the engine still has to do. */
export const OPEN_STATES = ["pending", "retry_wait"] as const satisfies ObjectState[];

/** Ways an object or a request can fail; retry is decided by class, never by words in a message. */
export const ERROR_CLASSES = [
  "throttled",
  "transient",
  // The credentials, or what they may do with the whole bucket: every object would fail alike.
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
  // Findings of a comparison: no fault of the engine.
  "missing_destination",
  "different",
  "wrong_type",
  // A listing much shorter than the one before.
  "shrunk",
  // Said by a job elsewhere, in words of its own.
  "reported",
  // Refused for this object alone: the store lets the same credentials in otherwise.
  "denied",
] as const;
export type ErrorClass = (typeof ERROR_CLASSES)[number];

/** States in which nothing will change any more without a person. */
export const FINAL_STATES: ReadonlySet<MigrationState> = new Set(["verified", "cancelled", "retired", "reported"]);
