"use client";

import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { PRIORITIES, type Priority } from "../domain/limits";
import { DraftField, type FormProps } from "./draft-field";

export const PRIORITY_WORDS: Record<Priority, string> = { high: "High", normal: "Normal", low: "Low" };

/** What the migration may use, when, and before whom. */
export function LimitFields(props: FormProps) {
  return (
    <>
      <DraftField
        {...props}
        name="maxObjectsPerSecond"
        path="options.limits.objectsPerSecond"
        label="Objects per second"
        hint="Over all workers; empty = no limit."
      />
      <DraftField
        {...props}
        name="requestsPerSecond"
        path="options.limits.requestsPerSecond"
        label="Requests per second"
        hint="To both stores, over all workers; empty = no limit."
      />
      <DraftField
        {...props}
        name="bytesPerSecond"
        path="options.limits.bytesPerSecond"
        label="Bytes per second"
        hint="Like 500k or 20M, over all workers; empty = no limit."
      />
      <DraftField
        {...props}
        name="windows"
        path="options.limits.windows"
        label="Windows"
        placeholder="mon-fri 22:00-06:00 Europe/Berlin"
        hint="It runs only then, one window a line; empty = at any time."
        type="area"
      />
      <Field label="Priority" hint="Among migrations that run at the same time.">
        <Select
          value={props.draft.priority}
          onChange={(event) =>
            props.onChange({ priority: PRIORITIES.find((name) => name === event.target.value) ?? "normal" })
          }
        >
          {PRIORITIES.map((name) => (
            <option key={name} value={name}>
              {PRIORITY_WORDS[name]}
            </option>
          ))}
        </Select>
      </Field>
    </>
  );
}
