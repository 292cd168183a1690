import type { BigIntStats } from "node:fs";
import { lstat, opendir } from "node:fs/promises";
import path from "node:path";
import { codeOf } from "@/lib/errors";
import { keyProblem } from "../../domain/object-key";
import { fingerprintOf } from "./file-fingerprint";
import type { ListedObject } from "./object-store";
import { lstatAtOnce } from "./read-at-once";
import { StoreError } from "./store-error";

const PAGE = 2000;
/** lstat calls in flight while listing; more only fill the thread pool. */
const STATS_AT_ONCE = 16;

/** All files below a directory: depth-first with a stack of directories, one page in memory at a time. */
export async function* listTree(base: string, within: string, signal: AbortSignal): AsyncGenerator<ListedObject[]> {
  const directories: Buffer[] = [Buffer.from(within)];
  let page: ListedObject[] = [];
  for (let directory = directories.pop(); directory !== undefined; directory = directories.pop()) {
    for await (const entries of readInBatches(base, directory)) {
      signal.throwIfAborted();
      const parent = directory;
      const paths = entries.map((entry) => joinBytes(parent, entry.name));
      entries.forEach((entry, at) => {
        const child = paths[at];
        if (entry.isDirectory() && child !== undefined) directories.push(child);
      });
      const files = paths.filter((_, at) => entries[at]?.isDirectory() === false);
      page.push(...(await Promise.all(files.map((file) => describe(base, file)))));
      if (page.length < PAGE) continue;
      yield page;
      page = [];
    }
  }
  if (page.length > 0) yield page;
}

type ByteEntry = { name: Buffer; isDirectory: () => boolean };

async function* readInBatches(base: string, directory: Buffer): AsyncGenerator<ByteEntry[]> {
  const absolute = joinBytes(Buffer.from(base), directory);
  let batch: ByteEntry[] = [];
  try {
    // Names as bytes: a name that is not UTF-8 must be reported, not mangled into another. The types know only strings.
    const entries = await opendir(absolute as unknown as string, {
      encoding: "buffer" as BufferEncoding,
      bufferSize: 256,
    });
    for await (const entry of entries) {
      batch.push(entry as unknown as ByteEntry);
      if (batch.length < STATS_AT_ONCE) continue;
      yield batch;
      batch = [];
    }
  } catch (cause) {
    throw listingFailed(directory, cause);
  }
  if (batch.length > 0) yield batch;
}

async function describe(base: string, relative: Buffer): Promise<ListedObject> {
  const key = relative.toString("utf8");
  if (!Buffer.from(key, "utf8").equals(relative)) {
    return invalid(escapeBytes(relative), "NotUtf8", "The file name is not valid UTF-8; S3 keys are.");
  }
  const stat = lstatAtOnce(path.join(base, key)) ?? (await lstatInTurn(base, relative));
  if (stat === undefined) return { key, sizeBytes: 0, fingerprint: "gone" };
  const listed = {
    key,
    sizeBytes: Number(stat.size),
    fingerprint: fingerprintOf(stat),
    modifiedMs: Number(stat.mtimeMs),
  };
  if (!stat.isFile()) {
    const kind = stat.isSymbolicLink() ? "symbolic link" : "special file";
    return {
      ...listed,
      sizeBytes: 0,
      problem: { kind: "filtered", code: "NotAFile", message: `A ${kind} is never followed.` },
    };
  }
  const problem = keyProblem(key);
  return problem === undefined
    ? listed
    : { ...listed, ...invalid(key, "InvalidKey", problem), sizeBytes: listed.sizeBytes };
}

async function lstatInTurn(base: string, relative: Buffer): Promise<BigIntStats | undefined> {
  try {
    return await lstat(path.join(base, relative.toString("utf8")), { bigint: true });
  } catch (cause) {
    // Deleted between reading the directory and now: the copy will say so in its own row.
    if (codeOf(cause) === "ENOENT") return undefined;
    throw listingFailed(relative, cause);
  }
}

function invalid(key: string, code: string, message: string): ListedObject {
  return { key, sizeBytes: 0, fingerprint: "", problem: { kind: "invalid_key", code, message } };
}

const SLASH = Buffer.from("/");
function joinBytes(parent: Buffer, name: Buffer): Buffer {
  return parent.length === 0 ? name : name.length === 0 ? parent : Buffer.concat([parent, SLASH, name]);
}

/** Shows foreign bytes as %XX, so that two different names stay different. */
function escapeBytes(bytes: Buffer): string {
  return Array.from(bytes, (byte) => {
    const isPlain = byte > 0x20 && byte < 0x7f && byte !== 0x25;
    return isPlain ? String.fromCharCode(byte) : `%${byte.toString(16).padStart(2, "0").toUpperCase()}`;
  }).join("");
}

function listingFailed(where: Buffer, cause: unknown): StoreError {
  if (cause instanceof StoreError) return cause;
  const code = codeOf(cause) ?? "Unknown";
  const shown = where.length === 0 ? "the source directory" : escapeBytes(where);
  return new StoreError({
    errorClass: "source_unreadable",
    code,
    message: `Listing ${shown} failed (${code}).`,
    cause,
  });
}
