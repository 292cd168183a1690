"use client";

import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { DraftField, type FormProps } from "./draft-field";
import { ROWS_KINDS, type RowsKind, STORE_KINDS, type StoreKind } from "./migration-draft";

const STORE_LABELS: Record<StoreKind, string> = {
  local: "Directory",
  s3: "Bucket",
  carrierwave: "CarrierWave files",
  paperclip: "Paperclip files",
  active_storage: "Active Storage disk",
};
const ROWS_LABELS: Record<RowsKind, string> = {
  none: "Everything that is there",
  csv: "What a CSV file names",
  jsonl: "What a file of JSON lines names",
  s3_inventory: "What an S3 Inventory names",
  database: "What the application's database names",
};
const PATH_HINTS: Record<Exclude<StoreKind, "s3">, { hint: string; placeholder: string; dir?: string }> = {
  local: {
    hint: "An absolute path on the worker's machine. Links are not followed.",
    placeholder: "/srv/app/public/uploads",
  },
  carrierwave: {
    hint: "The public directory; below it uploads/<model>/<mounted as>/<id>/<file>. The cache in uploads/tmp is left out.",
    placeholder: "/srv/app/public",
    dir: "uploads",
  },
  paperclip: {
    hint: "The public directory; below it system/<class>/<attachment>/000/000/001/<style>/<file>.",
    placeholder: "/srv/app/public",
    dir: "system",
  },
  active_storage: {
    hint: "The storage directory of the disk service; the file ab/cd/abcd… is the object abcd….",
    placeholder: "/srv/app/storage",
  },
};

/** Where objects are read, and whether something else says which must exist. */
export function SourceCard(props: FormProps) {
  const { draft, onChange } = props;
  return (
    <Card aria-labelledby="source">
      <CardHeader id="source" title="Source" meta="read only, never changed" />
      <CardBody className="grid grid-cols-2 gap-3 max-phone:grid-cols-1">
        <Field label="Kind of source">
          <Select
            value={draft.sourceKind}
            onChange={(event) =>
              onChange({ sourceKind: STORE_KINDS.find((kind) => kind === event.target.value) ?? "local" })
            }
          >
            {STORE_KINDS.map((kind) => (
              <option key={kind} value={kind}>
                {STORE_LABELS[kind]}
              </option>
            ))}
          </Select>
        </Field>
        <Field label="Objects">
          <Select
            value={draft.rowsFrom}
            onChange={(event) => onChange(rowsChange(ROWS_KINDS.find((kind) => kind === event.target.value) ?? "none"))}
          >
            {ROWS_KINDS.map((kind) => (
              <option key={kind} value={kind}>
                {ROWS_LABELS[kind]}
              </option>
            ))}
          </Select>
        </Field>
        {draft.sourceKind === "s3" ? <BucketFields {...props} /> : <PathFields {...props} kind={draft.sourceKind} />}
        <RowsFields {...props} />
      </CardBody>
    </Card>
  );
}

/** Without rows there is nobody to say where a key goes. */
const rowsChange = (rowsFrom: RowsKind) =>
  rowsFrom === "none" ? { rowsFrom, mapKind: "none" as const } : { rowsFrom };

/** Problems of a store within a manifest stand one level deeper. */
const storePath = ({ draft }: FormProps, field: string) =>
  draft.rowsFrom === "none" ? `source.${field}` : `source.store.${field}`;

function PathFields({ kind, ...props }: FormProps & { kind: Exclude<StoreKind, "s3"> }) {
  const { hint, placeholder, dir } = PATH_HINTS[kind];
  return (
    <>
      <div className={dir === undefined ? "col-span-full" : ""}>
        <DraftField
          {...props}
          name="sourcePath"
          path={storePath(props, "path")}
          label="Directory"
          hint={hint}
          placeholder={placeholder}
        />
      </div>
      {dir !== undefined && (
        <DraftField
          {...props}
          name="sourceStoreDir"
          path={storePath(props, "storeDir")}
          label="Store directory"
          hint={`Where the application puts files, below it. Empty: ${dir}.`}
          placeholder={dir}
        />
      )}
    </>
  );
}

const BUCKET_FIELDS = [
  { name: "sourceBucket", field: "bucket", label: "Bucket", placeholder: "old-images" },
  { name: "sourcePrefix", field: "prefix", label: "Prefix", hint: "Only keys that start so; empty = all." },
  { name: "sourceEndpoint", field: "endpoint", label: "Endpoint", hint: "Empty: the worker's." },
  { name: "sourceProfile", field: "profile", label: "Profile", hint: "Credentials by name; empty: the worker's." },
] as const;

function BucketFields(props: FormProps) {
  return BUCKET_FIELDS.map(({ field, ...shown }) => (
    <DraftField key={field} {...props} {...shown} path={storePath(props, field)} />
  ));
}

function RowsFields(props: FormProps) {
  const { rowsFrom } = props.draft;
  if (rowsFrom === "none") return null;
  if (rowsFrom === "database") {
    return (
      <>
        <DraftField
          {...props}
          name="rowsDatabase"
          path="source.rows.database"
          label="Database"
          hint="A name in the worker's OPS_DATABASES. Reads active_storage_blobs, writes nothing."
          placeholder="rails"
        />
        <DraftField
          {...props}
          name="rowsService"
          path="source.rows.service"
          label="Service"
          hint="Only blobs of this service; empty = all."
          placeholder="local"
        />
      </>
    );
  }
  return (
    <div className="col-span-full">
      <DraftField
        {...props}
        name="rowsPath"
        path="source.rows.path"
        label={rowsFrom === "s3_inventory" ? "manifest.json" : "File"}
        hint={
          rowsFrom === "s3_inventory"
            ? "On the worker's machine, with its CSV files beside it or in data/."
            : "On the worker's machine: key, and as far as known destination, size, md5, content_type. What it names and is not there is listed as missing."
        }
        placeholder="/srv/exports/blobs.csv"
      />
    </div>
  );
}
