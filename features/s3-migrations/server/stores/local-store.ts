import { type BigIntStats, constants } from "node:fs";
import { type FileHandle, open, realpath, unlink } from "node:fs/promises";
import path from "node:path";
import type { Readable } from "node:stream";
import mime from "mime-types";
import { codeOf } from "@/lib/errors";
import { classifyErrno } from "../../domain/classify";
import { fingerprintOf, isUnchanged, sizeIn } from "./file-fingerprint";
import { listTree } from "./local-listing";
import type { OpenedObject, SourceStore } from "./object-store";
import { mayReadAtOnce, readAtOnce } from "./read-at-once";
import { StoreError } from "./store-error";

/** O_NOFOLLOW guards the last part of the path, O_NONBLOCK a pipe put in the file's place. */
const SAFE_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * Files under a directory. Links are never followed, neither as entries nor as parts of a path (a link swapped in
 * later is refused by comparing real paths); pipes, sockets and devices are listed as filtered, never opened.
 */
export async function openLocalStore(root: string, within = ""): Promise<SourceStore> {
  const base = await realpath(root).catch((cause) => {
    throw cannotOpen(root, cause);
  });
  await refuseLinkedDirectory(base, within);
  return {
    isOrdered: false,
    list: ({ signal }) => listTree(base, within, signal),
    read: (key, { fingerprint }) => readFile(base, key, fingerprint),
    stat: async (key, { fingerprint }) => {
      const { handle, opened } = await openFile(base, key, fingerprint);
      await handle.close();
      return opened;
    },
    openRange: (key, options) => openRange(base, key, options),
    remove: (key, { fingerprint }) => removeFile(base, key, fingerprint),
    close: async () => {},
  };
}

function cannotOpen(directory: string, cause: unknown): StoreError {
  const code = errnoOf(cause);
  const message =
    code === "ENOENT"
      ? `There is no directory ${directory} on the machine of the worker.`
      : `The directory ${directory} cannot be opened (${code}).`;
  return new StoreError({ errorClass: "config", code, message, cause });
}

/** Deployments like to link `public/uploads` elsewhere; its files would all be refused one by one, so it is said at once. */
async function refuseLinkedDirectory(base: string, within: string): Promise<void> {
  const directory = path.join(base, within);
  const real = await realpath(directory).catch((cause) => {
    throw cannotOpen(directory, cause);
  });
  if (real === directory) return;
  throw new StoreError({
    errorClass: "config",
    code: "LinkedDirectory",
    message: `${directory} is a link to ${real}. Name the directory that really holds it.`,
  });
}

async function readFile(base: string, key: string, fingerprint: string): Promise<OpenedObject & { body: Buffer }> {
  if (fingerprint !== "" && mayReadAtOnce(sizeIn(fingerprint))) return readSmallFile(base, key, fingerprint);
  const { handle, opened } = await openFile(base, key, fingerprint);
  try {
    const body = Buffer.allocUnsafe(opened.sizeBytes);
    let filled = 0;
    while (filled < body.length) {
      const { bytesRead } = await handle.read(body, filled, body.length - filled, filled);
      if (bytesRead === 0) throw changed(key);
      filled += bytesRead;
    }
    // Appended or rewritten while we read: the copy would be of no moment in time.
    if (fingerprintOf(await handle.stat({ bigint: true })) !== opened.fingerprint) throw changed(key);
    return { ...opened, body };
  } catch (cause) {
    throw toFileError(key, cause);
  } finally {
    await handle.close();
  }
}

function readSmallFile(base: string, key: string, fingerprint: string): OpenedObject & { body: Buffer } {
  try {
    const { body, before, after } = readAtOnce(path.join(base, key), SAFE_FLAGS);
    const opened = { ...toOpened(key, before), body };
    const isSame = before.isFile() && opened.fingerprint === fingerprint && isUnchanged(before, after);
    if (!isSame || body.length !== opened.sizeBytes) throw changed(key);
    return opened;
  } catch (cause) {
    throw toFileError(key, cause);
  }
}

/** The path is compared with the real one once more: a directory linked elsewhere must not lead the deletion there. */
async function removeFile(base: string, key: string, fingerprint: string): Promise<void> {
  const { handle } = await openFile(base, key, fingerprint);
  await handle.close();
  const file = path.join(base, key);
  await refuseForeignPath(base, file, key);
  await unlink(file).catch((cause) => {
    throw toFileError(key, cause);
  });
}

async function openRange(
  base: string,
  key: string,
  { start, end, fingerprint, signal }: { start: number; end: number; fingerprint: string; signal: AbortSignal },
): Promise<Readable> {
  const { handle } = await openFile(base, key, fingerprint);
  const stream = handle.createReadStream({ start, end: end - 1, signal, highWaterMark: 256 * 1024 });
  return stream;
}

async function openFile(
  base: string,
  key: string,
  fingerprint: string,
): Promise<{ handle: FileHandle; opened: OpenedObject }> {
  const file = path.join(base, key);
  let handle: FileHandle;
  try {
    handle = await open(file, SAFE_FLAGS);
  } catch (cause) {
    throw toFileError(key, cause);
  }
  try {
    const stat = await handle.stat({ bigint: true });
    const now = fingerprintOf(stat);
    if (!stat.isFile() || (fingerprint !== "" && now !== fingerprint)) throw changed(key);
    if (fingerprint === "") await refuseForeignPath(base, file, key);
    return { handle, opened: toOpened(key, stat) };
  } catch (cause) {
    await handle.close();
    throw toFileError(key, cause);
  }
}

function toOpened(key: string, stat: BigIntStats): OpenedObject {
  const type = mime.lookup(key);
  return {
    sizeBytes: Number(stat.size),
    fingerprint: fingerprintOf(stat),
    modifiedMs: Number(stat.mtimeMs),
    metadata: { "content-type": type === false ? "application/octet-stream" : type },
    isTypeByName: true,
    told: {},
  };
}

/** Inode and mtime in the fingerprint already tie a known object to what was listed; a retried one is checked anew. */
async function refuseForeignPath(base: string, file: string, key: string): Promise<void> {
  const directory = path.dirname(file);
  if ((await realpath(directory)) !== directory || !file.startsWith(base + path.sep)) throw changed(key);
}

function changed(key: string): StoreError {
  return new StoreError({
    errorClass: "source_changed",
    code: "SourceChanged",
    message: `${key} is not the file that was listed: it was written, replaced or truncated since.`,
  });
}

function toFileError(key: string, cause: unknown): StoreError {
  if (cause instanceof StoreError) return cause;
  const code = errnoOf(cause);
  return new StoreError({ errorClass: classifyErrno(code), code, message: `${key} cannot be read (${code}).`, cause });
}

function errnoOf(cause: unknown): string {
  return codeOf(cause) ?? "Unknown";
}
