import { classNames } from "@/components/ui/class-names";
import { StateGlyph, type StateTone } from "@/components/ui/state-glyph";
import { formatCount, formatDuration } from "@/lib/format";
import type { S3MigrationSnapshot } from "../contract";

type Standing = "was" | "now" | "stopped" | "next";
type Phase = { name: string; standing: Standing; note: string };

const US_PER_MS = 1000;
const TONES: Record<Standing, StateTone> = { was: "ok", now: "running", stopped: "warn", next: "neutral" };
const SPOKEN: Record<Standing, string> = {
  was: "finished",
  now: "under way",
  stopped: "stopped here",
  next: "to come",
};

function between(from: string | null, to: string | null): string | undefined {
  if (from === null || to === null) return undefined;
  return formatDuration((Date.parse(to) - Date.parse(from)) * US_PER_MS);
}

/** The phases with how each ended, or on what condition it will end: never an empty bar for what has not begun. */
export function phasesOf(snapshot: S3MigrationSnapshot): Phase[] {
  const { state, phase, inventory, counts, createdAt, startedAt, finishedAt } = snapshot;
  const order = ["list", "plan", "copy", "verify", "verified"];
  const at = state === "verified" ? "verified" : state === "planned" ? "plan" : phase;
  const isMoving = ["listing", "running", "verifying"].includes(state);
  const standing = (name: string): Standing => {
    const distance = order.indexOf(name) - order.indexOf(at);
    if (distance !== 0) return distance < 0 ? "was" : "next";
    return state === "verified" ? "was" : isMoving || state === "draft" ? "now" : "stopped";
  };
  const waiting = counts.pending + counts.retry_wait;
  return [
    {
      name: "Listing",
      standing: standing("list"),
      note: between(createdAt, inventory.sealedAt) ?? "until it is sealed",
    },
    { name: "Plan", standing: standing("plan"), note: startedAt === null ? "until somebody starts it" : "started" },
    {
      name: "Copy",
      standing: standing("copy"),
      note: `until 0 wait${phase === "copy" ? `, now ${formatCount(waiting)}` : ""}`,
    },
    { name: "Verify", standing: standing("verify"), note: `until 0 unproven` },
    {
      name: "Verified",
      standing: standing("verified"),
      note: between(startedAt, finishedAt) ?? "when nothing is open",
    },
  ];
}

/** The phases in order; on a phone a ruler with the present one named. */
export function PhaseStrip({ snapshot }: { snapshot: S3MigrationSnapshot }) {
  const phases = phasesOf(snapshot);
  const at = phases.findIndex(({ standing }) => standing === "now" || standing === "stopped");
  const present = phases[at];
  return (
    <div>
      <ol
        aria-label="Phases"
        className="flex overflow-hidden rounded-lg border border-line bg-surface max-phone:grid max-phone:auto-cols-fr max-phone:grid-flow-col max-phone:gap-[3px] max-phone:border-0 max-phone:bg-transparent"
      >
        {phases.map((phase) => (
          <PhaseItem key={phase.name} phase={phase} />
        ))}
      </ol>
      {present !== undefined && (
        <p className="mt-1.5 hidden justify-between gap-2 text-md max-phone:flex">
          <b className="font-semibold">
            {present.name}, {at + 1} of {phases.length}
          </b>
          <span className="text-ink-3">{present.note}</span>
        </p>
      )}
    </div>
  );
}

const RULER: Record<Standing, string> = {
  was: "max-phone:bg-ok",
  now: "max-phone:bg-running",
  stopped: "max-phone:bg-warn",
  next: "max-phone:bg-line",
};

function PhaseItem({ phase: { name, standing, note } }: { phase: Phase }) {
  const isPresent = standing === "now" || standing === "stopped";
  return (
    <li
      aria-current={isPresent ? "step" : undefined}
      className={classNames(
        "min-w-0 grow basis-0 border-l border-line px-4 py-2 text-sm first:border-0 max-phone:h-1.5 max-phone:rounded-xs max-phone:border-0 max-phone:p-0",
        RULER[standing],
        standing === "now" && "grow-[1.6] bg-running-soft",
        standing === "stopped" && "grow-[1.6] bg-warn-soft",
      )}
    >
      <b className="flex items-center gap-1.5 font-[550] text-ink-2 max-phone:sr-only">
        <StateGlyph tone={TONES[standing]} label={SPOKEN[standing]} />
        {name}
      </b>
      <span className="block truncate text-ink-3 max-phone:sr-only">{note}</span>
    </li>
  );
}
