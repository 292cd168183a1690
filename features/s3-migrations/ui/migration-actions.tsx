"use client";

import { OctagonX, Pause, Play, RotateCcw } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { useShortcuts } from "@/components/hooks/use-shortcuts";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { Kbd } from "@/components/ui/kbd";
import { formatCount } from "@/lib/format";
import { routes } from "@/lib/routes";
import type { S3Command, S3MigrationSnapshot } from "../contract";
import { evidenceParts } from "../domain/evidence";
import { StartButton } from "./start-button";

type Send = (input: Pick<S3Command, "verb" | "only" | "planHash">) => void;
type ActionsProps = { snapshot: S3MigrationSnapshot; isSending: boolean; onCommand: Send };

/** Exactly the commands that mean something now; `p` pauses and resumes. */
export function MigrationActions({ snapshot, isSending, onCommand }: ActionsProps) {
  const can = (verb: S3Command["verb"]) => snapshot.allowedVerbs.includes(verb);
  const toggle = can("pause") ? "pause" : can("resume") ? "resume" : undefined;
  useShortcuts({
    p: () => {
      if (toggle !== undefined && !isSending) onCommand({ verb: toggle });
    },
  });
  const problems = evidenceParts(snapshot).find(({ kind }) => kind === "decide")?.objects ?? 0;
  return (
    <>
      <Elsewhere snapshot={snapshot} />
      {can("cancel") && snapshot.desiredState !== "cancelled" && (
        <CancelButton isSending={isSending} onCommand={onCommand} words={cancelWords(snapshot)} />
      )}
      {can("retry_failed") && problems > 0 && (
        <Button
          disabled={isSending}
          icon={<RotateCcw aria-hidden />}
          onClick={() => onCommand({ verb: "retry_failed" })}
        >
          Retry all {formatCount(problems)}
        </Button>
      )}
      {can("pause") && (
        <Button disabled={isSending} icon={<Pause aria-hidden />} onClick={() => onCommand({ verb: "pause" })}>
          Pause <Shortcut />
        </Button>
      )}
      {can("resume") && (
        <Button
          variant="primary"
          disabled={isSending}
          icon={<Play aria-hidden />}
          onClick={() => onCommand({ verb: "resume" })}
        >
          Resume <Shortcut />
        </Button>
      )}
      <StartButton snapshot={snapshot} isSending={isSending} onCommand={onCommand} />
    </>
  );
}

/** The pages and the part of this one that belong to the migration. */
function Elsewhere({ snapshot: { id, inventory, reported } }: { snapshot: S3MigrationSnapshot }) {
  if (reported !== null) return null;
  return (
    <>
      <Button asChild variant="ghost">
        <Link href={routes.s3Objects(id)}>Objects</Link>
      </Button>
      {inventory.sealedAt !== null && (
        <>
          <Button asChild variant="ghost">
            <Link href={routes.s3Plan(id)}>Plan</Link>
          </Button>
          <Button asChild variant="ghost">
            <a href="#report">Report</a>
          </Button>
        </>
      )}
    </>
  );
}

const Shortcut = () => (
  <span aria-hidden className="touch:hidden">
    <Kbd>p</Kbd>
  </span>
);

type CancelWords = { button: string; title: string; description: string; keep: string; confirm: string };

/** What cancelling does: to our own engine, to a job that hears of it, or to our looking at one that does not. */
function cancelWords({ reported }: S3MigrationSnapshot): CancelWords {
  if (reported?.grade === "ticks") {
    return {
      button: "Stop watching…",
      title: "Stop watching this task?",
      description:
        "The console looks at its table no more. The task itself goes on: the console only reads what it writes of itself, so pause or cancel it where it runs.",
      keep: "Keep watching",
      confirm: "Stop watching",
    };
  }
  const words = { button: "Cancel…", title: "Cancel this migration?", keep: "Keep it running" };
  const confirm = "Cancel the migration";
  if (reported !== null) {
    const description =
      "The job is told with its next heartbeat, and ends by itself. What it has reported stays. A cancelled migration cannot be resumed.";
    return { ...words, confirm, description };
  }
  const description =
    "Objects in flight are finished, nothing that has arrived is deleted, the source stays as it is. A cancelled migration cannot be resumed.";
  return { ...words, confirm, description };
}

type CancelProps = { isSending: boolean; onCommand: Send; words: CancelWords };

function CancelButton({ isSending, onCommand, words }: CancelProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Dialog
      open={isOpen}
      onOpenChange={setOpen}
      size="sm"
      trigger={
        <Button variant="danger" disabled={isSending} icon={<OctagonX aria-hidden />}>
          {words.button}
        </Button>
      }
      title={words.title}
      description={words.description}
      footer={
        <>
          <DialogClose asChild>
            <Button>{words.keep}</Button>
          </DialogClose>
          <Button
            variant="danger"
            onClick={() => {
              setOpen(false);
              onCommand({ verb: "cancel" });
            }}
          >
            {words.confirm}
          </Button>
        </>
      }
    />
  );
}
