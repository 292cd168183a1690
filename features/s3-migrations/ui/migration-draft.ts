import type { ApiProblem } from "@/lib/api";
import { type CreateS3Migration, createS3MigrationSchema } from "../contract";
import { fieldProblems } from "../domain/field-problems";
import type { KeepPolicy } from "../domain/keep-policy";
import type { Priority } from "../domain/limits";
import type { MigrationOptions } from "../domain/plan-spec";
import type { MigrationMode } from "../domain/states";
import { parseAmount, parseWindow } from "../domain/time-window-text";
import { type TimeWindow, WEEKDAYS } from "../domain/time-windows";

export const STORE_KINDS = ["local", "s3", "carrierwave", "paperclip", "active_storage"] as const;
export type StoreKind = (typeof STORE_KINDS)[number];
export const ROWS_KINDS = ["none", "csv", "jsonl", "s3_inventory", "database"] as const;
export type RowsKind = (typeof ROWS_KINDS)[number];
export type DraftRule = { id: number; match: string; to: string };

/** What stands in the form: text as typed. */
export type Draft = {
  name: string;
  mode: MigrationMode;
  sourceKind: StoreKind;
  sourcePath: string;
  sourceStoreDir: string;
  sourceBucket: string;
  sourcePrefix: string;
  sourceEndpoint: string;
  sourceProfile: string;
  rowsFrom: RowsKind;
  rowsPath: string;
  rowsDatabase: string;
  rowsService: string;
  bucket: string;
  prefix: string;
  endpoint: string;
  region: string;
  profile: string;
  mapKind: "none" | "template" | "manifest";
  rules: readonly DraftRule[];
  otherwise: "keep" | "leave_out" | "refuse";
  include: string;
  exclude: string;
  minBytes: string;
  maxBytes: string;
  modifiedAfter: string;
  modifiedBefore: string;
  concurrency: string;
  maxObjectsPerSecond: string;
  requestsPerSecond: string;
  bytesPerSecond: string;
  windows: string;
  priority: Priority;
  verify: MigrationOptions["verify"];
  /** Percent of the objects, for a sample. */
  verifyPercent: string;
  keepType: KeepPolicy["contentType"];
  keepClass: KeepPolicy["storageClass"];
  keepAcl: KeepPolicy["acl"];
  keepTags: KeepPolicy["tags"];
  addTags: string;
};

export const EMPTY_DRAFT: Draft = {
  name: "",
  mode: "copy",
  sourceKind: "local",
  sourcePath: "",
  sourceStoreDir: "",
  sourceBucket: "",
  sourcePrefix: "",
  sourceEndpoint: "",
  sourceProfile: "",
  rowsFrom: "none",
  rowsPath: "",
  rowsDatabase: "",
  rowsService: "",
  bucket: "",
  prefix: "",
  endpoint: "",
  region: "",
  profile: "",
  mapKind: "none",
  rules: [{ id: 0, match: "", to: "{key}" }],
  otherwise: "refuse",
  include: "",
  exclude: "",
  minBytes: "",
  maxBytes: "",
  modifiedAfter: "",
  modifiedBefore: "",
  concurrency: "32",
  maxObjectsPerSecond: "",
  requestsPerSecond: "",
  bytesPerSecond: "",
  windows: "",
  priority: "normal",
  verify: "stored",
  verifyPercent: "1",
  keepType: "as_told",
  keepClass: "default",
  keepAcl: "none",
  keepTags: "none",
  addTags: "",
};

/** Only the fields that were filled in, read as `read` says: absent means "the worker's own". */
function filledAs<K extends string, T>(fields: Record<K, string>, read: (text: string) => T): Partial<Record<K, T>> {
  const given: Partial<Record<K, T>> = {};
  for (const name in fields) {
    const text = fields[name].trim();
    if (text !== "") given[name] = read(text);
  }
  return given;
}

const filled = <K extends string>(fields: Record<K, string>) => filledAs(fields, (text) => text);
const numbers = <K extends string>(fields: Record<K, string>) => filledAs(fields, Number);

/** A window a line; a line that is none comes out as one the schema refuses at its place. */
export function toWindows(text: string): TimeWindow[] {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.map((line) => parseWindow(line) ?? { days: [...WEEKDAYS], from: line, to: "", timeZone: "" });
}

