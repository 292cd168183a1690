import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { AppError, codeOf } from "@/lib/errors";
import { collectorHost } from "@/server/config/address";
import type { Env } from "@/server/config/env";

const MIN_FREE_BYTES = 200_000_000;
const POLL_MS = 200;

/** A port this console needs, and the setting that moves it. */
export type NeededPort = { port: number; host: string; setting: string };

/** The ports of this console: its own, and those of the collector unless traces live in a Jaeger elsewhere. */
export function neededPorts({ HOST, PORT, OTLP_PORT, JAEGER_API_PORT, JAEGER_URL }: Env): NeededPort[] {
  const host = collectorHost({ HOST });
  const ports = [{ port: PORT, host: HOST, setting: "PORT" }];
  if (JAEGER_URL !== undefined) return ports;
  return [
    ...ports,
    { port: OTLP_PORT, host, setting: "OTLP_PORT" },
    { port: JAEGER_API_PORT, host, setting: "JAEGER_API_PORT" },
  ];
}

/** Makes the data directory, or says in one line why it cannot be used and what to do. */
export function prepareDataDir(dataDir: string): void {
  try {
    makeDirectory(dataDir);
    fs.accessSync(dataDir, fs.constants.R_OK | fs.constants.W_OK | fs.constants.X_OK);
  } catch (cause) {
    throw dataDirProblem(dataDir, cause);
  }
  const { bavail, bsize } = fs.statfsSync(dataDir);
  if (bavail * bsize < MIN_FREE_BYTES) throw diskFull(dataDir, bavail * bsize);
}

/**
 * Whether `prepareDataDir` would succeed, told by making and removing an empty directory beside the first part of the
 * path that is missing. @throws AppError as that would.
 */
export function tryDataDir(dataDir: string): { freeBytes: number; isThere: boolean } {
  let there = path.resolve(dataDir);
  for (; !fs.existsSync(there); there = path.dirname(there));
  try {
    fs.rmdirSync(fs.mkdtempSync(path.join(there, ".ops-console-")));
  } catch (cause) {
    // The error names the probe, which lies beside what is missing.
    throw dataDirProblem(dataDir, { code: codeOf(cause) });
  }
  const { bavail, bsize } = fs.statfsSync(there);
  if (bavail * bsize < MIN_FREE_BYTES) throw diskFull(dataDir, bavail * bsize);
  return { freeBytes: bavail * bsize, isThere: there === path.resolve(dataDir) };
}

/**
 * As `mkdir -p`. Node's own recursive mkdir never returns where a parent can be listed but not added to by anybody
 * (`/proc/x`: "no such file" for the child while the parent exists), and holds every signal meanwhile.
 */
function makeDirectory(wanted: string): void {
  const missing: string[] = [];
  let dir = path.resolve(wanted);
  for (; !fs.existsSync(dir); dir = path.dirname(dir)) missing.push(dir);
  for (const child of missing.reverse()) {
    try {
      fs.mkdirSync(child);
    } catch (error) {
      // Another start may make it at the same moment.
      if (codeOf(error) !== "EEXIST") throw error;
    }
  }
}

/** What is wrong with the room that a running database has left; undefined while it would still be enough to start. */
export function roomTrouble(dataDir: string): string | undefined {
  const { bavail, bsize } = fs.statfsSync(dataDir);
  const freeBytes = bavail * bsize;
  if (freeBytes >= MIN_FREE_BYTES) return undefined;
  return `has little room left on its disk (${Math.floor(freeBytes / 1_000_000)} MB free)`;
}

const UNWRITABLE = new Set(["EACCES", "EPERM", "EROFS", "ENOTDIR", "EEXIST", "ENOENT", "ELOOP", "ENAMETOOLONG"]);

/**
 * A failed write below the data directory as a sentence with its cure. An error that names a path elsewhere is about
 * that path, and comes back as it is, as all others do.
 */
export function dataDirProblem(dataDir: string, cause: unknown): unknown {
  const code = codeOf(cause) ?? "";
  const place = cause instanceof Error && "path" in cause && typeof cause.path === "string" ? cause.path : dataDir;
  if (!isWithin(dataDir, place) && !isWithin(place, dataDir)) return cause;
  if (code === "ENOSPC" || code === "EDQUOT") return diskFull(dataDir, 0);
  if (!UNWRITABLE.has(code)) return cause;
  return new AppError(
    "unavailable",
    `${dataDir} cannot be written (${code}). Set OPS_DATA_DIR to a directory this user may write.`,
    { cause },
  );
}

function isWithin(parent: string, child: string): boolean {
  const way = path.relative(parent, child);
  return way !== ".." && !way.startsWith(`..${path.sep}`);
}

function diskFull(dataDir: string, freeBytes: number): AppError {
  const freeMb = Math.floor(freeBytes / 1_000_000);
  return new AppError(
    "unavailable",
    `The disk of ${dataDir} is full: ${freeMb} MB free, ${MIN_FREE_BYTES / 1_000_000} MB needed. Free some, or set OPS_DATA_DIR to another disk.`,
  );
}

/** Refuses taken ports by name. `patienceMs`: how long the dying children of a killed console may still hold them. */
export async function assertPortsFree(ports: NeededPort[], patienceMs: number): Promise<void> {
  assertDistinct(ports);
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const taken: NeededPort[] = [];
    for (const needed of ports) if (!(await isFree(needed))) taken.push(needed);
    if (taken.length === 0) return;
    if (performance.now() > deadline) throw portsTaken(taken);
    await delay(POLL_MS);
  }
}

/** Refuses one port wanted twice, which would look like another program's. */
export function assertDistinct(ports: NeededPort[]): void {
  for (const [at, { port, setting }] of ports.entries()) {
    const other = ports.slice(0, at).find((earlier) => earlier.port === port);
    if (other === undefined) continue;
    throw new AppError(
      "invalid_input",
      `${other.setting} and ${setting} are both ${port}. Give each a port of its own: ${setting}=${port + at} npm start`,
    );
  }
}

function portsTaken(taken: NeededPort[]): AppError {
  const list = taken.map(({ port, setting }) => `${port} (${setting})`).join(", ");
  const cure = taken.map(({ port, setting }) => `${setting}=${port + 1}`).join(" ");
  return new AppError(
    "conflict",
    `Another program listens on port ${list}. Stop it, or choose another: ${cure} npm start`,
  );
}

function isFree({ port, host }: NeededPort): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(false);
      else if (error.code === "EACCES") {
        reject(new AppError("unavailable", `Port ${port} may not be opened by this user. Choose one above 1023.`));
      } else reject(error);
    });
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
