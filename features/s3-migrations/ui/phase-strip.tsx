import { classNames } from "@/components/ui/class-names";
import { StateGlyph, type StateTone } from "@/components/ui/state-glyph";
import type { S3MigrationDetail, S3MigrationSnapshot } from "../contract";
import type { Standing } from "../domain/phases";
import { type ShownPhase, shownPhases } from "./phase-notes";

const TONES: Record<Standing, StateTone> = {
  was: "ok",
  now: "running",
  stopped: "warn",
  asks: "warn",
  next: "neutral",
};
const SPOKEN: Record<Standing, string> = {
  was: "finished",
  now: "under way",
  stopped: "stopped here",
  asks: "waits for a person",
  next: "to come",
};

type PhaseStripProps = {
  snapshot: S3MigrationSnapshot;
  passes: S3MigrationDetail["passes"];
  phases: S3MigrationDetail["phases"];
  nowMs: number | undefined;
};

/** The nine phases in order; on a phone a ruler with the present one named. */
export function PhaseStrip(props: PhaseStripProps) {
  const shown = shownPhases(props);
  const at = shown.findIndex(({ standing }) => standing !== "was" && standing !== "next");
  const present = shown[at];
  return (
    <div>
      <ol
        aria-label="Phases"
        className="flex overflow-hidden rounded-lg border border-line bg-surface max-phone:grid max-phone:auto-cols-fr max-phone:grid-flow-col max-phone:gap-[3px] max-phone:border-0 max-phone:bg-transparent"
      >
        {shown.map((phase) => (
          <PhaseItem key={phase.step} phase={phase} />
        ))}
      </ol>
      {present !== undefined && (
        <p className="mt-1.5 hidden justify-between gap-2 text-md max-phone:flex">
          <b className="font-semibold">
            {present.name}, {at + 1} of {shown.length}
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
  asks: "max-phone:bg-warn",
  next: "max-phone:bg-line",
};
const PRESENT: Partial<Record<Standing, string>> = {
  now: "grow-[1.6] bg-running-soft",
  stopped: "grow-[1.6] bg-warn-soft",
  asks: "grow-[1.6] bg-warn-soft",
};

function PhaseItem({ phase: { name, standing, note } }: { phase: ShownPhase }) {
  return (
    <li
      aria-current={PRESENT[standing] === undefined ? undefined : "step"}
      className={classNames(
        "min-w-0 grow basis-0 border-l border-line px-3 py-2 text-sm first:border-0 max-phone:h-1.5 max-phone:rounded-xs max-phone:border-0 max-phone:p-0",
        RULER[standing],
        PRESENT[standing],
      )}
    >
      <b className="flex items-center gap-1.5 font-[550] text-ink-2 max-phone:sr-only">
        <StateGlyph tone={TONES[standing]} label={SPOKEN[standing]} />
        {name}
      </b>
      <span className="block truncate text-ink-3 max-phone:sr-only" title={note}>
        {note}
      </span>
    </li>
  );
}
