"use client";

import { OctagonX } from "lucide-react";
import { Button } from "@/components/ui/button";
import type { Refusal } from "./run-outbox";

type RunRefusalsProps = { refusals: readonly Refusal[]; onDismiss: (refusal: Refusal) => void };

/** What the console did not take, and why. */
export function RunRefusals({ refusals, onDismiss }: RunRefusalsProps) {
  return refusals.map((refusal) => (
    <div
      key={`${refusal.stepId}-${refusal.type}-${refusal.detail}`}
      role="alert"
      className="mt-2 flex items-center gap-2 rounded-md bg-bad-soft px-2.5 py-1.5 text-sm text-bad"
    >
      <OctagonX className="size-3.5 shrink-0" aria-hidden />
      <p className="grow">Not taken: {refusal.detail.replace(/\d{4}-\d\d-\d\dT(\d\d:\d\d:\d\d)[.\d]*Z/, "$1 UTC")}</p>
      <Button size="sm" variant="ghost" onClick={() => onDismiss(refusal)}>
        Understood
      </Button>
    </div>
  ));
}
