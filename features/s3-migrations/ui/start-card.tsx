"use client";

import Link from "next/link";
import { useState } from "react";
import { Card, CardBody } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { routes } from "@/lib/routes";
import { DraftField, type FormProps } from "./draft-field";
import { PRESETS } from "./presets";

/** What the migration is called, and a usual move to begin with. */
export function StartCard(props: FormProps) {
  const [presetId, setPresetId] = useState("");
  const preset = PRESETS.find(({ id }) => id === presetId);
  const choose = (id: string) => {
    setPresetId(id);
    const chosen = PRESETS.find((candidate) => candidate.id === id);
    if (chosen !== undefined) props.onChange(chosen.draft);
  };
  return (
    <Card aria-label="What">
      <CardBody className="grid gap-3 pt-3.5">
        <DraftField
          {...props}
          name="name"
          path="name"
          label="Name"
          placeholder="Project preview images to S3"
          isMono={false}
        />
        <Field
          label="Preset"
          hint={preset === undefined ? "Fills in source, objects and filters for a usual move." : undefined}
        >
          <Select value={presetId} onChange={(event) => choose(event.target.value)}>
            <option value="">None</option>
            {PRESETS.map(({ id, label }) => (
              <option key={id} value={id}>
                {label}
              </option>
            ))}
          </Select>
        </Field>
        {preset !== undefined && (
          <p className="text-sm text-ink-2">
            Follow the runbook{" "}
            <Link className="link" href={routes.runbooks({ q: preset.runbook })}>
              {preset.runbook}
            </Link>
            : it says what comes before and after, and how references move.
          </p>
        )}
      </CardBody>
    </Card>
  );
}
