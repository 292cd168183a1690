import type { CommandVerb, DesiredState, MigrationMode, MigrationPhase, MigrationState } from "./states";

const VERBS_BY_STATE: Record<MigrationState, readonly CommandVerb[]> = {
  draft: ["start", "pause", "cancel", "configure"],
  listing: ["start", "pause", "cancel", "configure"],
  planned: ["start", "cancel", "configure"],
  running: ["pause", "cancel", "retry_failed", "configure"],
  paused: ["resume", "cancel", "retry_failed", "configure"],
  verifying: ["pause", "cancel", "configure"],
  verified: ["begin_cutover", "list_again"],
  cancelling: ["cancel"],
  cancelled: [],
  auto_stopped: ["resume", "cancel", "retry_failed", "accept_shrink", "list_again", "configure"],
  failed: ["resume", "cancel", "retry_failed", "repair", "list_again", "configure"],
  cutover: ["confirm_cutover", "list_again", "cancel", "configure"],
  soaking: ["end_soak", "retry_failed", "list_again", "ask_retire", "approve_retire", "cancel", "configure"],
  retiring: ["pause", "cancel", "configure"],
  retired: [],
  reported: [],
};

/** What decides which commands mean something now. */
export type VerbFacts = {
  state: MigrationState;
  desired: DesiredState;
  phase: MigrationPhase;
  mode: MigrationMode;
  /** The days of soaking are over, or a person ended them. */
  isSoakOver: boolean;
  isRetireAsked: boolean;
  /** A listing waits to be accepted. */
  isShrunk: boolean;
  /** Objects that comparing did not find at the destination. */
  missing: number;
  /** An object has failed and can be tried again. */
  hasFailures: boolean;
  /** The console only reads what another program writes of itself: nobody there would hear a command. */
  isWatched: boolean;
};

/** The commands that mean something now; a screen offers exactly these. */
export function allowedVerbs(facts: VerbFacts): readonly CommandVerb[] {
  const { state, desired } = facts;
  if (state === "reported") return [];
  if (desired === "cancelled") return state === "cancelled" ? [] : ["cancel"];
  // To cancel is to look no more, which the console can do by itself.
  if (facts.isWatched) return VERBS_BY_STATE[state].filter((verb) => verb === "cancel");
  const verbs = VERBS_BY_STATE[state].filter((verb) => hasMeaning(verb, facts));
  // Asked to pause, still finishing what is in flight: the way back is open already.
  if (desired === "paused" && state !== "paused") return [...verbs.filter((verb) => verb !== "pause"), "resume"];
  // Asked to run, not yet running again.
  if (desired === "running" && state === "paused") return [...verbs.filter((verb) => verb !== "resume"), "pause"];
  return verbs;
}

/** Verbs that the state alone does not decide. */
function hasMeaning(verb: CommandVerb, facts: VerbFacts): boolean {
  const { phase, mode } = facts;
  switch (verb) {
    case "start":
      return phase === "list" || facts.desired === "idle";
    case "retry_failed":
      return facts.hasFailures && mode !== "reported" && phase !== "cutover" && phase !== "retire";
    case "list_again":
      return mode !== "reported" && phase !== "list" && phase !== "copy" && phase !== "delta";
    case "repair":
      return mode === "verify_only" && phase === "verify" && facts.missing > 0;
    case "accept_shrink":
      return facts.isShrunk;
    case "end_soak":
      return !facts.isSoakOver;
    case "ask_retire":
      return mode !== "reported" && facts.isSoakOver && !facts.isRetireAsked;
    case "approve_retire":
      return mode !== "reported" && facts.isSoakOver && facts.isRetireAsked;
    case "begin_cutover":
    case "configure":
      return mode !== "reported";
    default:
      return true;
  }
}

/** The desired state a command sets. */
export function desiredAfter(verb: CommandVerb, desired: DesiredState): DesiredState {
  switch (verb) {
    case "pause":
      return "paused";
    case "cancel":
      return "cancelled";
    case "retry_failed":
      return desired === "paused" ? "paused" : "running";
    case "configure":
      return desired;
    default:
      return "running";
  }
}
