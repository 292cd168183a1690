"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { DraftField, type FormProps } from "./draft-field";
import { FiltersCard } from "./filters-card";
import { KeepCard } from "./keep-card";
import { LimitFields } from "./limit-fields";
import { MappingCard } from "./mapping-card";
import { SourceCard } from "./source-card";
import { StartCard } from "./start-card";

/** Name, source, destination and how to go about it. */
export function MigrationForm({ examples, ...props }: FormProps & { examples: readonly string[] }) {
  return (
    <div className="grid content-start gap-3">
      <StartCard {...props} />
      <SourceCard {...props} />
      <DestinationCard {...props} />
      <MappingCard {...props} examples={examples} />
      <FiltersCard {...props} />
      <KeepCard {...props} />
      <OptionsCard {...props} />
    </div>
  );
}

function DestinationCard(props: FormProps) {
  return (
    <Card aria-labelledby="destination">
      <CardHeader id="destination" title="Destination" meta="never overwritten, nothing deleted" />
      <CardBody className="grid grid-cols-2 gap-3 max-phone:grid-cols-1">
        <DraftField
          {...props}
          name="bucket"
          path="destination.bucket"
          label="Destination bucket"
          placeholder="images-prod"
        />
        <DraftField
          {...props}
          name="prefix"
          path="destination.prefix"
          label="Destination prefix"
          hint="Put before each key; empty = none."
        />
        <DraftField
          {...props}
          name="endpoint"
          path="destination.endpoint"
          label="Destination endpoint"
          hint="Empty: the worker's S3_ENDPOINT, or Amazon's."
        />
        <DraftField
          {...props}
          name="region"
          path="destination.region"
          label="Region"
          hint="Empty: the worker's AWS_REGION."
        />
        <DraftField
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

const PROOFS = ["stored", "sample", "read_back"] as const;
const PROOF_WORDS = {
  stored: "stored checksums",
  sample: "a sample read back",
  read_back: "everything read back",
} as const satisfies Record<(typeof PROOFS)[number], string>;

function OptionsCard(props: FormProps) {
  const { draft, problems, onChange } = props;
  const [isOpen, setOpen] = useState(false);
  return (
    <Card aria-labelledby="options">
      <CardHeader
        id="options"
        title="Options"
        meta={`${draft.concurrency} in flight, ${PROOF_WORDS[draft.verify]}`}
        actions={
          <Button size="sm" variant="ghost" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {isOpen ? "Hide" : "Change"}
          </Button>
        }
      />
      {isOpen && (
        <CardBody className="grid grid-cols-2 gap-3 max-phone:grid-cols-1">
          <DraftField
            {...props}
            name="concurrency"
            path="options.concurrency"
            label="Objects in flight"
            hint="Per worker, 1 to 256; lowered by itself while S3 throttles."
          />
          <LimitFields {...props} />
          <Field
            label="Proof"
            hint="What is read back comes out of the destination once more; the dry run says how much."
            error={problems.get("options.verify")}
          >
            <Select
              value={draft.verify}
              onChange={(event) =>
                onChange({ verify: PROOFS.find((proof) => proof === event.target.value) ?? "stored" })
              }
            >
              <option value="stored">Ask for stored checksums</option>
              <option value="sample">Read a sample back</option>
              <option value="read_back">Read everything back</option>
            </Select>
          </Field>
          {draft.verify === "sample" && (
            <DraftField
              {...props}
              name="verifyPercent"
              path="options.verifySample.share"
              label="Percent of the objects"
              hint="Drawn by their keys. Of the others the stored checksums are asked."
            />
          )}
        </CardBody>
      )}
    </Card>
  );
}
