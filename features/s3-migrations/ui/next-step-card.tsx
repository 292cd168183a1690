"use client";

import { Button } from "@/components/ui/button";
import { formatCount } from "@/lib/format";
import { AskButton } from "./ask-button";
import { CutoverChecks, isLookClean } from "./cutover-checks";
import { SoakStep } from "./soak-step";
import { ListAgain, Step, type StepProps } from "./step";

/** What a person does next, where the engine waits for one: accept, repair, cut over, soak, retire. Else nothing. */
export function NextStepCard(props: StepProps) {
  const { state, phase, shrink, allowedVerbs } = props.snapshot;
  if (shrink !== null && allowedVerbs.includes("accept_shrink")) return <ShrinkStep {...props} />;
  if (allowedVerbs.includes("repair")) return <RepairStep {...props} />;
  if (state === "verified") return <VerifiedStep {...props} />;
  if (state === "cutover") return <CutoverStep {...props} />;
  if (state === "soaking") return <SoakStep {...props} />;
  if (phase === "retire") return <RetireStep {...props} />;
  return null;
}

function ShrinkStep({ snapshot, passes, isSending, onCommand }: StepProps) {
  const listed = snapshot.shrink?.listed ?? 0;
  const last = passes.at(-1)?.listed ?? 0;
  return (
    <Step
      title="The source lists much less than before"
      actions={
        <>
          <Button disabled={isSending} onClick={() => onCommand({ verb: "resume" })}>
            List again
          </Button>
          <AskButton
            label={`Accept ${formatCount(listed)}…`}
            title={`Take ${formatCount(listed)} objects as all there are?`}
            description={`The last look found ${formatCount(last)}. What is no longer listed is recorded as without a source; copies at the destination stay.`}
            confirm="Accept the shorter listing"
            isSending={isSending}
            isReasonNeeded
            onConfirm={(reason) => onCommand({ verb: "accept_shrink", reason })}
          />
        </>
      }
    >
      <p>
        {formatCount(listed)} objects now, {formatCount(last)} the last time. Nothing was recorded: a listing that comes
        back too short is more often a fault than a wish.
      </p>
    </Step>
  );
}

function RepairStep({ snapshot, isSending, onCommand }: StepProps) {
  const missing = snapshot.counts.missing_destination;
  const objects = `${formatCount(missing)} ${missing === 1 ? "object" : "objects"}`;
  return (
    <Step
      title={`${objects} ${missing === 1 ? "is" : "are"} missing at the destination`}
      actions={
        <AskButton
          label={`Copy the ${formatCount(missing)} missing…`}
          title={`Copy ${objects} to the destination?`}
          description="Only what is missing is written. What is there already, also where it differs, is left as it is."
          confirm="Copy what is missing"
          isSending={isSending}
          onConfirm={(reason) => onCommand({ verb: "repair", reason })}
        />
      }
    >
      <p>So far nothing was written: both sides were only read and compared.</p>
    </Step>
  );
}

function VerifiedStep(props: StepProps) {
  const { isSending, onCommand } = props;
  return (
    <Step
      title="Everything is proven. The application may move over"
      actions={
        <>
          <ListAgain {...props} />
          <Button variant="primary" disabled={isSending} onClick={() => onCommand({ verb: "begin_cutover" })}>
            Begin the cutover
          </Button>
        </>
      }
    >
      <p>The source is as it was. Nothing more happens by itself.</p>
    </Step>
  );
}

function CutoverStep(props: StepProps) {
  const { snapshot, isSending, onCommand } = props;
  const isClean = isLookClean(snapshot);
  const days = snapshot.options.soakDays;
  return (
    <Step
      title="Switch the application to the destination, then say so"
      actions={
        <>
          <ListAgain {...props} />
          <AskButton
            label="Confirm the cutover…"
            title="Does the application read and write the destination now?"
            description={`From now on it soaks for ${formatCount(days)} ${days === 1 ? "day" : "days"}: copies are read again, the source stays. Cancelling leaves both sides as they are.`}
            confirm="It does, begin the soak"
            isSending={isSending}
            isReasonNeeded={!isClean}
            onConfirm={(reason) => onCommand({ verb: "confirm_cutover", reason })}
          />
        </>
      }
    >
      <CutoverChecks {...props} />
    </Step>
  );
}

function RetireStep({ snapshot }: StepProps) {
  const { counts, destination, state, id } = snapshot;
  const left = counts.verified;
  const place = destination.kind === "s3" ? `s3://${destination.bucket}/${destination.prefix}` : "";
  const manifest = `${place}.ops-console/${id}/tombstones/`;
  return (
    <Step
      title={
        state === "retired"
          ? `${formatCount(counts.retired)} objects are gone from the source`
          : `${formatCount(counts.retired)} deleted at the source, ${formatCount(left)} to go`
      }
    >
      <p>
        Each one was asked for at the destination a moment before. What was deleted is listed in{" "}
        <span className="mono break-all">{manifest}</span>
      </p>
    </Step>
  );
}
