"use client";

import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import type { S3Command, S3MigrationDetail, S3MigrationSnapshot } from "../contract";

type SendPhase = (input: Pick<S3Command, "verb" | "reason">) => void;
export type StepProps = {
  snapshot: S3MigrationSnapshot;
  passes: S3MigrationDetail["passes"];
  isSending: boolean;
  onCommand: SendPhase;
};

/** One thing for a person to do: what is so, and the buttons for it. */
export function Step({ title, children, actions }: { title: string; children: ReactNode; actions?: ReactNode }) {
  return (
    <Card aria-label="Next step" role="region" className="px-4 py-3">
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 grow basis-80">
          <h2 className="text-lg">{title}</h2>
          <div className="mt-0.5 grid gap-1 text-ink-2">{children}</div>
        </div>
        {actions !== undefined && <div className="flex flex-wrap gap-2">{actions}</div>}
      </div>
    </Card>
  );
}

/** Another look at the source, where one means something. */
export function ListAgain({ snapshot, isSending, onCommand }: StepProps) {
  if (!snapshot.allowedVerbs.includes("list_again")) return null;
  return (
    <Button disabled={isSending} onClick={() => onCommand({ verb: "list_again" })}>
      List again
    </Button>
  );
}
