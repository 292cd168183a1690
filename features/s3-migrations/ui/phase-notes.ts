import { formatCount, formatDuration } from "@/lib/format";
import { toShownName } from "@/lib/viewer-name";
import type { Pass, PhaseEntry, S3MigrationSnapshot } from "../contract";
import { type PhaseStep, type Standing, type StepTime, standingsOf, stepTimes } from "../domain/phases";

export type ShownPhase = { step: PhaseStep; name: string; standing: Standing; note: string };
type Facts = {
  snapshot: S3MigrationSnapshot;
  passes: readonly Pass[];
  phases: readonly PhaseEntry[];
  nowMs: number | undefined;
};
type Note = (facts: Facts, standing: Standing, time: string | undefined) => string;

const US_PER_MS = 1000;
const duration = (ms: number): string => formatDuration(ms * US_PER_MS);
const plural = (count: number, one: string): string => `${formatCount(count)} ${count === 1 ? one : `${one}s`}`;

/** What each step says of itself: how long and who when it is over, on what condition it will end when it is to come. */
const NOTES: Record<PhaseStep, Note> = {
  listing: ({ snapshot }, standing, time) =>
    standing === "was" ? (time ?? "done") : `${formatCount(snapshot.inventory.objects)} so far`,
  plan: ({ passes }, standing) => (standing === "was" ? plural(passes[0]?.listed ?? 0, "object") : "when it is sealed"),
  approval: ({ snapshot: { approval } }) => (approval === null ? "a person starts it" : toShownName(approval.by)),
  copy: ({ snapshot }, standing, time) => {
    if (snapshot.options.mode === "verify_only") return "nothing is copied";
    return standing === "next" ? "until 0 wait" : (time ?? "under way");
  },
  delta: ({ snapshot: { delta, epoch, options } }, standing, time) => {
    if (standing === "now" || standing === "stopped") return `look ${epoch + (delta.listed === null ? 0 : 1)}`;
    if (options.maxDeltaPasses === 0 || options.mode === "verify_only") return epoch === 0 ? "not wanted" : "on demand";
    if (delta.outcome === "limit") return `still written, look ${epoch}`;
    return standing === "was" ? `0 found, ${time ?? `look ${epoch}`}` : "until 0 found";
  },
  verify: (_facts, standing, time) => (standing === "next" ? "until 0 open" : (time ?? "under way")),
  cutover: ({ snapshot: { cutover } }, standing) =>
    standing === "was" && cutover !== null ? toShownName(cutover.by) : "a person confirms",
  soak: ({ snapshot: { soak, options } }, standing) => {
    if (standing === "next" || soak === null) return plural(options.soakDays, "day");
    return soak.isOver ? "over" : `${formatCount(soak.checked)} read again`;
  },
  retire: ({ snapshot: { counts, retire } }, standing) => {
    if (standing !== "next") return `${formatCount(counts.retired)} deleted`;
    return retire === null ? "2 people" : `asked by ${toShownName(retire.askedBy)}`;
  },
};

const NAMES: Record<PhaseStep, string> = {
  listing: "Listing",
  plan: "Plan",
  approval: "Approval",
  copy: "Copy",
  delta: "Delta",
  verify: "Verify",
  cutover: "Cutover",
  soak: "Soak",
  retire: "Retire",
};

/** The nine steps with how each stands and what it says. */
export function shownPhases(facts: Facts): ShownPhase[] {
  const standings = standingsOf(facts.snapshot);
  const times = stepTimes(facts.phases, facts.nowMs);
  return (Object.keys(NAMES) as PhaseStep[]).map((step) => {
    const standing = standings[step];
    return { step, name: NAMES[step], standing, note: NOTES[step](facts, standing, timeText(times.get(step))) };
  });
}

function timeText(time: StepTime | undefined): string | undefined {
  if (time === undefined) return undefined;
  const paused = time.pausedMs >= 1000 ? `, ${duration(time.pausedMs)} paused` : "";
  return `${duration(time.elapsedMs)}${paused}`;
}
