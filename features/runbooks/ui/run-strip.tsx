import type { StepCounts } from "../domain/run-state";
import type { ShownSection, ShownSteps } from "./shown-steps";
import { STATUS_WORDS, StepGlyph } from "./step-glyph";

type RunStripProps = { sections: ShownSection[]; steps: ShownSteps; counts: StepCounts };

/** All steps at a glance, by section, and the sum that must hold. */
export function RunStrip({ sections, steps, counts }: RunStripProps) {
  return (
    <nav aria-label={`All ${counts.total} steps`} className="mt-4 flex flex-wrap items-end gap-x-5 gap-y-2">
      {sections.map((section) => (
        <div key={section.key} className="grid gap-0.5">
          <span className="max-w-44 truncate text-xs text-ink-3">{section.title}</span>
          <ol className="flex flex-wrap gap-[3px]">
            {section.parts.map((part) =>
              part.kind === "step" ? (
                <li key={part.id}>
                  <a
                    href={`#step-${part.id}`}
                    aria-current={steps.get(part.id)?.isCurrent ? "step" : undefined}
                    className="grid min-w-6 justify-items-center gap-px rounded-sm px-0.5 pt-0.5 text-[10px]/[13px] text-ink-3 hover:bg-sunken aria-[current]:font-bold aria-[current]:text-ink"
                  >
                    <StepGlyph
                      status={steps.get(part.id)?.shown ?? "todo"}
                      label={STATUS_WORDS[steps.get(part.id)?.shown ?? "todo"]}
                    />
                    {part.id}
                  </a>
                </li>
              ) : null,
            )}
          </ol>
        </div>
      ))}
      <p className="ml-auto text-right text-sm text-ink-2 max-phone:ml-0 max-phone:text-left" aria-live="polite">
        <b className="font-semibold text-ink">
          {counts.settled} of {counts.total} settled
        </b>
        <br />
        {sumOf(counts)}
      </p>
    </nav>
  );
}

/** Each kind of settled beside the others, the open ones last; what there is none of is left out. */
function sumOf(counts: StepCounts): string {
  const settled = (["sensed", "overridden", "not-applicable"] as const).flatMap((status) =>
    counts[status] === 0 ? [] : [`${counts[status]} ${STATUS_WORDS[status]}`],
  );
  const failed = counts.failed === 0 ? [] : [`${counts.failed} failed`];
  return [
    `${counts.done} done`,
    `${counts.skipped} skipped`,
    ...settled,
    ...failed,
    `${counts.open - counts.failed} to do`,
  ].join(", ");
}
