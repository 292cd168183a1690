"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input, Textarea } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import type { Configure, S3MigrationSnapshot } from "../contract";
import { PRIORITIES } from "../domain/limits";
import { PRIORITY_WORDS } from "./limit-fields";
import { type SettingsDraft, toConfigure, toSettingsDraft } from "./settings-draft";

type Props = {
  options: S3MigrationSnapshot["options"];
  onClose: () => void;
  onSave: (configure: Configure, reason: string | undefined) => void;
};
type TextName = Exclude<keyof SettingsDraft, "priority">;
type TextField = { name: TextName; label: string; path: string; hint: string };

const FIELDS: TextField[] = [
  { name: "objectsPerSecond", label: "Objects per second", path: "limits.objectsPerSecond", hint: "Empty = no limit." },
  {
    name: "requestsPerSecond",
    label: "Requests per second",
    path: "limits.requestsPerSecond",
    hint: "Empty = no limit.",
  },
  {
    name: "bytesPerSecond",
    label: "Bytes per second",
    path: "limits.bytesPerSecond",
    hint: "Like 500k or 20M; empty = no limit.",
  },
  { name: "concurrency", label: "Objects in flight", path: "concurrency", hint: "Per worker at most, 1 to 256." },
  {
    name: "stopAtPercent",
    label: "Stop above, in %",
    path: "stopAtFailedShare",
    hint: "Failures among the last thousand.",
  },
];

/** Changes what may change while it runs. Sends only what is another than before. */
export function SettingsDialog({ options, onClose, onSave }: Props) {
  const [before] = useState(() => toSettingsDraft(options));
  const [draft, setDraft] = useState(before);
  const checked = toConfigure(draft, before);
  const problems = "problems" in checked ? checked.problems : undefined;
  const set = (name: keyof SettingsDraft) => (event: { target: { value: string } }) =>
    setDraft({ ...draft, [name]: event.target.value });
  const isSame = "configure" in checked && Object.keys(checked.configure).length === 0;
  const save = () => {
    if ("configure" in checked) onSave(checked.configure, draft.reason.trim() === "" ? undefined : draft.reason.trim());
  };
  return (
    <Dialog
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title="Limits and windows"
      description="They hold for all workers together, from the next second on."
      footer={
        <>
          <DialogClose asChild>
            <Button>Leave as it is</Button>
          </DialogClose>
          <Button variant="primary" disabled={isSame || problems !== undefined} onClick={save}>
            Change
          </Button>
        </>
      }
    >
      <div className="grid grid-cols-2 gap-3 max-phone:grid-cols-1">
        {FIELDS.map(({ name, label, path, hint }) => (
          <Field key={name} label={label} hint={hint} error={problems?.get(path)}>
            <Input value={draft[name]} onChange={set(name)} spellCheck={false} autoComplete="off" inputMode="decimal" />
          </Field>
        ))}
        <Field label="Priority" hint="Among migrations that run at the same time.">
          <Select value={draft.priority} onChange={set("priority")}>
            {PRIORITIES.map((name) => (
              <option key={name} value={name}>
                {PRIORITY_WORDS[name]}
              </option>
            ))}
          </Select>
        </Field>
        <Field
          label="Windows"
          hint="It runs only then, one a line, like mon-fri 22:00-06:00 Europe/Berlin. Empty = at any time."
          error={problems?.get("limits.windows")}
          className="col-span-full"
        >
          <Textarea rows={2} value={draft.windows} onChange={set("windows")} spellCheck={false} className="font-mono" />
        </Field>
        <Field label="Reason" hint="Kept with the change." className="col-span-full">
          <Input value={draft.reason} onChange={set("reason")} maxLength={500} />
        </Field>
      </div>
    </Dialog>
  );
}
