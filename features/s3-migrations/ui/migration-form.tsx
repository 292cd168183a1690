"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Segmented } from "@/components/ui/segmented";
import { Select } from "@/components/ui/select";
import type { Draft } from "./migration-draft";

type FormProps = { draft: Draft; problems: ReadonlyMap<string, string>; onChange: (change: Partial<Draft>) => void };
type TextKey = Exclude<keyof Draft, "sourceKind" | "verify">;

type TextFieldProps = FormProps & {
  name: TextKey;
  label: string;
  /** The field's name in the request, where its problem stands. */
  path: string;
  hint?: string;
  placeholder?: string;
  isMono?: boolean;
};

function TextField({ draft, problems, onChange, name, label, path, hint, placeholder, isMono = true }: TextFieldProps) {
  return (
    <Field label={label} hint={hint} error={problems.get(path)}>
      <Input
        value={draft[name]}
        onChange={(event) => onChange({ [name]: event.target.value })}
        placeholder={placeholder}
        spellCheck={false}
        autoComplete="off"
        className={isMono ? "font-mono" : ""}
      />
    </Field>
  );
}

/** Name, source, destination and how to go about it. */
export function MigrationForm(props: FormProps) {
  return (
    <div className="grid content-start gap-3">
      <Card>
        <CardBody className="pt-3.5">
          <TextField
            {...props}
            name="name"
            path="name"
            label="Name"
            placeholder="Project preview images to S3"
            isMono={false}
          />
        </CardBody>
      </Card>
      <SourceCard {...props} />
      <DestinationCard {...props} />
      <OptionsCard {...props} />
    </div>
  );
}

function SourceCard(props: FormProps) {
  const { draft, onChange } = props;
  return (
    <Card aria-labelledby="source">
      <CardHeader
        id="source"
        title="Source"
        meta="read only, never changed"
        actions={
          <Segmented
            label="Kind of source"
            value={draft.sourceKind}
            onChange={(sourceKind) => onChange({ sourceKind })}
            options={[
              { value: "local", label: "Directory" },
              { value: "s3", label: "Bucket" },
            ]}
          />
        }
      />
      <CardBody className="grid grid-cols-2 gap-3 max-phone:grid-cols-1">
        {draft.sourceKind === "local" ? (
          <div className="col-span-full">
            <TextField
              {...props}
              name="sourcePath"
              path="source.path"
              label="Directory"
              hint="An absolute path on the worker's machine. Links are not followed."
              placeholder="/srv/app/public/uploads"
            />
          </div>
        ) : (
          <>
            <TextField {...props} name="sourceBucket" path="source.bucket" label="Bucket" placeholder="old-images" />
            <TextField
              {...props}
              name="sourcePrefix"
              path="source.prefix"
              label="Prefix"
              hint="Only keys that start so; empty = all."
            />
            <TextField
              {...props}
              name="sourceEndpoint"
              path="source.endpoint"
              label="Endpoint"
              hint="Empty: the worker's."
            />
            <TextField
              {...props}
              name="sourceProfile"
              path="source.profile"
              label="Profile"
              hint="Credentials by name; empty: the worker's."
            />
          </>
        )}
      </CardBody>
    </Card>
  );
}

function DestinationCard(props: FormProps) {
  return (
    <Card aria-labelledby="destination">
      <CardHeader id="destination" title="Destination" meta="never overwritten, nothing deleted" />
      <CardBody className="grid grid-cols-2 gap-3 max-phone:grid-cols-1">
        <TextField
          {...props}
          name="bucket"
          path="destination.bucket"
          label="Destination bucket"
          placeholder="images-prod"
        />
        <TextField
          {...props}
          name="prefix"
          path="destination.prefix"
          label="Destination prefix"
          hint="Put before each key; empty = none."
        />
        <TextField
          {...props}
          name="endpoint"
          path="destination.endpoint"
          label="Destination endpoint"
          hint="Empty: the worker's S3_ENDPOINT, or Amazon's."
        />
        <TextField
          {...props}
          name="region"
          path="destination.region"
          label="Region"
          hint="Empty: the worker's AWS_REGION."
        />
        <TextField
          {...props}
          name="profile"
          path="destination.profile"
          label="Destination profile"
          hint="Names credentials in the worker's environment. No secret is stored here."
        />
      </CardBody>
    </Card>
  );
}

function OptionsCard(props: FormProps) {
  const { draft, problems, onChange } = props;
  const [isOpen, setOpen] = useState(false);
  return (
    <Card aria-labelledby="options">
      <CardHeader
        id="options"
        title="Options"
        meta={`${draft.concurrency} in flight, ${draft.verify === "stored" ? "stored checksums" : "everything read back"}`}
        actions={
          <Button size="sm" variant="ghost" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {isOpen ? "Hide" : "Change"}
          </Button>
        }
      />
      {isOpen && (
        <CardBody className="grid grid-cols-2 gap-3 max-phone:grid-cols-1">
          <TextField
            {...props}
            name="concurrency"
            path="options.concurrency"
            label="Objects in flight"
            hint="Per worker, 1 to 256; lowered by itself while S3 throttles."
          />
          <TextField
            {...props}
            name="maxObjectsPerSecond"
            path="options.maxObjectsPerSecond"
            label="Objects per second"
            hint="Over all workers; empty = no limit."
          />
          <Field label="Proof" hint="Read back fetches every object once more." error={problems.get("options.verify")}>
            <Select
              value={draft.verify}
              onChange={(event) => onChange({ verify: event.target.value === "read_back" ? "read_back" : "stored" })}
            >
              <option value="stored">Ask for stored checksums</option>
              <option value="read_back">Read everything back</option>
            </Select>
          </Field>
        </CardBody>
      )}
    </Card>
  );
}
