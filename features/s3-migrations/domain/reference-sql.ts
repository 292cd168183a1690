import * as z from "zod/mini";
import { matchPattern, parsePattern } from "./key-pattern";
import type { SourceSpec } from "./plan-spec";

const name = z.string().check(z.minLength(1), z.maxLength(200), z.regex(/^[^\p{Cc}]*$/u));
const identifier = z
  .string()
  .check(z.regex(/^[A-Za-z_]\w{0,62}(\.[A-Za-z_]\w{0,62})?$/, "must be a table's or column's name"));

/** Which references of an application move, and how. Nothing is guessed from plurals: records and names are said. */
export const referencesSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    /** New blobs and attachments for files of CarrierWave or Paperclip. */
    kind: z.literal("attach"),
    /** The directories of one attachment below the store directory: `project/image_preview`, `users/avatars`. */
    from: name,
    /** The class, as `record_type` has it: `Project`. */
    recordType: name,
    /** As `has_one_attached` names it: `circuit_preview`. */
    name,
    /** The service of config/storage.yml that is the destination. */
    service: name,
  }),
  /** Blobs that stay as they are, and move to another service. */
  z.strictObject({ kind: z.literal("service"), fromService: name, toService: name }),
  /** A column that holds addresses: the source's base with the source key becomes the destination's base with its key. */
  z.strictObject({
    kind: z.literal("urls"),
    table: identifier,
    column: identifier,
    oldBase: z.string().check(z.maxLength(2000)),
    newBase: z.string().check(z.maxLength(2000)),
  }),
]);
export type References = z.output<typeof referencesSchema>;

/** `GET …/{id}/references?file=apply&kind=service&…`: flat, as an address is; the fields of one kind. */
export const referencesQuerySchema = z.strictObject({
  file: z.enum(["apply", "undo"]),
  kind: z.enum(["attach", "service", "urls"]),
  from: z.optional(z.string()),
  recordType: z.optional(z.string()),
  name: z.optional(z.string()),
  service: z.optional(z.string()),
  fromService: z.optional(z.string()),
  toService: z.optional(z.string()),
  table: z.optional(z.string()),
  column: z.optional(z.string()),
  oldBase: z.optional(z.string()),
  newBase: z.optional(z.string()),
});

/** A proven object, as far as references to it go. */
export type ProvenObject = {
  sourceKey: string;
  /** With the destination's prefix. */
  storedKey: string;
  sizeBytes: number;
  /** Hex; `null` where nobody knows it. */
  md5: string | null;
  contentType: string;
};

/**
 * A text as a literal of Postgres, whatever `standard_conforming_strings` says. Line breaks and other control characters
 * are escaped, so that no key begins a line of its own; NUL cannot be, and no key has one.
 */
export function sqlText(text: string | null): string {
  if (text === null) return "NULL";
  const escaped = text
    .replaceAll("\\", "\\\\")
    .replaceAll("'", "''")
    .replace(/\p{Cc}/gu, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return escaped === text.replaceAll("'", "''") ? `'${escaped}'` : `E'${escaped}'`;
}

const sqlName = (text: string): string =>
  text
    .split(".")
    .map((part) => `"${part}"`)
    .join(".");

/** The values of one object's row of "moved", or `undefined` when the object is none of these references. */
export function movedRow(references: References, object: ProvenObject, source: SourceSpec): string | undefined {
  const { sourceKey, storedKey, sizeBytes, md5, contentType } = object;
  switch (references.kind) {
    case "service":
      return `(${sqlText(storedKey)})`;
    case "urls":
      return `(${sqlText(references.oldBase + sourceKey)}, ${sqlText(references.newBase + storedKey)})`;
    case "attach": {
      const recordId = recordIdOf(sourceKey, references.from, source);
      if (recordId === undefined) return undefined;
      const checksum = md5 === null ? null : hexToBase64(md5);
      const file = sourceKey.slice(sourceKey.lastIndexOf("/") + 1);
      const texts = [storedKey, file, contentType, String(sizeBytes), checksum, recordId];
      return `(${texts.map(sqlText).join(", ")})`;
    }
  }
}

/** The record a file belongs to by its place: CarrierWave's directory, or Paperclip's digits of the original style. */
export function recordIdOf(sourceKey: string, from: string, source: SourceSpec): string | undefined {
  const store = source.kind === "manifest" ? source.store : source;
  const storeDir = store.kind === "carrierwave" || store.kind === "paperclip" ? store.storeDir : "uploads";
  const isPaperclip = store.kind === "paperclip";
  const literal = `${storeDir}/${from}`.replaceAll("{", "{{").replaceAll("}", "}}");
  const parsed = parsePattern(`${literal}/${isPaperclip ? "{a}/{b}/{c}/original/{file}" : "{id}/{file}"}`);
  const parts = "problem" in parsed ? undefined : matchPattern(parsed.tokens, sourceKey);
  if (parts === undefined) return undefined;
  if (!isPaperclip) return parts.get("id");
  const digits = ["a", "b", "c"].map((part) => parts.get(part) ?? "").join("");
  return /^\d+$/.test(digits) ? String(BigInt(digits)) : undefined;
}

const hexToBase64 = (hex: string): string =>
  btoa(String.fromCharCode(...(hex.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16))));

