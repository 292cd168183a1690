import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { messageOf } from "@/lib/errors";
import { log } from "@/server/log/log";
import { runGit } from "./git-command";
import { type LastChange, readLastChanges } from "./git-history";

const TIMEOUT_MS = 10_000;
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;
const MAX_DEPTH = 20;

/** What git knows of the files below a directory: their blob at HEAD, and when and by whom that was last changed. */
export type CheckoutDates = ReadonlyMap<string, LastChange & { blob: string }>;

const NONE: CheckoutDates = new Map();
/** By directory, with what tells that HEAD has moved: the history is not walked again for each look at the files. */
const known = new Map<string, { mark: string; dates: CheckoutDates }>();

/**
 * When the runbooks of a directory were changed, where it belongs to a checkout of git: the files' own times are those
 * of the checkout, so that each fresh clone would make old runbooks look new. Paths are relative to the directory.
 * Empty, for the files' times to count, without a repository, without git, or where git refuses (somebody else's).
 */
export async function readCheckoutDates(root: string, signal: AbortSignal): Promise<CheckoutDates> {
  const checkout = await findCheckout(root);
  if (checkout === undefined) return NONE;
  const mark = await headMark(checkout.gitDir);
  const last = known.get(root);
  if (last?.mark === mark) return last.dates;
  const dates = await ask(checkout, path.relative(checkout.top, root), signal).catch((error: unknown) => {
    if (!signal.aborted) log().info({ reason: messageOf(error), root }, "git does not tell when runbooks were changed");
    return NONE;
  });
  if (!signal.aborted) known.set(root, { mark, dates });
  return dates;
}

/** The folder of the checkout a directory belongs to. */
export async function checkoutTopOf(root: string): Promise<string | undefined> {
  return (await findCheckout(root))?.top;
}

type Checkout = { top: string; gitDir: string };

async function findCheckout(root: string): Promise<Checkout | undefined> {
  for (let [top, depth] = [root, 0]; depth < MAX_DEPTH; [top, depth] = [path.dirname(top), depth + 1]) {
    const gitDir = await gitDirOf(path.join(top, ".git"));
    if (gitDir !== undefined) return { top, gitDir };
    if (path.dirname(top) === top) return undefined;
  }
  return undefined;
}

/** `.git` is a directory, or in a work tree beside the main one a file that names it. */
async function gitDirOf(file: string): Promise<string | undefined> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) return undefined;
  if (found.isDirectory()) return file;
  const [, named] = /^gitdir: (.+)$/m.exec(await readFile(file, "utf8").catch(() => "")) ?? [];
  return named === undefined ? undefined : path.resolve(path.dirname(file), named);
}

/** Every commit and every change of branch writes the log of HEAD; where none is kept, HEAD itself must do. */
async function headMark(gitDir: string): Promise<string> {
  for (const file of ["logs/HEAD", "HEAD"]) {
    const found = await stat(path.join(gitDir, file)).catch(() => undefined);
    if (found !== undefined) return `${file} ${found.mtimeMs} ${found.size}`;
  }
  return "";
}

async function ask({ gitDir }: Checkout, below: string, signal: AbortSignal): Promise<CheckoutDates> {
  const call = { gitDir, timeoutMs: TIMEOUT_MS, maxOutputBytes: MAX_OUTPUT_BYTES, signal };
  const scope = below === "" ? "." : below.split(path.sep).join("/");
  const listing = await runGit({ ...call, args: ["ls-tree", "-rz", "--full-tree", "HEAD", "--", scope] });
  const blobs = new Map<string, string>();
  for (const line of listing.toString("utf8").split("\0")) {
    const [, blob, file] = /^\d{6} blob ([0-9a-f]+)\t(.*\.md)$/is.exec(line) ?? [];
    if (blob !== undefined && file !== undefined) blobs.set(file, blob);
  }
  const changes = await readLastChanges({ ...call, commit: "HEAD", paths: new Set(blobs.keys()), scope });
  const prefix = scope === "." ? "" : `${scope}/`;
  return new Map(
    [...changes].map(([file, change]) => [file.slice(prefix.length), { ...change, blob: blobs.get(file) ?? "" }]),
  );
}
