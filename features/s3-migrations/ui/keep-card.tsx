"use client";

import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { type KeepPolicy, STORAGE_CLASSES } from "../domain/keep-policy";
import { DraftField, type FormProps } from "./draft-field";

/** What goes with the bytes, by policy; headers and metadata always do. */
export function KeepCard(props: FormProps) {
  const { draft, onChange } = props;
  return (
    <Card aria-labelledby="kept">
      <CardHeader id="kept" title="Kept" meta="headers and metadata always go with the bytes" />
      <CardBody className="grid grid-cols-2 gap-3 max-phone:grid-cols-1">
        <Field label="Content type" hint="Where the first bytes say another type, it is listed either way.">
          <Select
            value={draft.keepType}
            onChange={({ target }) => onChange({ keepType: target.value as KeepPolicy["contentType"] })}
          >
            <option value="as_told">As the source tells it</option>
            <option value="corrected">Corrected by the bytes</option>
          </Select>
        </Field>
        <Field label="Storage class">
          <Select
            value={draft.keepClass}
            onChange={({ target }) => onChange({ keepClass: target.value as KeepPolicy["storageClass"] })}
          >
            <option value="default">The bucket's own</option>
            <option value="keep">Each object's own</option>
            {STORAGE_CLASSES.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </Select>
        </Field>
        <Field label="Access rules">
          <Select
            value={draft.keepAcl}
            onChange={({ target }) => onChange({ keepAcl: target.value as KeepPolicy["acl"] })}
          >
            <option value="none">None: the bucket decides</option>
            <option value="keep">Each object's own</option>
            <option value="bucket_owner_full">Full control to the bucket's owner</option>
          </Select>
        </Field>
        <Field label="Tags">
          <Select
            value={draft.keepTags}
            onChange={({ target }) => onChange({ keepTags: target.value as KeepPolicy["tags"] })}
          >
            <option value="none">None of the source's</option>
            <option value="keep">Each object's own</option>
          </Select>
        </Field>
        <DraftField
          {...props}
          name="addTags"
          path="options.keep.addTags"
          label="Tags for every object"
          type="area"
          hint="One a line: moved=2026"
        />
      </CardBody>
    </Card>
  );
}
