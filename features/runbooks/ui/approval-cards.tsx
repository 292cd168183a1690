import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { RelativeTime } from "@/components/ui/relative-time";
import { toShownName } from "@/lib/viewer-name";
import type { ShownSteps, StepPart } from "./shown-steps";
import type { RunAction } from "./use-live-run";

type ApprovalCardsProps = {
  steps: ShownSteps;
  parts: readonly StepPart[];
  viewerName: string;
  onAct: (action: RunAction) => void;
};

/** Your turn first: what somebody else asks this reader to approve, with what was given as evidence. */
export function ApprovalCards({ steps, parts, viewerName, onAct }: ApprovalCardsProps) {
  return parts.map(({ id, title, rules }) => {
    const step = steps.get(id);
    if (step?.shown !== "asked" || step.state.by === viewerName) return null;
    return (
      <Card key={id} className="border-t-[3px] border-t-warn px-3.5 py-3">
        <p className="flex items-baseline justify-between gap-2">
          <b className="font-semibold">{toShownName(step.state.by)} asks for approval</b>
          <RelativeTime at={step.state.at} className="text-sm text-ink-3" />
        </p>
        <p className="text-ink-2">
          Step {id}: {title}
          {rules.approve !== undefined && `. As ${rules.approve}.`}
        </p>
        {step.state.evidence !== undefined && (
          <p className="mono mt-1 line-clamp-4 text-sm break-words">{step.state.evidence}</p>
        )}
        <div className="mt-2 flex items-center gap-2">
          <Button variant="primary" className="grow" onClick={() => onAct({ type: "approve", stepId: id })}>
            Approve
          </Button>
          <a className="link text-sm" href={`#step-${id}`}>
            Step {id}
          </a>
        </div>
      </Card>
    );
  });
}
