import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { z } from "zod";
import { codeOf } from "@/lib/errors";
import type { ManifestRows } from "../../domain/plan-spec";
import { readCsv } from "./csv";
import { badManifest, hasKeyColumn, type ManifestRow, toManifestRow } from "./manifest-row";

/** Longest line or record: keys are at most 1,024 bytes, names and types as long again. */
const MAX_RECORD_CHARACTERS = 64 * 1024;
const MAX_INVENTORY_BYTES = 16 * 1024 * 1024;

type FileRows = Extract<ManifestRows, { from: "file" }>;

/** The rows of a manifest file, streamed; `config` when the file or a line of it cannot be used. Names ending in .gz are unpacked. */
export async function* readManifestFile(
  { path: file, format }: FileRows,
  signal: AbortSignal,
): AsyncGenerator<ManifestRow> {
  if (format === "s3_inventory") yield* readInventory(file, signal);
  else if (format === "csv") yield* readCsvRows(file, signal);
  else yield* readJsonLines(file, signal);
}

async function* readCsvRows(file: string, signal: AbortSignal): AsyncGenerator<ManifestRow> {
  let names: string[] | undefined;
  for await (const { fields, line } of readCsv(textOf(file, signal), MAX_RECORD_CHARACTERS)) {
    const header = names;
    if (header === undefined) {
      names = fields.map((name) => name.trim().toLowerCase());
      if (!hasKeyColumn(names)) throw badManifest(`its first line names no column "key"`);
      continue;
    }
    if (fields.length !== header.length) {
      throw badManifest(`line ${line} has ${fields.length} fields, the header ${header.length}`);
    }
    yield toManifestRow(new Map(header.map((name, at) => [name, fields[at] ?? ""])), `line ${line}`);
  }
  if (names === undefined) throw badManifest("it is empty, without even a header");
}

const jsonRowSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

async function* readJsonLines(file: string, signal: AbortSignal): AsyncGenerator<ManifestRow> {
  let line = 0;
  for await (const text of linesOf(textOf(file, signal))) {
    line += 1;
    if (text.trim() === "") continue;
    const row = jsonRowSchema.safeParse(parseJson(text));
    if (!row.success) throw badManifest(`line ${line} is no JSON object of texts and numbers`);
    const fields = Object.entries(row.data).map(
      ([name, value]) => [name, value === null ? "" : String(value)] as const,
    );
    yield toManifestRow(new Map(fields), `line ${line}`);
  }
}

const inventorySchema = z.object({
  fileFormat: z.string(),
  fileSchema: z.string(),
  files: z.array(z.object({ key: z.string() })),
});
const INVENTORY_COLUMNS: Record<string, string> = { Key: "key", Size: "size" };

/** Data files of an S3 Inventory lie beside its manifest.json, or in `data/`, as the inventory writes them. */
async function* readInventory(file: string, signal: AbortSignal): AsyncGenerator<ManifestRow> {
  if ((await sizeOf(file)) > MAX_INVENTORY_BYTES) throw badManifest("its manifest.json is larger than 16 MiB");
  const parsed = inventorySchema.safeParse(parseJson(await readFile(file, { encoding: "utf8", signal })));
  if (!parsed.success) throw badManifest("it is no manifest.json of an S3 Inventory");
  const { fileFormat, fileSchema, files } = parsed.data;
  if (fileFormat !== "CSV") throw badManifest(`the inventory is ${fileFormat}; only CSV is read`);
  const columns = fileSchema.split(",").map((name) => name.trim());
  for (const { key } of files) {
    const name = path.basename(key);
    const candidates = [path.join(path.dirname(file), name), path.join(path.dirname(file), "data", name)];
    const data = (await Promise.all(candidates.map(async (at) => ((await sizeOf(at)) >= 0 ? at : undefined)))).find(
      Boolean,
    );
    if (data === undefined) throw badManifest(`its data file ${name} is not beside it`);
    yield* readInventoryData(data, columns, signal);
  }
}

async function* readInventoryData(file: string, columns: string[], signal: AbortSignal): AsyncGenerator<ManifestRow> {
  for await (const { fields, line } of readCsv(textOf(file, signal), MAX_RECORD_CHARACTERS)) {
    const record = new Map(columns.map((name, at) => [name, fields[at] ?? ""]));
    // Versions and delete markers are not what the bucket holds now.
    if (record.get("IsLatest") === "false" || record.get("IsDeleteMarker") === "true") continue;
    const where = `line ${line} of ${path.basename(file)}`;
    const named = [...record].map(([name, value]) => [INVENTORY_COLUMNS[name] ?? "", value] as const);
    const row = toManifestRow(new Map(named), where);
    yield { ...row, key: decodeInventoryKey(row.key, where) };
  }
}

function decodeInventoryKey(key: string, where: string): string {
  try {
    return decodeURIComponent(key.replaceAll("+", " "));
  } catch (cause) {
    throw badManifest(`${where} has a key that is not percent-encoded`, cause);
  }
}

async function* textOf(file: string, signal: AbortSignal): AsyncGenerator<string> {
  // Fails here, with a sentence, rather than somewhere within a pipe.
  if ((await sizeOf(file)) < 0) throw badManifest(`${file} is no file the worker can read`);
  const raw = createReadStream(file, { signal });
  // The callback only keeps a failure from being nobody's: reading the result throws it.
  const bytes = file.endsWith(".gz") ? pipeline(raw, createGunzip(), () => {}) : raw;
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    for await (const piece of bytes) yield decoder.decode(piece as Buffer, { stream: true });
    yield decoder.decode();
  } catch (cause) {
    signal.throwIfAborted();
    throw badManifest(`it cannot be read to its end as UTF-8 (${codeOf(cause) ?? "damaged"})`, cause);
  } finally {
    raw.destroy();
  }
}

async function* linesOf(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = "";
  for await (const piece of pieces) {
    const lines = (rest + piece).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > MAX_RECORD_CHARACTERS) throw badManifest("it has a line longer than 64 KiB");
    yield* lines;
  }
  if (rest !== "") yield rest;
}

/** Bytes of a plain file; -1 when there is none to read. */
async function sizeOf(file: string): Promise<number> {
  const found = await stat(file).catch(() => undefined);
  return found?.isFile() === true ? found.size : -1;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
