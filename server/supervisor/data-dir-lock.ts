import { randomUUID } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { z } from "zod";
import { AppError, codeOf } from "@/lib/errors";
import { isStillAlive, ownIdentity } from "@/server/processes/process-identity";

const holderSchema = z.object({ pid: z.number(), start: z.string(), host: z.string(), url: z.string() });
type Holder = z.infer<typeof holderSchema>;

/** The right to run on a data directory. `wasStale`: an earlier console died without giving it back. */
export type DataDirLock = { wasStale: boolean; release: () => void };

const TOUCH_MS = 5000;
/** On another machine (a shared volume) only the file's age tells whether its holder lives. */
const FOREIGN_STALE_MS = 20_000;

/**
 * Takes the data directory for this process, or refuses with the address of the console that has it. A holder that is
 * gone, or whose pid now belongs to another process, is replaced without a hand.
 */
export function lockDataDir(dataDir: string, url: string): DataDirLock {
  const file = path.join(dataDir, "console.lock");
  const mine: Holder = { ...ownIdentity(), host: os.hostname(), url };
  let wasStale = false;
  while (!tryCreate(file, mine)) {
    const text = readText(file);
    const holder = parseHolder(text);
    if (holder !== undefined && isHeld(file, holder)) {
      throw new AppError(
        "conflict",
        `A console is already running on ${dataDir}: ${holder.url} (pid ${holder.pid}). For a second one, set OPS_DATA_DIR and the ports.`,
      );
    }
    wasStale = true;
    removeIfUnchanged(file, text);
  }
  const timer = setInterval(() => touch(file), TOUCH_MS);
  timer.unref();
  return {
    wasStale,
    release: () => {
      clearInterval(timer);
      removeIfUnchanged(file, JSON.stringify(mine));
    },
  };
}

/** Who holds a data directory now, if anybody; takes and changes nothing. */
export function findLockHolder(dataDir: string): { pid: number; url: string } | undefined {
  const file = path.join(dataDir, "console.lock");
  const holder = parseHolder(readText(file));
  return holder !== undefined && isHeld(file, holder) ? { pid: holder.pid, url: holder.url } : undefined;
}

/** A hard link appears whole or not at all, and never over an existing file: nobody reads half a lock. */
function tryCreate(file: string, mine: Holder): boolean {
  const draft = `${file}.${randomUUID()}`;
  fs.writeFileSync(draft, JSON.stringify(mine));
  try {
    fs.linkSync(draft, file);
    return true;
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
    return false;
  } finally {
    fs.rmSync(draft, { force: true });
  }
}

/**
 * Removes the lock only if it is the one that was judged: of two starts that find the same stale lock, the slower may
 * otherwise remove the lock the faster has just taken.
 */
function removeIfUnchanged(file: string, text: string | undefined): void {
  const aside = `${file}.${randomUUID()}`;
  try {
    fs.renameSync(file, aside);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return;
    throw error;
  }
  try {
    if (readText(aside) !== text) fs.linkSync(aside, file);
  } finally {
    fs.rmSync(aside, { force: true });
  }
}

function isHeld(file: string, holder: Holder): boolean {
  if (holder.host === os.hostname()) return holder.pid !== process.pid && isStillAlive(holder);
  const { mtimeMs } = fs.statSync(file, { throwIfNoEntry: false }) ?? { mtimeMs: 0 };
  return Date.now() - mtimeMs < FOREIGN_STALE_MS;
}

/** Undefined for a lock that is gone, torn, or not ours to read: nobody holds it. */
function parseHolder(text: string | undefined): Holder | undefined {
  try {
    return holderSchema.parse(JSON.parse(text ?? ""));
  } catch {
    return undefined;
  }
}

function readText(file: string): string | undefined {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function touch(file: string): void {
  const now = new Date();
  try {
    fs.utimesSync(file, now, now);
  } catch {
    // Gone with the disk or by hand; the processes that run do not depend on it.
  }
}
