import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import mime from "mime-types";
import { z } from "zod";
import { AppError } from "@/lib/errors";
import { pool } from "@/server/db/client";
import { plainWords } from "@/server/http/plain-words";
import { destinationSchema, sourceSchema } from "../contract";
import {
  applyFrame,
  movedRow,
  type ProvenObject,
  type References,
  type referencesQuerySchema,
  referencesSchema,
  undoSql,
} from "../domain/reference-sql";
import { OBJECT_STATES } from "../domain/states";

const PAGE = 500;
const VERIFIED = OBJECT_STATES.indexOf("verified");

const migrationSchema = z.object({
  no: z.number(),
  name: z.string(),
  source: sourceSchema,
  destination: destinationSchema,
});
type Migration = z.output<typeof migrationSchema> & { id: string };

/**
 * SQL for people to review and run, streamed: the console writes no reference itself. Only objects that are proven are in
 * it. `invalid_input` when the fields are not those of one kind; `not_found` for an unknown migration.
 */
export async function writeReferenceSql(
  id: string,
  query: z.output<typeof referencesQuerySchema>,
): Promise<ReadableStream> {
  const { file, ...fields } = query;
  const parsed = referencesSchema.safeParse(fields, { error: plainWords(fields) });
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => ({ field: issue.path.join("."), message: issue.message }));
    throw new AppError("invalid_input", "These are not the fields of one kind of reference.", { problems });
  }
  const { rows } = await pool().query("select no, name, source, destination from s3_migration where id = $1", [id]);
  if (rows.length === 0) throw new AppError("not_found", "There is no S3 migration with this id.");
  const migration = { id, ...migrationSchema.parse(rows[0]) };
  const undoTable = undoTableOf(id, parsed.data);
  const text =
    file === "undo" ? undoFile(migration, parsed.data, undoTable) : applyFile(migration, parsed.data, undoTable);
  return Readable.toWeb(Readable.from(text, { objectMode: false })) as ReadableStream;
}

/** One table for each set of references of a migration: applied twice, the second run fails instead of forgetting. */
function undoTableOf(id: string, references: References): string {
  const hash = createHash("sha256")
    .update(`${id}${JSON.stringify(references)}`)
    .digest("hex");
  return `ops_console_undo_${hash.slice(0, 12)}`;
}

function header({ id, name }: Migration, what: string): string {
  // A name on a line of its own would be a statement.
  return `-- ${what} S3 migration ${id} (${name.replace(/\p{Cc}/gu, " ")}). Read it, try it on a copy, then run it with:
--   psql --set ON_ERROR_STOP=1 --file <this file> <database>
\\set ON_ERROR_STOP 1
BEGIN;
`;
}

async function* undoFile(migration: Migration, references: References, undoTable: string): AsyncGenerator<string> {
  yield header(migration, "Takes back the references of");
  yield undoSql(references, undoTable);
}

async function* applyFile(migration: Migration, references: References, undoTable: string): AsyncGenerator<string> {
  const { before, insert, after } = applyFrame(references, undoTable);
  yield header(migration, "Moves references to the proven objects of");
  yield before;
  let written = 0;
  for await (const page of provenObjects(migration)) {
    const values = page.flatMap((object) => movedRow(references, object, migration.source) ?? []);
    written += values.length;
    if (values.length > 0) yield `${insert}${values.join(",\n")};\n`;
  }
  yield `-- ${written} objects above.\n`;
  yield after;
}

type Row = {
  id: number;
  src: string;
  dst: string;
  size: number;
  etag: string | null;
  expected: { md5?: string; contentType?: string } | null;
};

async function* provenObjects({ no, destination }: Migration): AsyncGenerator<ProvenObject[]> {
  let after = -1;
  for (;;) {
    const { rows } = await pool().query<Row>(
      `select id, src_key as src, coalesce(dst_key, src_key) as dst, size, etag, expected from s3.object
        where migration_no = $1 and id > $2 and state = $3 order by id limit $4`,
      [no, after, VERIFIED, PAGE],
    );
    if (rows.length > 0) yield rows.map((row) => toProven(row, destination.prefix));
    after = rows.at(-1)?.id ?? after;
    if (rows.length < PAGE) return;
  }
}

function toProven({ src, dst, size, etag, expected }: Row, prefix: string): ProvenObject {
  const isMd5 = etag !== null && /^[0-9a-f]{32}$/.test(etag);
  return {
    sourceKey: src,
    storedKey: prefix + dst,
    sizeBytes: size,
    // An ETag of 32 digits was compared with the MD5 of the bytes when they were copied.
    md5: expected?.md5 ?? (isMd5 ? etag : null),
    contentType: expected?.contentType ?? (mime.lookup(src) || "application/octet-stream"),
  };
}
