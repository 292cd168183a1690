import { Button } from "@/components/ui/button";
import type { StepCounts } from "../domain/run-state";
import { nextActionOf } from "./next-action";
import type { ShownSteps } from "./shown-steps";
import type { RunAction } from "./use-live-run";

type RunDockProps = { counts: StepCounts; steps: ShownSteps; onAct: (action: RunAction) => void };

/** On a phone, above the bar: the one thing to do now. Elsewhere only when all is settled. */
export function RunDock({ counts, steps, onAct }: RunDockProps) {
  if (counts.total > 0 && counts.open === 0) {
    return (
      <div
        role="status"
        className="no-print mt-4 flex flex-wrap items-center gap-3 rounded-lg border border-l-[3px] border-line border-l-ok bg-surface px-3.5 py-2.5"
      >
        <p className="grow">
          <b className="font-semibold">All {counts.total} steps are settled.</b> Finish the run to close its log.
        </p>
        <Button variant="primary" onClick={() => onAct({ type: "finish" })}>
          Finish the run
        </Button>
      </div>
    );
  }
  const current = [...steps.values()].find(({ isCurrent }) => isCurrent);
  if (current === undefined) return null;
  return (
    <div className="no-print phone:hidden fixed inset-x-0 bottom-[calc(57px+env(safe-area-inset-bottom))] z-20 flex items-center gap-2 border-t border-line-strong bg-raised px-3.5 py-2">
      <a href={`#step-${current.id}`} className="min-w-0 grow truncate font-semibold">
        Next: step {current.id}
      </a>
      {nextActionOf(current) === "tick" ? (
        <Button variant="primary" onClick={() => onAct({ type: "tick", stepId: current.id })}>
          Done
        </Button>
      ) : (
        <Button asChild variant="primary">
          <a href={`#step-${current.id}`}>Show</a>
        </Button>
      )}
    </div>
  );
}
