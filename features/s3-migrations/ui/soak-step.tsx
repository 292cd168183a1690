"use client";

import { useNow } from "@/components/hooks/use-now";
import { RelativeTime } from "@/components/ui/relative-time";
import { formatBytes, formatCount } from "@/lib/format";
import { toShownName } from "@/lib/viewer-name";
import { AskButton } from "./ask-button";
import { clockText } from "./migration-words";
import { ListAgain, Step, type StepProps } from "./step";

/** While the application runs on the destination: how that goes, and the way to retiring the source. */
export function SoakStep(props: StepProps) {
  const nowMs = useNow();
  const { soak, retire } = props.snapshot;
  if (soak === null) return null;
  return (
    <Step
      title={soak.isOver ? "The soak is over. The source may be retired" : "The application runs on the destination"}
      actions={<SoakActions {...props} />}
    >
      <p>
        {soak.isOver ? (
          <>
            It ended <RelativeTime at={soak.until} />
          </>
        ) : (
          `It soaks until ${nowMs === undefined ? "its time is over" : clockText(soak.until, nowMs)}`
        )}
        . {formatCount(soak.checked)} copies were read again, {formatCount(soak.wrong)}{" "}
        {soak.wrong === 1 ? "was" : "were"} not as they should be.
      </p>
      {retire !== null && (
        <p>
          {toShownName(retire.askedBy)} asked to delete the source <RelativeTime at={retire.askedAt} />. Somebody else
          has to approve it.
        </p>
      )}
      <p className="text-sm text-ink-3">
        The source stays until two people want it gone. Cancelling leaves both sides.
      </p>
    </Step>
  );
}

function SoakActions(props: StepProps) {
  const { snapshot, isSending, onCommand } = props;
  const can = (verb: "end_soak" | "ask_retire" | "approve_retire") => snapshot.allowedVerbs.includes(verb);
  const what = `${formatCount(snapshot.counts.verified)} objects, ${formatBytes(snapshot.bytes.present)}`;
  return (
    <>
      <ListAgain {...props} />
      {can("end_soak") && (
        <AskButton
          label="End the soak early…"
          title="End the soak before its time?"
          description="The source can be retired from then on. Nothing is deleted by this."
          confirm="End the soak"
          isQuiet
          isSending={isSending}
          isReasonNeeded
          onConfirm={(reason) => onCommand({ verb: "end_soak", reason })}
        />
      )}
      {can("ask_retire") && (
        <AskButton
          label="Ask to retire the source…"
          title={`Ask to delete ${what} at the source?`}
          description="Nothing is deleted before somebody else approves it."
          confirm="Ask for approval"
          isSending={isSending}
          onConfirm={(reason) => onCommand({ verb: "ask_retire", reason })}
        />
      )}
      {can("approve_retire") && (
        <AskButton
          label="Approve deleting the source…"
          title={`Delete ${what} at the source?`}
          description="Each object is asked for at the destination first, and left alone when it changed. It stops at the first surprise. What is deleted cannot be brought back from here."
          confirm="Delete at the source"
          variant="danger"
          isSending={isSending}
          onConfirm={(reason) => onCommand({ verb: "approve_retire", reason })}
        />
      )}
    </>
  );
}
