import type { StateTone } from "@/components/ui/state-glyph";
import type { Eta, S3MigrationSnapshot } from "../contract";
import { placeOf, type ShownPlace } from "../domain/plan-spec";
import { type ErrorClass, FINAL_STATES, type MigrationState } from "../domain/states";

type Word = { label: string; tone: StateTone };

const STATES: Record<MigrationState, Word> = {
  draft: { label: "Waiting for a worker", tone: "neutral" },
  listing: { label: "Listing", tone: "running" },
  planned: { label: "Planned, not started", tone: "neutral" },
  running: { label: "Copying", tone: "running" },
  paused: { label: "Paused", tone: "warn" },
  verifying: { label: "Verifying", tone: "running" },
  verified: { label: "Verified", tone: "ok" },
  cancelling: { label: "Cancelling", tone: "warn" },
  cancelled: { label: "Cancelled", tone: "neutral" },
  auto_stopped: { label: "Stopped by itself", tone: "bad" },
  failed: { label: "Ended with failures", tone: "bad" },
  cutover: { label: "Waiting for the cutover", tone: "warn" },
  soaking: { label: "Soaking", tone: "running" },
  retiring: { label: "Deleting the source", tone: "running" },
  retired: { label: "Source retired", tone: "ok" },
  reported: { label: "Reported done, not proven", tone: "neutral" },
};

/** Where it is a job elsewhere that works, and all we have is its word. */
const STATES_OF_JOBS: Partial<Record<MigrationState, Word>> = {
  draft: { label: "Waiting for the job", tone: "neutral" },
  running: { label: "Reported running", tone: "running" },
  paused: { label: "Reported paused", tone: "warn" },
  failed: { label: "Reported failed", tone: "bad" },
};

type Worded = Pick<S3MigrationSnapshot, "state" | "desiredState"> &
  Partial<Pick<S3MigrationSnapshot, "options" | "reported" | "waiting">>;

/** The state in words; while people and engine differ, what is on its way. */
export function stateWord({ state, desiredState, options, reported, waiting }: Worded): Word {
  const isOver = FINAL_STATES.has(state);
  if (!isOver && desiredState === "cancelled") return { label: "Cancelling", tone: "warn" };
  if (!isOver && desiredState === "paused" && state !== "paused") return { label: "Pausing", tone: "warn" };
  if (desiredState === "running" && state === "paused") return { label: "Resuming", tone: "running" };
  if (state === "failed" && options?.mode === "verify_only") return { label: "Differences found", tone: "bad" };
  if (waiting && desiredState === "running") return { label: "Waiting for its window", tone: "neutral" };
  return (reported ? STATES_OF_JOBS[state] : undefined) ?? STATES[state];
}

/** `/srv/uploads` or `s3://bucket/prefix`, as people write them. */
export const storeText = (store: ShownPlace): string => placeOf(store);

const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const DAY_AND_CLOCK = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
});
const HALF_A_DAY_MS = 12 * 3600 * 1000;

/** "23:56", with the day when it is far away. Local time. */
export function clockText(at: string, nowMs: number): string {
  const ms = Date.parse(at);
  return (Math.abs(ms - nowMs) > HALF_A_DAY_MS ? DAY_AND_CLOCK : CLOCK).format(ms);
}

const CLOCK_WITH_SECONDS = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** "23:56:04", local time, of epoch ms. */
export const clockOfMs = (ms: number): string => CLOCK_WITH_SECONDS.format(ms);

/** Both ends in the same minute are one time, and only about so. */
const rangeText = (from: string, to: string): string => (from === to ? `about ${to}` : `${from} to ${to}`);

/** The forecast, or in words why there is none. */
export function etaText(eta: Eta, snapshot: Pick<S3MigrationSnapshot, "state" | "inventory">, nowMs: number): string {
  switch (eta.kind) {
    case "range":
      if (eta.isOver30Days) return "more than 30 days";
      return rangeText(clockText(eta.earliestAt, nowMs), clockText(eta.latestAt, nowMs));
    case "stalled":
      return `stalled since ${clockText(eta.since, nowMs)}`;
    case "estimating":
      return snapshot.inventory.sealedAt === null ? "after the listing" : "estimating";
    case "none":
      return snapshot.state === "paused" ? "while paused: none" : "none";
  }
}

export const ERROR_CLASS_WORDS: Record<ErrorClass, string> = {
  throttled: "The destination asks to slow down",
  transient: "The connection or the server failed for a moment",
  auth: "Not allowed, or credentials expired",
  config: "Wrong bucket, region or endpoint",
  source_missing: "The source file is gone",
  source_unreadable: "The source file cannot be read",
  source_changed: "The source changed while it was read",
  integrity: "The bytes do not match their checksum",
  conflict: "Other bytes are already at the key",
  invalid_key: "The name cannot be a key",
  too_large: "Too large for the destination",
  archived: "The source object is archived",
  unsupported: "The destination cannot do this",
  db: "The console's database failed",
  bug: "A fault in the console",
  missing_destination: "Not at the destination",
  different: "Other bytes at the destination",
  wrong_type: "Served as another type",
  shrunk: "The source lists much less than before",
  reported: "The job reported it so",
  denied: "Access denied to this object alone",
};

export const VERB_WORDS = {
  start: "Started",
  pause: "Paused",
  resume: "Resumed",
  cancel: "Cancelled",
  retry_failed: "Retried failures",
  list_again: "Listed again",
  accept_shrink: "Accepted the shorter listing",
  repair: "Copied what was missing",
  begin_cutover: "Began the cutover",
  confirm_cutover: "Cut over",
  end_soak: "Ended the soak",
  ask_retire: "Asked to retire the source",
  approve_retire: "Approved retiring the source",
  configure: "Changed the settings",
} as const;

/** What it waits for, by the clocks of the window's place; with the day when that is not within a day. */
export function waitingText(
  { opensAt, timeZone }: NonNullable<S3MigrationSnapshot["waiting"]>,
  nowMs = Date.now(),
): string {
  if (opensAt === null) return "Waits for its window, and none opens within nine days";
  const isFar = Date.parse(opensAt) - nowMs > 20 * 3600 * 1000;
  const format = new Intl.DateTimeFormat("en-GB", {
    hour: "2-digit",
    minute: "2-digit",
    ...(isFar ? { weekday: "short" } : {}),
    ...(timeZone === null ? {} : { timeZone }),
  });
  return `Waits for its window, opens ${format.format(new Date(opensAt))}${timeZone === null ? "" : ` ${timeZone}`}`;
}
