"use client";

import { Play } from "lucide-react";
import { Button } from "@/components/ui/button";
import type { S3Command, S3MigrationSnapshot } from "../contract";

type StartButtonProps = {
  snapshot: S3MigrationSnapshot;
  isSending: boolean;
  onCommand: (input: Pick<S3Command, "verb" | "planHash">) => void;
};

/** Starts what is on the screen, by the hash of its plan; nothing where a start means nothing. */
export function StartButton({ snapshot, isSending, onCommand }: StartButtonProps) {
  const { allowedVerbs, desiredState, planHash, options } = snapshot;
  if (!allowedVerbs.includes("start") || desiredState === "running") return null;
  return (
    <Button
      variant="primary"
      disabled={isSending || planHash === null}
      title={planHash === null ? "The source is still being listed" : undefined}
      icon={<Play aria-hidden />}
      onClick={() => onCommand({ verb: "start", planHash: planHash ?? undefined })}
    >
      {options.mode === "verify_only" ? "Start comparing" : "Start copying"}
    </Button>
  );
}
