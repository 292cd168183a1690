"use client";

import { useState } from "react";
import { useNow } from "@/components/hooks/use-now";
import { Button } from "@/components/ui/button";
import { needsProof, nextActionOf } from "./next-action";
import type { ShownStep } from "./shown-steps";
import { StepProof } from "./step-proof";
import { type ReasonKind, StepReason } from "./step-reason";
import type { RunAction } from "./use-live-run";

/** What is being asked for in place: words for an action, or what proves the step. */
export type Asking = ReasonKind | "prove";

type StepActionsProps = {
  step: ShownStep;
  asking: Asking | undefined;
  onAsk: (asking: Asking | undefined) => void;
  params: Record<string, string>;
  viewerName: string;
  onTick: () => void;
  onAct: (action: RunAction) => void;
};

/** What can be done about a step now; what is refused at any rate is not offered. */
export function StepActions({ asking, onAsk, ...props }: StepActionsProps) {
  const { step, params, onAct } = props;
  const send = (action: Omit<RunAction, "stepId">) => {
    onAsk(undefined);
    onAct({ ...action, stepId: step.id });
  };
  if (asking === "prove") {
    const type = step.rules.approve === undefined ? "tick" : "ask";
    return (
      <StepProof
        rules={step.rules}
        params={params}
        onCancel={() => onAsk(undefined)}
        onSave={(proof) => send({ type, ...proof })}
      />
    );
  }
  if (asking !== undefined) {
    return (
      <StepReason kind={asking} onCancel={() => onAsk(undefined)} onSave={(text) => send({ type: asking, text })} />
    );
  }
  return (
    <div className="no-print mt-2 ml-6 flex flex-wrap items-center gap-1.5 max-phone:ml-0">
      {step.isSettled ? <SettledActions {...props} /> : <OpenActions {...props} onAsk={onAsk} send={send} />}
      <Button size="sm" variant="ghost" onClick={() => onAsk("note")}>
        Add a note…
      </Button>
    </div>
  );
}

type Props = Omit<StepActionsProps, "asking" | "onAsk">;

function SettledActions({ step, onTick }: Props) {
  if (step.state.because !== undefined) return null;
  return (
    <Button size="sm" onClick={onTick}>
      Undo
    </Button>
  );
}

type OpenProps = Props & { onAsk: (asking: Asking) => void; send: (action: Omit<RunAction, "stepId">) => void };

function OpenActions({ step, viewerName, onTick, onAsk, send }: OpenProps) {
  const [isMore, setIsMore] = useState(false);
  const { rules, state } = step;
  if (state.awaits === "approval" && state.status === "waiting") {
    const isOwn = state.by === viewerName;
    return (
      <>
        {isOwn ? (
          <span className="text-sm text-ink-2">
            Waits for a second person{rules.approve === undefined ? "" : `, the ${rules.approve}`}.
          </span>
        ) : (
          <>
            <Button size="sm" variant="primary" onClick={() => send({ type: "approve" })}>
              Approve
            </Button>
            <Button size="sm" onClick={() => onAsk("reject")}>
              Refuse…
            </Button>
          </>
        )}
        <Button size="sm" variant="ghost" onClick={() => send({ type: "untick" })}>
          Take it back
        </Button>
      </>
    );
  }
  return (
    <>
      <MainAction step={step} onTick={onTick} />
      {rules.skip !== "never" && (
        <Button size="sm" onClick={() => (canSkipSilently(step) ? send({ type: "skip" }) : onAsk("skip"))}>
          {canSkipSilently(step) ? "Skip" : "Skip…"}
        </Button>
      )}
      {isMore ? (
        <MoreActions step={step} onAsk={onAsk} send={send} />
      ) : (
        <Button
          size="sm"
          variant="ghost"
          aria-expanded={false}
          aria-label={`More for step ${step.id}`}
          onClick={() => setIsMore(true)}
        >
          More…
        </Button>
      )}
    </>
  );
}

const canSkipSilently = ({ rules }: ShownStep) =>
  rules.skip === "free" || (rules.isOptional === true && rules.skip === undefined);

function MainAction({ step, onTick }: { step: ShownStep; onTick: () => void }) {
  const nowMs = useNow();
  const next = nextActionOf(step);
  const { until } = step.state;
  const isEarly = until !== undefined && nowMs !== undefined && nowMs < Date.parse(until);
  if (next === "choose-below") return <span className="text-sm text-ink-2">Choose one of the branches below.</span>;
  const words = {
    tick: "Done",
    prove: step.rules.approve === undefined ? "Done…" : "Ask for approval…",
    ask: needsProof(step.rules) ? "Ask for approval…" : "Ask for approval",
    begin: "Begin",
    choose: "Choose this",
    answer: "",
    none: "",
  }[next];
  return (
    <Button size="sm" variant={step.isCurrent ? "primary" : "secondary"} disabled={isEarly} onClick={onTick}>
      {words}
    </Button>
  );
}

function MoreActions({ step, onAsk, send }: Pick<OpenProps, "step" | "onAsk" | "send">) {
  const { rules, state, checks } = step;
  const canBegin = state.status === "todo" || state.status === "failed";
  return (
    <>
      {canBegin && rules.waitMs === undefined && (
        <Button size="sm" variant="ghost" onClick={() => send({ type: "begin" })}>
          Begin
        </Button>
      )}
      {state.status !== "failed" && (
        <Button size="sm" variant="ghost" onClick={() => onAsk("fail")}>
          Failed…
        </Button>
      )}
      {rules.skip !== "never" && rules.approve === undefined && (
        <Button size="sm" variant="ghost" onClick={() => onAsk("na")}>
          Does not apply…
        </Button>
      )}
      {checks.length > 0 && rules.approve === undefined && (
        <Button size="sm" variant="ghost" onClick={() => onAsk("override")}>
          Override the check…
        </Button>
      )}
    </>
  );
}
