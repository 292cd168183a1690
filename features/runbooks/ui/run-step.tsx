"use client";

import { type ReactNode, useState } from "react";
import { classNames } from "@/components/ui/class-names";
import { toShownName } from "@/lib/viewer-name";
import { Avatar } from "./avatar";
import { ClockTime } from "./clock-time";
import { nextActionOf } from "./next-action";
import type { ShownStep } from "./shown-steps";
import { type Asking, StepActions } from "./step-actions";
import { StepChecks } from "./step-checks";
import { StepChips } from "./step-chips";
import { StepEvidence } from "./step-evidence";
import { STATUS_TONES, STATUS_WORDS, StepGlyph } from "./step-glyph";
import type { RunAction } from "./use-live-run";

type RunStepProps = {
  runId: string;
  step: ShownStep;
  depth: number;
  plainTitle: string;
  title: ReactNode;
  body: ReactNode;
  isActive: boolean;
  params: Record<string, string>;
  viewerName: string;
  onAct: (action: RunAction) => void;
  onCancel: (idempotencyKey: string) => void;
  /** What was refused about this step. */
  children: ReactNode;
};

/** Settled-at time, glyph on a spine, number and title, state and person; evidence below; a card while it is its turn. */
export function RunStep({ runId, step, depth, plainTitle, title, body, onCancel, children, ...rest }: RunStepProps) {
  const { isActive, onAct } = rest;
  const [isToggled, setIsToggled] = useState<boolean>();
  const [asking, setAsking] = useState<Asking>();
  const { id, state, shown, isSettled } = step;
  const isActing = isSettled === false && state.status !== "todo";
  const isOpen = isToggled ?? (step.isCurrent || isActing);
  const handleTick = () => {
    if (isSettled) return onAct({ type: "untick", stepId: id });
    const next = nextActionOf(step);
    if (next === "tick" || next === "choose" || next === "begin" || next === "ask")
      return onAct({ type: next, stepId: id });
    setIsToggled(true);
    if (next === "prove") setAsking("prove");
  };
  return (
    <article
      id={`step-${id}`}
      data-step={id}
      aria-label={`Step ${id}: ${plainTitle}`}
      className={classNames(
        "relative grid scroll-mt-16 grid-cols-[42px_24px_minmax(0,1fr)] gap-x-3 py-1 pr-[13px] max-phone:pr-0 max-phone:grid-cols-[28px_minmax(0,1fr)] max-phone:gap-x-2 print:break-inside-avoid",
        step.isCurrent &&
          "my-1.5 -ml-3 rounded-lg border border-l-[3px] border-line border-l-running bg-surface py-2 pr-3 pl-[9px] shadow-card max-phone:ml-0 max-phone:pr-3",
      )}
      style={depth > 0 ? { marginLeft: depth * 24 } : undefined}
    >
      {!step.isCurrent && (
        <span aria-hidden className="absolute top-7 -bottom-1.5 left-[65.5px] w-px bg-line max-phone:left-[14px]" />
      )}
      <span className="pt-0.5 text-right text-sm text-ink-3 max-phone:hidden">
        <SettledAt step={step} />
      </span>
      <TickBox
        step={step}
        title={plainTitle}
        isDisabled={!isActive || step.pending !== undefined || state.because !== undefined}
        onTick={handleTick}
      />
      <div className="min-w-0">
        <div className="flex flex-wrap items-baseline gap-x-2">
          <span className="min-w-4 text-sm text-ink-3">{id}</span>
          <h3
            className={classNames(
              "min-w-0 grow basis-52 text-md",
              step.isCurrent ? "font-semibold" : "font-medium",
              (shown === "todo" || state.because !== undefined) && "text-ink-2",
            )}
          >
            {title}
          </h3>
          <StepState step={step} />
          <UnfoldButton id={id} hasBody={body !== undefined} isOpen={isOpen} onToggle={() => setIsToggled(!isOpen)} />
        </div>
        <StepChips step={step} />
        {isActive && <StepChecks runId={runId} step={step} />}
        <StepEvidence step={step} onCancel={onCancel} />
        {children}
        {body !== undefined && (
          <div className={classNames("mt-2 mb-1 ml-6 max-phone:ml-0 print:block", !isOpen && "hidden")}>{body}</div>
        )}
        {isActive && step.pending === undefined && (step.isCurrent || isOpen || asking !== undefined) && (
          <StepActions step={step} asking={asking} onAsk={setAsking} onTick={handleTick} {...rest} />
        )}
      </div>
    </article>
  );
}

/** Nobody settled what a rule ruled out. */
function SettledAt({ step: { isSettled, state } }: { step: ShownStep }) {
  return isSettled && state.at !== "" && state.because === undefined ? <ClockTime at={state.at} /> : null;
}

type UnfoldButtonProps = { id: string; hasBody: boolean; isOpen: boolean; onToggle: () => void };

function UnfoldButton({ id, hasBody, isOpen, onToggle }: UnfoldButtonProps) {
  if (!hasBody) return <span aria-hidden className="w-9 max-phone:hidden" />;
  return (
    <button
      type="button"
      data-unfold
      aria-expanded={isOpen}
      aria-label={`${isOpen ? "less" : "more"} of step ${id}`}
      onClick={onToggle}
      className="no-print w-9 rounded-sm text-right text-sm text-ink-3 hover:text-ink touch:min-h-11 touch:w-11"
    >
      {isOpen ? "less" : "more"}
    </button>
  );
}

type TickBoxProps = { step: ShownStep; title: string; isDisabled: boolean; onTick: () => void };

function TickBox({ step, title, isDisabled, onTick }: TickBoxProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: the glyphs have five states, an input has two
    <button
      type="button"
      role="checkbox"
      data-tick
      data-current={step.isCurrent || undefined}
      aria-checked={step.state.status === "skipped" || step.shown === "pending" ? "mixed" : step.isSettled}
      aria-label={`Step ${step.id}: ${title}`}
      aria-disabled={isDisabled}
      onClick={isDisabled ? undefined : onTick}
      className="relative z-1 flex size-6 items-center justify-center self-start rounded-sm bg-transparent hover:bg-sunken aria-disabled:cursor-default max-phone:-mt-2.5 max-phone:-ml-2 max-phone:size-11"
    >
      <StepGlyph status={step.shown} />
    </button>
  );
}

function StepState({ step: { shown, state } }: { step: ShownStep }) {
  return (
    <span className="inline-flex w-44 shrink-0 items-center gap-1.5 text-sm whitespace-nowrap text-ink-2 max-phone:ml-6 max-phone:w-auto">
      <span className={classNames("min-w-[58px]", STATUS_TONES[shown])}>{STATUS_WORDS[shown]}</span>
      {state.by !== "" && state.status !== "todo" && state.because === undefined && (
        <>
          <Avatar name={toShownName(state.by)} />
          <span className="truncate">{toShownName(state.by)}</span>
        </>
      )}
    </span>
  );
}
