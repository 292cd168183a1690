"use client";

import { Field } from "@/components/ui/field";
import { Input, Textarea } from "@/components/ui/input";
import type { Draft } from "./migration-draft";

export type FormProps = {
  draft: Draft;
  problems: ReadonlyMap<string, string>;
  onChange: (change: Partial<Draft>) => void;
};

type TextKey = {
  [K in keyof Draft]: Draft[K] extends string ? (string extends Draft[K] ? K : never) : never;
}[keyof Draft];

type DraftFieldProps = FormProps & {
  name: TextKey;
  label: string;
  /** The field's name in the request, where its problem stands. */
  path: string;
  hint?: string;
  placeholder?: string;
  isMono?: boolean;
  type?: "text" | "datetime-local" | "area";
};

/** One text of the draft with its label, hint and problem. */
export function DraftField(props: DraftFieldProps) {
  const { draft, problems, onChange, name, label, path, hint, placeholder, isMono = true, type = "text" } = props;
  const shared = {
    value: draft[name],
    onChange: (event: { target: { value: string } }) => onChange({ [name]: event.target.value }),
    placeholder,
    spellCheck: false,
    autoComplete: "off",
    className: isMono ? "font-mono" : "",
  };
  return (
    <Field label={label} hint={hint} error={problemAt(problems, path)}>
      {type === "area" ? <Textarea rows={2} {...shared} /> : <Input type={type} {...shared} />}
    </Field>
  );
}

/** The problem of a field, or of the first thing within it (a line of a list of patterns). */
function problemAt(problems: ReadonlyMap<string, string>, path: string): string | undefined {
  const within = [...problems].find(([field]) => field === path || field.startsWith(`${path}.`));
  return within?.[1];
}
