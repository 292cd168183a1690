"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Segmented } from "@/components/ui/segmented";
import { formatCount } from "@/lib/format";
import type { S3MigrationSnapshot } from "../../contract";
import { fieldProblems } from "../../domain/field-problems";
import { type References, referencesSchema } from "../../domain/reference-sql";
import { ReferenceSql } from "./reference-sql";

type Kind = References["kind"];
type FieldText = { name: string; label: string; hint: string; placeholder: string };

const KINDS: Record<Kind, { label: string; does: string; fields: readonly FieldText[] }> = {
  attach: {
    label: "Attach",
    does: "Adds Active Storage blobs and attachments for files of CarrierWave or Paperclip.",
    fields: [
      {
        name: "from",
        label: "Directories",
        hint: "Of one attachment, below the store directory.",
        placeholder: "project/image_preview",
      },
      { name: "recordType", label: "Record class", hint: "As record_type has it.", placeholder: "Project" },
      { name: "name", label: "Attachment", hint: "As has_one_attached names it.", placeholder: "circuit_preview" },
      { name: "service", label: "Service", hint: "Of config/storage.yml, for the destination.", placeholder: "amazon" },
    ],
  },
  service: {
    label: "Switch service",
    does: "Moves blobs that keep their keys to another service of Active Storage.",
    fields: [
      { name: "fromService", label: "From service", hint: "As service_name is now.", placeholder: "local" },
      { name: "toService", label: "To service", hint: "As it shall be.", placeholder: "amazon" },
    ],
  },
  urls: {
    label: "Rewrite addresses",
    does: "Changes addresses in a column: the old base with the source key becomes the new base with the new key.",
    fields: [
      { name: "table", label: "Table", hint: "With a column id.", placeholder: "projects" },
      { name: "column", label: "Column", hint: "Text with an address.", placeholder: "preview_url" },
      {
        name: "oldBase",
        label: "Old base",
        hint: "Before the source key.",
        placeholder: "https://example.org/uploads/",
      },
      { name: "newBase", label: "New base", hint: "Before the new key.", placeholder: "https://cdn.example.org/" },
    ],
  },
};

/** The kind that usually follows a move from such a source. */
function usualKind({ source }: S3MigrationSnapshot): Kind {
  const { kind } = source.kind === "manifest" ? source.store : source;
  if (kind === "carrierwave" || kind === "paperclip") return "attach";
  return kind === "active_storage" ? "service" : "urls";
}

/** SQL that moves an application's references to what is proven, and what takes it back: to read, copy or download. */
export function ReferenceCard({ snapshot }: { snapshot: S3MigrationSnapshot }) {
  const [kind, setKind] = useState(() => usualKind(snapshot));
  const [texts, setTexts] = useState<Record<string, string>>({});
  const [made, setMade] = useState<References>();
  const [isTried, setTried] = useState(false);
  const { does, fields } = KINDS[kind];
  const parsed = referencesSchema.safeParse({
    kind,
    ...Object.fromEntries(fields.map(({ name }) => [name, (texts[name] ?? "").trim()])),
  });
  const problems = fieldProblems(parsed.error);
  const make = () => {
    setTried(true);
    if (parsed.success) setMade(parsed.data);
  };
  return (
    <Card aria-labelledby="references">
      <CardHeader id="references" title="References" meta="the console writes nothing into your database" />
      <CardBody className="grid gap-3">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
          <Segmented
            label="What moves"
            value={kind}
            onChange={setKind}
            options={(Object.keys(KINDS) as Kind[]).map((value) => ({ value, label: KINDS[value].label }))}
          />
          <p className="min-w-0 text-ink-2">{does}</p>
        </div>
        <form
          className="grid grid-cols-[repeat(4,minmax(0,1fr))_auto] items-start gap-3 max-desk:grid-cols-2 max-phone:grid-cols-1"
          onSubmit={(event) => {
            event.preventDefault();
            make();
          }}
        >
          {fields.map(({ name, label, hint, placeholder }) => (
            <Field key={name} label={label} hint={hint} error={isTried ? problems.get(name) : undefined}>
              <Input
                value={texts[name] ?? ""}
                placeholder={placeholder}
                spellCheck={false}
                autoComplete="off"
                className="font-mono"
                onChange={(event) => setTexts({ ...texts, [name]: event.target.value })}
              />
            </Field>
          ))}
          <Button type="submit" className="mt-[21px] max-desk:mt-0 max-desk:justify-self-start">
            Make the SQL
          </Button>
        </form>
        {snapshot.counts.verified === 0 && (
          <p className="text-warn">No object is proven yet: only proven ones stand in the SQL.</p>
        )}
        {made !== undefined && <ReferenceSql id={snapshot.id} references={made} />}
        {made === undefined && snapshot.counts.verified > 0 && (
          <p className="text-sm text-ink-3">
            It will be over {formatCount(snapshot.counts.verified)} proven objects, in one transaction, with a table
            from which the undo takes everything back.
          </p>
        )}
      </CardBody>
    </Card>
  );
}
