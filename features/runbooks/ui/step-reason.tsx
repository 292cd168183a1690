"use client";

import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/input";

const WORDS = {
  skip: { label: "Why is this step skipped?", save: "Skip the step" },
  note: { label: "Note", save: "Save the note" },
  fail: { label: "What failed?", save: "Report the failure" },
  na: { label: "Why does this step not apply?", save: "Does not apply" },
  override: { label: "Why go on although the check does not say so?", save: "Override the check" },
  reject: { label: "Why is it refused?", save: "Refuse" },
};
export type ReasonKind = keyof typeof WORDS;

type StepReasonProps = { kind: ReasonKind; onSave: (text: string) => void; onCancel: () => void };

/** Asks for the words that go with an action, in place. */
export function StepReason({ kind, onSave, onCancel }: StepReasonProps) {
  const [text, setText] = useState("");
  const { label, save } = WORDS[kind];
  const handleSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() !== "") onSave(text.trim());
  };
  return (
    <form onSubmit={handleSubmit} className="no-print mt-2 ml-6 grid max-w-[560px] gap-2 max-phone:ml-0">
      <Field label={label}>
        <Textarea
          value={text}
          onChange={(event) => setText(event.target.value)}
          maxLength={4000}
          rows={2}
          autoFocus
          className="min-h-14"
        />
      </Field>
      <div className="flex gap-1.5">
        <Button type="submit" size="sm" variant="primary" disabled={text.trim() === ""}>
          {save}
        </Button>
        <Button size="sm" variant="ghost" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