/** The request the draft stands for, not yet checked. */
export function toRequest(draft: Draft): CreateS3Migration {
  const { endpoint, region, profile } = draft;
  return {
    name: draft.name,
    source: toSource(draft),
    destination: {
      kind: "s3",
      bucket: draft.bucket.trim(),
      prefix: draft.prefix,
      ...filled({ endpoint, region, profile }),
    },
    options: {
      mode: draft.mode,
      concurrency: Number(draft.concurrency),
      verify: draft.verify,
      ...(draft.verify === "sample" ? { verifySample: { share: Number(draft.verifyPercent) / 100 } } : {}),
      limits: {
        ...numbers({ objectsPerSecond: draft.maxObjectsPerSecond, requestsPerSecond: draft.requestsPerSecond }),
        ...(draft.bytesPerSecond.trim() === "" ? {} : { bytesPerSecond: parseAmount(draft.bytesPerSecond) }),
        windows: toWindows(draft.windows),
      },
      priority: draft.priority,
      filters: toFilters(draft),
      keep: toKeep(draft),
      keyMap: toKeyMap(draft),
    },
  };
}

type Source = CreateS3Migration["source"];

function toSource(draft: Draft): Source {
  const store = toStore(draft);
  const { rowsFrom, rowsPath, rowsDatabase, rowsService } = draft;
  if (rowsFrom === "none") return store;
  const rows =
    rowsFrom === "database"
      ? {
          from: "database" as const,
          database: rowsDatabase.trim(),
          query: "active_storage_blobs" as const,
          ...filled({ service: rowsService }),
        }
      : { from: "file" as const, path: rowsPath.trim(), format: rowsFrom };
  return { kind: "manifest", rows, store };
}

function toStore(draft: Draft): Exclude<Source, { kind: "manifest" }> {
  const path = draft.sourcePath.trim();
  const storeDir = filled({ storeDir: draft.sourceStoreDir });
  switch (draft.sourceKind) {
    case "s3":
      return {
        kind: "s3",
        bucket: draft.sourceBucket.trim(),
        prefix: draft.sourcePrefix,
        ...filled({ endpoint: draft.sourceEndpoint, profile: draft.sourceProfile }),
      };
    case "carrierwave":
      return { kind: "carrierwave", path, ...storeDir };
    case "paperclip":
      return { kind: "paperclip", path, ...storeDir };
    case "active_storage":
      return { kind: "active_storage", path };
    case "local":
      return { kind: "local", path };
  }
}

type Options = NonNullable<CreateS3Migration["options"]>;

function toFilters(draft: Draft): NonNullable<Options["filters"]> {
  const lines = (text: string) => text.split("\n").filter((line) => line.trim() !== "");
  // The browser's picker knows no zone; days and minutes are meant as the person's own.
  const moment = (text: string) => (text === "" ? undefined : new Date(text).toISOString());
  const after = moment(draft.modifiedAfter);
  const before = moment(draft.modifiedBefore);
  return {
    include: lines(draft.include),
    exclude: lines(draft.exclude),
    ...numbers({ minBytes: draft.minBytes, maxBytes: draft.maxBytes }),
    ...(after === undefined ? {} : { modifiedAfter: after }),
    ...(before === undefined ? {} : { modifiedBefore: before }),
  };
}

/** A tag a line, as name=value. */
function toKeep({ keepType, keepClass, keepAcl, keepTags, addTags }: Draft): NonNullable<Options["keep"]> {
  const lines = addTags.split("\n").filter((line) => line.trim() !== "");
  const tags = lines.map((line) => {
    const [name = "", ...value] = line.split("=");
    return [name.trim(), value.join("=").trim()];
  });
  return {
    contentType: keepType,
    storageClass: keepClass,
    acl: keepAcl,
    tags: keepTags,
    addTags: Object.fromEntries(tags),
  };
}

/** The mapping the draft stands for, not yet checked; also what the live preview tries. */
export function toKeyMap({ mapKind, rules, otherwise }: Draft): NonNullable<Options["keyMap"]> {
  if (mapKind !== "template") return { kind: mapKind };
  return { kind: "template", rules: rules.map(({ match, to }) => ({ to, ...filled({ match }) })), otherwise };
}

/** What is wrong, by dotted field as the server names it too ("destination.bucket"). Empty: nothing. */
export function problemsOf(draft: Draft): ReadonlyMap<string, string> {
  return fieldProblems(createS3MigrationSchema.safeParse(toRequest(draft)).error);
}

/** The server's refusals, on the same fields. */
export function refusedFields(problem: ApiProblem | undefined): ReadonlyMap<string, string> {
  return new Map((problem?.problems ?? []).map(({ field, message }) => [field, message]));
}
