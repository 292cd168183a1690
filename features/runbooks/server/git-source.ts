import { createHash } from "node:crypto";
import { mkdir, opendir, rm, stat } from "node:fs/promises";
import path from "node:path";
import { AppError } from "@/lib/errors";
import { env } from "@/server/config/env";
import { CODE_OWNERS_PATHS } from "../domain/code-owners";
import { matchesGlob, type SourceSpec } from "../domain/source-spec";
import { runGit } from "./git-command";
import { readLastChanges } from "./git-history";
import {
  decodeText,
  leftOutNotes,
  MAX_FILE_BYTES,
  MAX_FILES,
  MAX_KNOWN_FILES,
  oversized,
  type SourceContent,
  type SourceFile,
} from "./source-content";

const NETWORK_TIMEOUT_MS = 60_000;
const LOCAL_TIMEOUT_MS = 20_000;
const MAX_CLONE_BYTES = 200 * 1000 * 1000;
const MAX_LISTING_BYTES = 64 * 1024 * 1024;
/** Two thousand files of the largest size kept would be more; such a source is refused, not truncated in silence. */
const MAX_CONTENT_BYTES = 256 * 1024 * 1024;

type GitSpec = Extract<SourceSpec, { kind: "git" }>;
type TreeEntry = { path: string; blob: string; sizeBytes: number };

/**
 * Fetches one branch into a bare clone below the data directory and reads the files of its tree as objects: without a
 * work tree there is nothing a path or a link in the repository could point out of.
 * @throws AppError upstream_* when the repository cannot be fetched or is too large.
 */
export async function readGitSource(spec: GitSpec, signal: AbortSignal): Promise<SourceContent> {
  const gitDir = cloneDirectory(spec);
  await fetchClone(spec, gitDir, signal);
  const local = { gitDir, timeoutMs: LOCAL_TIMEOUT_MS, maxOutputBytes: MAX_LISTING_BYTES, signal };
  const commit = (await runGit({ ...local, args: ["rev-parse", "--verify", "FETCH_HEAD^{commit}"] })).toString().trim();
  const listing = await runGit({ ...local, args: ["ls-tree", "-rz", "--long", "--full-tree", commit] });
  const { entries, notes, allPaths } = chooseEntries(listing.toString("utf8"), spec.glob);
  const changes = await readLastChanges({ ...local, commit, paths: new Set(entries.map(({ path }) => path)) });
  const texts = await readBlobs(entries, { ...local, maxOutputBytes: MAX_CONTENT_BYTES });
  const files = entries.map((entry): SourceFile => {
    const change = changes.get(entry.path) ?? { changedAt: new Date(0), changedBy: null };
    const content = texts.get(entry.blob) ?? oversized(entry.sizeBytes);
    return { path: entry.path, blob: entry.blob, ...change, ...content };
  });
  const codeOwners = await readCodeOwners(commit, allPaths, local);
  return { commit, files, notes, codeOwners, allPaths: allPaths.length > MAX_KNOWN_FILES ? null : allPaths };
}

/** Rules larger than what is read of a file are as good as none. */
async function readCodeOwners(commit: string, allPaths: readonly string[], local: LocalCall) {
  const paths = new Set(allPaths);
  const name = CODE_OWNERS_PATHS.find((path) => paths.has(path));
  if (name === undefined) return null;
  const call = { ...local, maxOutputBytes: MAX_FILE_BYTES, args: ["cat-file", "blob", `${commit}:${name}`] };
  const text = await runGit(call).catch(() => undefined);
  return text === undefined ? null : { text: text.toString("utf8"), prefix: "" };
}

function cloneDirectory({ url, ref, name }: GitSpec): string {
  const key = createHash("sha256").update(`${url}\0${ref}`).digest("hex").slice(0, 12);
  return path.join(env().OPS_DATA_DIR, "runbooks", `${name}-${key}.git`);
}