export type SqlFrame = { before: string; insert: string; after: string };

/**
 * What stands around the rows of the apply file. It keeps what was before in a table of its own, changes only rows that
 * are as they are expected to be, and says how many at the end; everything in one transaction.
 */
export function applyFrame(references: References, undoTable: string): SqlFrame {
  const undo = sqlName(undoTable);
  const insert = "INSERT INTO ops_console_moved VALUES\n";
  const count = `SELECT count(*) AS rows_changed FROM ${undo};\nCOMMIT;\n`;
  switch (references.kind) {
    case "service": {
      const blobs = "active_storage_blobs";
      return {
        before: `CREATE TEMP TABLE ops_console_moved (key text PRIMARY KEY) ON COMMIT DROP;\n`,
        insert,
        after: `CREATE TABLE ${undo} AS SELECT b.id, b.service_name AS old_value FROM ${blobs} b JOIN ops_console_moved m ON m.key = b.key
 WHERE b.service_name = ${sqlText(references.fromService)} FOR UPDATE OF b;
UPDATE ${blobs} b SET service_name = ${sqlText(references.toService)} FROM ${undo} u WHERE u.id = b.id;
${count}`,
      };
    }
    case "urls": {
      const [table, column] = [sqlName(references.table), sqlName(references.column)];
      return {
        before: `CREATE TEMP TABLE ops_console_moved (old_value text PRIMARY KEY, new_value text NOT NULL) ON COMMIT DROP;\n`,
        insert,
        after: `CREATE TABLE ${undo} AS SELECT t.id, t.${column} AS old_value, m.new_value FROM ${table} t JOIN ops_console_moved m ON m.old_value = t.${column}
 FOR UPDATE OF t;
UPDATE ${table} t SET ${column} = u.new_value FROM ${undo} u WHERE u.id = t.id;
${count}`,
      };
    }
    case "attach":
      return attachFrame(references, { undo, insert, count });
  }
}

function attachFrame(
  { recordType, name: attachment, service }: Extract<References, { kind: "attach" }>,
  { undo, insert, count }: { undo: string; insert: string; count: string },
): SqlFrame {
  return {
    // Types of the ids are the application's own: numbers or UUIDs. One file for one record, or nothing at all.
    before: `CREATE TEMP TABLE ops_console_moved ON COMMIT DROP AS SELECT b.key, b.filename, b.content_type, b.byte_size, b.checksum, a.record_id
  FROM active_storage_blobs b, active_storage_attachments a WHERE false;
ALTER TABLE ops_console_moved ADD UNIQUE (record_id);\n`,
    insert,
    after: `-- Records that have the attachment already keep theirs.
DELETE FROM ops_console_moved m USING active_storage_attachments a
 WHERE a.record_type = ${sqlText(recordType)} AND a.name = ${sqlText(attachment)} AND a.record_id = m.record_id;
CREATE TABLE ${undo} AS SELECT id AS blob_id FROM active_storage_blobs WHERE false;
WITH made AS (
  INSERT INTO active_storage_blobs (key, filename, content_type, metadata, service_name, byte_size, checksum, created_at)
  SELECT key, filename, content_type, '{"identified":true}', ${sqlText(service)}, byte_size, checksum, now() FROM ops_console_moved
  RETURNING id)
INSERT INTO ${undo} SELECT id FROM made;
INSERT INTO active_storage_attachments (name, record_type, record_id, blob_id, created_at)
SELECT ${sqlText(attachment)}, ${sqlText(recordType)}, m.record_id, b.id, now()
  FROM ops_console_moved m JOIN active_storage_blobs b ON b.key = m.key;
${count}`,
  };
}

/** The undo file: what was before comes back, where nobody has changed it since. */
export function undoSql(references: References, undoTable: string): string {
  const undo = sqlName(undoTable);
  const end = `DROP TABLE ${undo};\nCOMMIT;\n`;
  switch (references.kind) {
    case "service":
      return `UPDATE active_storage_blobs b SET service_name = u.old_value FROM ${undo} u
 WHERE u.id = b.id AND b.service_name = ${sqlText(references.toService)};\n${end}`;
    case "urls": {
      const [table, column] = [sqlName(references.table), sqlName(references.column)];
      return `UPDATE ${table} t SET ${column} = u.old_value FROM ${undo} u WHERE u.id = t.id AND t.${column} = u.new_value;\n${end}`;
    }
    case "attach":
      return `DELETE FROM active_storage_attachments WHERE blob_id IN (SELECT blob_id FROM ${undo});
DELETE FROM active_storage_blobs WHERE id IN (SELECT blob_id FROM ${undo});\n${end}`;
  }
}
