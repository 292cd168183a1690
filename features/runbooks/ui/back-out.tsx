"use client";

import { Undo2 } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/input";
import { toShownName } from "@/lib/viewer-name";
import type { RunSnapshot } from "../contract";
import { StepReason } from "./step-reason";
import type { RunAction } from "./use-live-run";

/** Asks why, then leads back by the steps of the rollback. */
export function BackOutDialog({ onAct }: { onAct: (action: RunAction) => void }) {
  const [isOpen, setIsOpen] = useState(false);
  const [reason, setReason] = useState("");
  const handleBackOut = () => {
    setIsOpen(false);
    onAct({ type: "abort", text: reason });
  };
  return (
    <Dialog
      open={isOpen}
      onOpenChange={setIsOpen}
      size="sm"
      title="Back out of this run"
      description="The steps that take back what was done come next, the newest first. Steps that were not done are left out. Behind a point of no return a second person has to agree."
      trigger={<Button>Back out…</Button>}
      footer={
        <Button variant="danger" disabled={reason.trim() === ""} onClick={handleBackOut}>
          Back out
        </Button>
      }
    >
      <Field label="Why">
        <Textarea value={reason} onChange={(event) => setReason(event.target.value)} maxLength={4000} />
      </Field>
    </Dialog>
  );
}

type BackOutBannerProps = { snapshot: RunSnapshot; viewerName: string; onAct: (action: RunAction) => void };

/** Where the way back stands: waiting for consent, or which steps it has. */
export function BackOutBanner({ snapshot, viewerName, onAct }: BackOutBannerProps) {
  const [isRefusing, setIsRefusing] = useState(false);
  const { backOut, rollbackOrder } = snapshot;
  if (backOut === null) return null;
  const isWaiting = backOut.needsConsent && backOut.consentBy === null;
  return (
    <div role="status" className="mt-3 rounded-lg border border-warn bg-warn-soft px-3 py-2">
      <div className="flex flex-wrap items-center gap-2.5">
        <Undo2 className="size-4 text-warn" aria-hidden />
        <p className="min-w-0 grow basis-60">
          <b className="font-semibold">
            {toShownName(backOut.by)} {isWaiting ? "wants to back out" : "is backing out"}.
          </b>{" "}
          “{backOut.reason}” {tellWay(isWaiting, rollbackOrder)}
        </p>
        {isWaiting && backOut.by !== viewerName && (
          <>
            <Button size="sm" variant="primary" onClick={() => onAct({ type: "approve" })}>
              Agree
            </Button>
            <Button size="sm" onClick={() => setIsRefusing(true)}>
              Refuse…
            </Button>
          </>
        )}
        {!isRefusing && (
          <Button size="sm" variant="ghost" onClick={() => onAct({ type: "resume" })}>
            Go on instead
          </Button>
        )}
      </div>
      {isRefusing && (
        <StepReason
          kind="reject"
          onCancel={() => setIsRefusing(false)}
          onSave={(text) => {
            setIsRefusing(false);
            onAct({ type: "reject", text });
          }}
        />
      )}
    </div>
  );
}

function tellWay(isWaiting: boolean, order: readonly string[]): string {
  if (isWaiting) return "The run is behind its point of no return: a second person has to agree.";
  if (order.length === 0) return "Nothing was done that has to be taken back.";
  return `Follow ${order.length === 1 ? "step" : "steps"} ${order.join(", ")}, in this order.`;
}