async function fetchClone(spec: GitSpec, gitDir: string, signal: AbortSignal): Promise<void> {
  const call = { timeoutMs: NETWORK_TIMEOUT_MS, maxOutputBytes: 1_000_000, signal };
  await mkdir(path.dirname(gitDir), { recursive: true });
  const isNew = !(await exists(path.join(gitDir, "HEAD")));
  if (isNew) await runGit({ ...call, args: ["init", "--quiet", "--bare", gitDir] });
  try {
    const args = ["fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--force", "--", spec.url, spec.ref];
    await withSizeLimit(gitDir, signal, (limited) => runGit({ ...call, gitDir, url: spec.url, args, signal: limited }));
  } catch (error) {
    if (isNew) await rm(gitDir, { recursive: true, force: true });
    throw error;
  }
}

/** Stops a fetch that outgrows the limit while it grows, not after the disk is full. */
async function withSizeLimit(
  gitDir: string,
  signal: AbortSignal,
  work: (limited: AbortSignal) => Promise<unknown>,
): Promise<void> {
  const tooLarge = new AbortController();
  const watch = setInterval(() => {
    void sizeOf(gitDir).then((sizeBytes) => {
      if (sizeBytes > MAX_CLONE_BYTES) tooLarge.abort();
    });
  }, 500);
  try {
    await work(AbortSignal.any([signal, tooLarge.signal]));
  } catch (error) {
    if (!tooLarge.signal.aborted) throw error;
    await rm(gitDir, { recursive: true, force: true });
    throw new AppError("upstream_too_large", `The repository is larger than ${MAX_CLONE_BYTES / 1e6} MB.`, {
      cause: error,
    });
  } finally {
    clearInterval(watch);
  }
}

/** Only plain files: a symbolic link has mode 120000, a submodule 160000, and neither is read. */
function chooseEntries(listing: string, glob: string): { entries: TreeEntry[]; notes: string[]; allPaths: string[] } {
  const isWanted = matchesGlob(glob);
  const entries: TreeEntry[] = [];
  const allPaths: string[] = [];
  let linkCount = 0;
  for (const line of listing.split("\0")) {
    const [, mode, blob, size, filePath] = /^(\d{6}) \w+ ([0-9a-f]+) +(\d+|-)\t(.*)$/s.exec(line) ?? [];
    if (filePath !== undefined) allPaths.push(filePath);
    if (mode === undefined || blob === undefined || filePath === undefined || !isWanted(filePath)) continue;
    if (mode === "100644" || mode === "100755") entries.push({ path: filePath, blob, sizeBytes: Number(size) });
    else linkCount += 1;
  }
  const notes = leftOutNotes({ linkCount, fileCount: entries.length });
  if (entries.length === 0) notes.push(`No Markdown file matches ${glob}.`);
  return { entries: entries.slice(0, MAX_FILES), notes, allPaths };
}

type LocalCall = { gitDir: string; timeoutMs: number; maxOutputBytes: number; signal: AbortSignal };

async function readBlobs(entries: readonly TreeEntry[], local: LocalCall) {
  const wanted = [...new Set(entries.filter(({ sizeBytes }) => sizeBytes <= MAX_FILE_BYTES).map(({ blob }) => blob))];
  const texts = new Map<string, ReturnType<typeof decodeText>>();
  if (wanted.length === 0) return texts;
  const output = await runGit({ ...local, args: ["cat-file", "--batch"], input: `${wanted.join("\n")}\n` });
  let offset = 0;
  while (offset < output.length) {
    const headEnd = output.indexOf(10, offset);
    const [blob = "", , size = "0"] = output.toString("latin1", offset, headEnd).split(" ");
    const end = headEnd + 1 + Number(size);
    texts.set(blob, decodeText(output.subarray(headEnd + 1, end)));
    offset = end + 1;
  }
  return texts;
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

async function sizeOf(directory: string): Promise<number> {
  let sizeBytes = 0;
  try {
    for await (const entry of await opendir(directory, { recursive: true })) {
      if (!entry.isFile()) continue;
      sizeBytes += await stat(path.join(entry.parentPath, entry.name)).then(
        ({ size }) => size,
        () => 0,
      );
    }
  } catch {
    // git moves its temporary files while they are counted: the next look counts again.
  }
  return sizeBytes;
}
