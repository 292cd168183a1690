"use client";

import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input, Textarea } from "@/components/ui/input";
import type { StepRules } from "../domain/annotations/step-rules";

const EVIDENCE = {
  note: { label: "What did you see?", hint: "Kept with the step." },
  link: { label: "Link to the evidence", hint: "Begins with https://." },
  file: { label: "Where is the file kept?", hint: "A path or a link; the file itself stays there." },
  output: { label: "What did the command say?", hint: "Paste it; leave secrets out." },
};

type Proof = { text: string; evidence?: string; confirm?: string };
type StepProofProps = {
  rules: StepRules;
  params: Record<string, string>;
  onSave: (proof: Proof) => void;
  onCancel: () => void;
};

/** What the author asks for before the step is settled: evidence, a word to type, a decision in words. */
export function StepProof({ rules, params, onSave, onCancel }: StepProofProps) {
  const [evidence, setEvidence] = useState("");
  const [confirm, setConfirm] = useState("");
  const [text, setText] = useState("");
  const wanted = rules.confirm?.startsWith("param:") ? params[rules.confirm.slice(6)] : rules.confirm;
  const isReady =
    (rules.evidence === undefined || evidence.trim() !== "") &&
    (rules.confirm === undefined || (wanted !== undefined && confirm === wanted)) &&
    (rules.mustDecide !== true || text.trim() !== "");
  const handleSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (!isReady) return;
    onSave({
      text: text.trim(),
      ...(rules.evidence === undefined ? {} : { evidence: evidence.trim() }),
      ...(rules.confirm === undefined ? {} : { confirm }),
    });
  };
  const area = { maxLength: 4000, rows: 2, className: "min-h-14" };
  return (
    <form onSubmit={handleSubmit} className="no-print mt-2 ml-6 grid max-w-[560px] gap-2 max-phone:ml-0">
      {rules.evidence !== undefined && (
        <Field label={EVIDENCE[rules.evidence].label} hint={EVIDENCE[rules.evidence].hint}>
          <Textarea {...area} autoFocus value={evidence} onChange={(event) => setEvidence(event.target.value)} />
        </Field>
      )}
      {rules.confirm !== undefined && (
        <Field label={wanted === undefined ? "This run has no value to confirm with" : `Type ${wanted} to confirm`}>
          <Input
            value={confirm}
            onChange={(event) => setConfirm(event.target.value)}
            autoComplete="off"
            spellCheck={false}
          />
        </Field>
      )}
      {rules.mustDecide === true && (
        <Field
          label="Why is this done?"
          hint="The rules of this step could not be read, so it takes a decision in words."
        >
          <Textarea {...area} value={text} onChange={(event) => setText(event.target.value)} />
        </Field>
      )}
      <div className="flex gap-1.5">
        <Button type="submit" size="sm" variant="primary" disabled={!isReady}>
          {rules.approve === undefined ? "Done" : "Ask for approval"}
        </Button>
        <Button size="sm" variant="ghost" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
