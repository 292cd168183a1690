"use client";

import { Card, CardBody } from "@/components/ui/card";
import { classNames } from "@/components/ui/class-names";
import type { Draft } from "./migration-draft";

export type WizardMode = Draft["mode"];

const MODES: readonly { mode: WizardMode; name: string; means: string; writes: string }[] = [
  {
    mode: "copy",
    name: "Copy and prove",
    means: "The console copies every object and proves it by checksum.",
    writes: "Writes new keys at the destination, overwrites none.",
  },
  {
    mode: "verify_only",
    name: "Prove only",
    means: "Another tool has copied. Both sides are listed and compared.",
    writes: "Writes nothing. What is missing can be copied afterwards.",
  },
  {
    mode: "reported",
    name: "Reported by a job",
    means: "A job of yours moves the files and tells what it does.",
    writes: "The console shows its word, and proves nothing.",
  },
];

/** Who copies, and what is proven: the first choice, with what each one means. */
export function ModeCard({ mode, onChange }: { mode: WizardMode; onChange: (mode: WizardMode) => void }) {
  return (
    <Card aria-labelledby="mode" className="mb-3">
      <CardBody className="pt-3">
        <fieldset>
          <legend id="mode" className="mb-2 text-md font-semibold">
            Who copies?
          </legend>
          <div className="grid grid-cols-3 gap-2.5 max-phone:grid-cols-1">
            {MODES.map(({ mode: value, name, means, writes }) => (
              <label
                key={value}
                className={classNames(
                  "grid cursor-pointer grid-cols-[18px_minmax(0,1fr)] gap-x-2 rounded-md border px-3 py-2.5 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent",
                  value === mode ? "border-accent bg-accent-soft" : "border-line-strong hover:bg-sunken",
                )}
              >
                <input
                  type="radio"
                  name="mode"
                  value={value}
                  checked={value === mode}
                  onChange={() => onChange(value)}
                  className="mt-0.5 size-4 accent-accent"
                />
                <span className="min-w-0">
                  <b className="block font-semibold">{name}</b>
                  <span className="block text-ink-2">{means}</span>
                  <span className="mt-0.5 block text-sm text-ink-3">{writes}</span>
                </span>
              </label>
            ))}
          </div>
        </fieldset>
      </CardBody>
    </Card>
  );
}
