import { constants, type Dirent } from "node:fs";
import { type FileHandle, open, opendir, realpath } from "node:fs/promises";
import path from "node:path";
import { AppError, codeOf } from "@/lib/errors";
import type { SourceSpec } from "../domain/source-spec";
import { readCheckoutDates } from "./checkout-dates";
import { readCodeOwnersFile } from "./code-owners-file";
import type { LastChange } from "./git-history";
import {
  blobIdOf,
  decodeText,
  leftOutNotes,
  MAX_FILE_BYTES,
  MAX_FILES,
  MAX_KNOWN_FILES,
  oversized,
  type SourceContent,
  type SourceFile,
} from "./source-content";

const SKIPPED_FOLDERS = new Set([".git", "node_modules"]);
const MAX_DEPTH = 20;

/**
 * Reads every `.md` file below a directory. Symbolic links are not followed, neither to files nor to folders, so
 * nothing outside can be read; the directory itself may be one, since the operator named it.
 * @throws AppError unavailable when the directory cannot be read.
 */
export async function readDirectorySource(
  spec: Extract<SourceSpec, { kind: "directory" }>,
  signal: AbortSignal,
): Promise<SourceContent> {
  const root = await realpath(path.resolve(spec.directory)).catch((cause: unknown) => {
    throw new AppError("unavailable", `The directory ${spec.directory} cannot be read.`, { cause });
  });
  const { paths, notes, allPaths } = await listMarkdown(root);
  const dates = await readCheckoutDates(root, signal);
  const files: SourceFile[] = [];
  for (const relative of paths) {
    const file = await readFileSafely(root, relative);
    const committed = dates.get(relative);
    // A file that was edited since has the time of that edit, and nobody's name.
    if (file !== undefined) files.push(committed?.blob === file.blob ? { ...file, ...dateOnly(committed) } : file);
  }
  const codeOwners = await readCodeOwnersFile(root);
  return {
    commit: null,
    files,
    notes,
    codeOwners,
    allPaths: allPaths.length > MAX_KNOWN_FILES ? null : allPaths.sort(),
  };
}

const dateOnly = ({ changedAt, changedBy }: LastChange): LastChange => ({ changedAt, changedBy });

/** `allPaths` stops growing one above the limit: more is too many. */
type Found = { paths: string[]; allPaths: string[]; linkCount: number };
type Folder = { relative: string; depth: number };

async function listMarkdown(root: string): Promise<{ paths: string[]; notes: string[]; allPaths: string[] }> {
  const found: Found = { paths: [], allPaths: [], linkCount: 0 };
  const folders: Folder[] = [{ relative: "", depth: 0 }];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for await (const entry of await opendir(path.join(root, folder.relative))) {
      const inner = sortEntry(entry, folder, found);
      if (inner !== undefined) folders.push(inner);
    }
  }
  const paths = found.paths.sort();
  const notes = leftOutNotes({ linkCount: found.linkCount, fileCount: paths.length });
  return { paths: paths.slice(0, MAX_FILES), notes, allPaths: found.allPaths };
}

/** Files a folder's entry under what it is; a folder to look into comes back. */
function sortEntry(entry: Dirent, folder: Folder, found: Found): Folder | undefined {
  const relative = folder.relative === "" ? entry.name : `${folder.relative}/${entry.name}`;
  if (!entry.isDirectory() && found.allPaths.length <= MAX_KNOWN_FILES) found.allPaths.push(relative);
  if (entry.isSymbolicLink()) found.linkCount += 1;
  else if (entry.isFile() && /\.md$/i.test(entry.name)) found.paths.push(relative);
  const isOpen = entry.isDirectory() && !SKIPPED_FOLDERS.has(entry.name) && folder.depth < MAX_DEPTH;
  return isOpen ? { relative, depth: folder.depth + 1 } : undefined;
}

/** `undefined` when the file went, or became something else, since it was listed. */
async function readFileSafely(root: string, relative: string): Promise<SourceFile | undefined> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path.join(root, relative), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stat = await handle.stat();
    if (!stat.isFile()) return undefined;
    const about = { path: relative, changedAt: stat.mtime, changedBy: null };
    if (stat.size > MAX_FILE_BYTES) return { ...about, blob: `size-${stat.size}`, ...oversized(stat.size) };
    const bytes = await handle.readFile();
    return { ...about, blob: blobIdOf(bytes), ...decodeText(bytes) };
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOENT" || code === "ELOOP" || code === "EACCES") return undefined;
    throw error;
  } finally {
    await handle?.close();
  }
}
