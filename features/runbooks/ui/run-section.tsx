"use client";

import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import type { Refusal } from "./run-outbox";
import { RunRefusals } from "./run-refusals";
import { RunStep } from "./run-step";
import type { ShownSection, ShownSteps } from "./shown-steps";
import { StepGlyph } from "./step-glyph";
import type { RunAction } from "./use-live-run";

type RunSectionProps = {
  runId: string;
  section: ShownSection;
  steps: ShownSteps;
  titles: Record<string, ReactNode>;
  bodies: Record<string, ReactNode>;
  isActive: boolean;
  params: Record<string, string>;
  viewerName: string;
  refusals: readonly Refusal[];
  onAct: (action: RunAction) => void;
  onCancel: (idempotencyKey: string) => void;
  onDismiss: (refusal: Refusal) => void;
};

/** A heading with its steps and the text between them. Without steps it is reference, folded until wanted. */
export function RunSection({ section, ...rest }: RunSectionProps) {
  const parts = <SectionParts section={section} {...rest} />;
  if (section.title === "") return <div className="mt-1">{parts}</div>;
  const ids = section.parts.flatMap((part) => (part.kind === "step" ? [part.id] : []));
  const settled = ids.filter((id) => rest.steps.get(id)?.isSettled).length;
  /** Nothing in it can be done: the way back, until somebody backs out. */
  const isRuledOut = ids.every((id) => rest.steps.get(id)?.state.because === "rollback");
  return (
    <details open={ids.length > 0 && !isRuledOut} className="group/section mt-1">
      <summary className="flex h-[34px] list-none items-center gap-2.5 rounded-sm font-semibold touch:h-11 [&::-webkit-details-marker]:hidden">
        <ChevronRight className="size-3.5 shrink-0 text-ink-3 group-open/section:rotate-90" aria-hidden />
        <h2 className="truncate text-md">{section.title}</h2>
        <span className="inline-flex gap-0.5 group-open/section:hidden" aria-hidden>
          {ids.slice(0, 20).map((id) => (
            <StepGlyph key={id} status={rest.steps.get(id)?.shown ?? "todo"} className="size-3.5" />
          ))}
        </span>
        <span aria-hidden className="h-px min-w-4 grow bg-line" />
        <span className="shrink-0 text-sm font-normal text-ink-3">
          {ids.length === 0 ? "to read" : `${settled} of ${ids.length} settled`}
        </span>
      </summary>
      {parts}
    </details>
  );
}

function SectionParts({ section, steps, titles, bodies, refusals, onDismiss, ...rest }: RunSectionProps) {
  return section.parts.map((part) => {
    if (part.kind === "prose") {
      return (
        <div key={part.key} className="py-1.5 pl-[84px] max-phone:pl-0">
          {part.prose}
        </div>
      );
    }
    const step = steps.get(part.id);
    if (step === undefined) return null;
    return (
      <RunStep
        key={part.id}
        step={step}
        depth={part.depth}
        plainTitle={part.title}
        title={titles[part.id]}
        body={bodies[part.id]}
        {...rest}
      >
        <RunRefusals refusals={refusals.filter(({ stepId }) => stepId === part.id)} onDismiss={onDismiss} />
      </RunStep>
    );
  });
}
