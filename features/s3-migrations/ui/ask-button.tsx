"use client";

import { type ReactNode, useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";

type AskButtonProps = {
  label: string;
  title: string;
  /** What it will do, and what it will not. */
  description: ReactNode;
  /** The button that does it. */
  confirm: string;
  variant?: "primary" | "danger";
  /** Not what most people should do now: the button that opens it stands back. */
  isQuiet?: boolean;
  isSending: boolean;
  /** Whether it may be done without saying why. */
  isReasonNeeded?: boolean;
  onConfirm: (reason: string | undefined) => void;
};

/** A button that asks before it acts, and takes a reason that is kept with the command. */
export function AskButton({
  label,
  title,
  description,
  confirm,
  variant = "primary",
  isQuiet = false,
  isSending,
  isReasonNeeded = false,
  onConfirm,
}: AskButtonProps) {
  const [isOpen, setOpen] = useState(false);
  const [reason, setReason] = useState("");
  const given = reason.trim();
  return (
    <Dialog
      open={isOpen}
      onOpenChange={setOpen}
      size="sm"
      title={title}
      description={description}
      trigger={
        <Button {...(isQuiet ? {} : { variant })} disabled={isSending}>
          {label}
        </Button>
      }
      footer={
        <>
          <DialogClose asChild>
            <Button>Leave it</Button>
          </DialogClose>
          <Button
            variant={variant}
            disabled={isReasonNeeded && given === ""}
            onClick={() => {
              setOpen(false);
              onConfirm(given === "" ? undefined : given);
            }}
          >
            {confirm}
          </Button>
        </>
      }
    >
      <Field label={isReasonNeeded ? "Reason" : "Reason (may be left out)"} hint="Kept with the command.">
        <Input value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
      </Field>
    </Dialog>
  );
}
