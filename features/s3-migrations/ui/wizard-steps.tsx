import { classNames } from "@/components/ui/class-names";
import { StateGlyph } from "@/components/ui/state-glyph";
import { formatCount } from "@/lib/format";
import type { PreflightReply } from "../contract";
import { filtersSet } from "./filters-card";
import type { Draft } from "./migration-draft";

type Step = { id: string; name: string; note: string; isDone: boolean };
type StepsProps = { draft: Draft; problems: ReadonlyMap<string, string>; result: PreflightReply | undefined };

const MAP_NOTES: Record<Draft["mapKind"], string> = { none: "keys stay", template: "", manifest: "by the manifest" };

/** What there is to say and whether it has been said; the first that is not is where the person stands. */
export function stepsOf({ draft, problems, result }: StepsProps): Step[] {
  const isRight = (start: string) => ![...problems.keys()].some((field) => field.startsWith(start));
  const rules = draft.rules.length === 1 ? "1 rule" : `${draft.rules.length} rules`;
  const filters = filtersSet(draft);
  return [
    { id: "source", name: "Source", note: isRight("source") ? "named" : "where from", isDone: isRight("source") },
    {
      id: "destination",
      name: "Destination",
      note: isRight("destination") ? draft.bucket : "which bucket",
      isDone: isRight("destination"),
    },
    {
      id: "mapping",
      name: "Mapping",
      note: draft.mapKind === "template" ? rules : MAP_NOTES[draft.mapKind],
      isDone: isRight("options.keyMap"),
    },
    {
      id: "filters",
      name: "Filters",
      note: filters === 0 ? "every object" : `${filters} set`,
      isDone: isRight("options.filters"),
    },
    {
      id: "dry-run",
      name: "Dry run",
      note: result === undefined ? "to do" : `${formatCount(result.inventory.objects)} objects`,
      isDone: result?.isReady === true,
    },
    { id: "confirm", name: "Start", note: "you decide", isDone: false },
  ];
}

/** The steps in order, each a way to its part of the page; on a phone a ruler with the present one named. */
export function WizardSteps(props: StepsProps) {
  const steps = stepsOf(props);
  const at = steps.findIndex(({ isDone }) => !isDone);
  const present = steps[at];
  return (
    <nav aria-label="Steps" className="mb-3">
      <ol className="flex overflow-hidden rounded-lg border border-line bg-surface max-phone:grid max-phone:auto-cols-fr max-phone:grid-flow-col max-phone:gap-[3px] max-phone:rounded-none max-phone:border-0 max-phone:bg-transparent">
        {steps.map((step, index) => (
          <StepItem key={step.id} step={step} isPresent={index === at} />
        ))}
      </ol>
      {present !== undefined && (
        <p className="mt-1.5 hidden justify-between gap-2 text-md max-phone:flex">
          <b className="font-semibold">
            {present.name}, {at + 1} of {steps.length}
          </b>
          <span className="text-ink-3">{present.note}</span>
        </p>
      )}
    </nav>
  );
}

function StepItem({ step: { id, name, note, isDone }, isPresent }: { step: Step; isPresent: boolean }) {
  return (
    <li
      className={classNames(
        "min-w-0 grow basis-0 border-l border-line first:border-0 max-phone:h-1.5 max-phone:rounded-xs max-phone:border-0",
        isPresent
          ? "grow-[1.3] bg-running-soft max-phone:bg-running"
          : isDone
            ? "max-phone:bg-ok"
            : "max-phone:bg-line",
      )}
    >
      <a
        href={`#${id}`}
        aria-current={isPresent ? "step" : undefined}
        className="block px-3.5 py-2 text-sm no-underline max-phone:hidden"
      >
        <b className="flex items-center gap-1.5 font-[550] text-ink-2">
          <StateGlyph
            tone={isDone ? "ok" : isPresent ? "running" : "neutral"}
            label={isDone ? "done" : isPresent ? "now" : "to come"}
          />
          {name}
        </b>
        <span className="block truncate text-ink-3">{note}</span>
      </a>
    </li>
  );
}
