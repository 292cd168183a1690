import { MessageSquare } from "lucide-react";
import { Button } from "@/components/ui/button";
import { toShownName } from "@/lib/viewer-name";
import { ClockTime } from "./clock-time";
import type { ShownStep } from "./shown-steps";

type StepEvidenceProps = { step: ShownStep; onCancel: (idempotencyKey: string) => void };

/** Under a step: the reason it was skipped, the notes, and what this browser still has to send. */
export function StepEvidence({ step, onCancel }: StepEvidenceProps) {
  const { state, notes, pending } = step;
  return (
    <>
      {state.text !== "" && <Line>“{state.text}”</Line>}
      {notes.map((note) => (
        <Line key={note.sequence}>
          “{note.text}” <span className="text-ink-3">{toShownName(note.actor)}, </span>
          <ClockTime at={note.at} className="text-ink-3" />
        </Line>
      ))}
      {pending !== undefined && pending.acknowledged === undefined && (
        <p className="mt-0.5 ml-6 flex flex-wrap items-center gap-2 text-sm text-warn max-phone:ml-0">
          Not acknowledged yet; nobody else sees it.
          {!pending.isSent && (
            <Button size="sm" variant="ghost" onClick={() => onCancel(pending.event.idempotencyKey)}>
              Take it back
            </Button>
          )}
        </p>
      )}
    </>
  );
}

function Line({ children }: { children: React.ReactNode }) {
  return (
    <p className="mt-0.5 ml-6 flex gap-1.5 text-sm text-ink-2 max-phone:ml-0">
      <MessageSquare className="mt-0.5 size-3.5 shrink-0 text-ink-3" aria-hidden />
      <span className="min-w-0 break-words whitespace-pre-wrap">{children}</span>
    </p>
  );
}
