import { MessageSquare, Paperclip } from "lucide-react";
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
      {state.because !== undefined && <p className={LINE}>{state.text}</p>}
      {state.because === undefined && state.text !== "" && <Line>“{state.text}”</Line>}
      {state.evidence !== undefined && (
        <p className={LINE}>
          <Paperclip className="mt-0.5 size-3.5 shrink-0 text-ink-3" aria-hidden />
          <Evidence text={state.evidence} />
        </p>
      )}
      {state.approvedBy !== undefined && <p className={LINE}>Approved by {toShownName(state.approvedBy)}</p>}
      {state.lapsedAt !== undefined && (
        <p className={`${LINE} text-warn`} role="status">
          No longer true since <ClockTime at={state.lapsedAt} />
        </p>
      )}
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

const LINE = "mt-0.5 ml-6 flex gap-1.5 text-sm text-ink-2 max-phone:ml-0";

/** A link is one only where it is an address and nothing else. */
function Evidence({ text }: { text: string }) {
  if (!/^https?:\/\/\S+$/.test(text))
    return <span className="mono min-w-0 break-words whitespace-pre-wrap">{text}</span>;
  return (
    <a className="link min-w-0 break-all" href={text} rel="noreferrer nofollow" target="_blank">
      {text}
    </a>
  );
}

function Line({ children }: { children: React.ReactNode }) {
  return (
    <p className={LINE}>
      <MessageSquare className="mt-0.5 size-3.5 shrink-0 text-ink-3" aria-hidden />
      <span className="min-w-0 break-words whitespace-pre-wrap">{children}</span>
    </p>
  );
}
