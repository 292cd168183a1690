import pg from "pg";
import { z } from "zod";
import { codeOf } from "@/lib/errors";
import { env } from "@/server/config/env";
import type { ManifestRows } from "../../domain/plan-spec";
import { type ManifestRow, toManifestRow } from "./manifest-row";
import { StoreError } from "./store-error";

const PAGE = 5000;
const TIMEOUT_MS = 30_000;

type DatabaseRows = Extract<ManifestRows, { from: "database" }>;

const blobSchema = z.object({
  key: z.string(),
  contentType: z.string().nullable(),
  byteSize: z.union([z.string(), z.number()]),
  checksum: z.string().nullable(),
});

/**
 * Blobs of a Rails application, from its own database under a name of the worker's settings. Read-only sessions, one
 * short statement per page: a long transaction would keep the application's tables from being vacuumed.
 */
export async function* readBlobs(
  { database, service }: DatabaseRows,
  signal: AbortSignal,
): AsyncGenerator<ManifestRow> {
  const client = await openSourceDatabase(database);
  try {
    let after = "";
    for (;;) {
      signal.throwIfAborted();
      const { rows } = await client.query(
        `select key, content_type as "contentType", byte_size as "byteSize", checksum from active_storage_blobs
          where key > $1 ${service === undefined ? "" : "and service_name = $3"}
          order by key limit $2`,
        service === undefined ? [after, PAGE] : [after, PAGE, service],
      );
      for (const blob of z.array(blobSchema).parse(rows)) {
        after = blob.key;
        yield toManifestRow(fieldsOf(blob), `the blob ${blob.key}`);
      }
      if (rows.length < PAGE) return;
    }
  } catch (cause) {
    throw signal.aborted || cause instanceof StoreError ? cause : databaseError(database, cause);
  } finally {
    // A connection that is lost cannot say goodbye.
    await client.end().catch(() => {});
  }
}

function fieldsOf({ key, contentType, byteSize, checksum }: z.output<typeof blobSchema>): Map<string, string> {
  return new Map([
    ["key", key],
    ["size", String(byteSize)],
    ["checksum", checksum ?? ""],
    ["content_type", contentType ?? ""],
  ]);
}

/** A read-only session on a database that the worker's settings name; statements end after 30 s. */
export async function openSourceDatabase(name: string): Promise<pg.Client> {
  const connectionString = env().OPS_DATABASES?.[name];
  if (connectionString === undefined) {
    throw new StoreError({
      errorClass: "config",
      code: "NoDatabase",
      message: `The worker's OPS_DATABASES has no database named "${name}".`,
    });
  }
  const client = new pg.Client({
    connectionString,
    connectionTimeoutMillis: TIMEOUT_MS,
    query_timeout: TIMEOUT_MS,
    application_name: "ops-console (reads only)",
    options: `-c default_transaction_read_only=on -c statement_timeout=${TIMEOUT_MS}`,
  });
  // A connection that breaks between two statements is told by the next one.
  client.on("error", () => {});
  try {
    await client.connect();
  } catch (cause) {
    throw databaseError(name, cause);
  }
  return client;
}

/** Never the driver's own words: they may hold the address. */
function databaseError(name: string, cause: unknown): StoreError {
  const code = codeOf(cause) ?? "Unknown";
  const isWrong = /^(28|3D|42)/.test(code) || cause instanceof z.ZodError;
  return new StoreError({
    errorClass: isWrong ? "config" : "transient",
    code: `Database${code}`,
    message: isWrong
      ? `The database "${name}" cannot be read as Active Storage's (${code}).`
      : `The database "${name}" does not answer (${code}).`,
    cause,
  });
}
