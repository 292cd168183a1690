import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { AppError, codeOf } from "@/lib/errors";
import { causeIn, isDiskFullComplaint, LOG_LINE_PREFIX } from "./complaint";
import { freePort } from "./free-port";
import { binary, type PostgresLayout, preparePostgres } from "./layout";

const USER = "ops";
const DATABASE = "ops";
/** Loopback only and per data directory; it keeps other programs from a mistaken login, not people with this file system. */
const PASSWORD = "ops";
const POLL_MS = 20;
/** Crash recovery replays the log first: 1 GB of it took 12 s. */
const READY_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 15_000;

export type EmbeddedPostgres = {
  /** Address of the database, password included. */
  url: string;
  pid: number;
  port: number;
  /** Where its files lie; elsewhere than asked when its user cannot enter there. */
  dataDir: string;
  /** True when a server left over from a killed parent was found running and taken over. */
  isAdopted: boolean;
  /** Ends in fast mode: sessions are ended, the log is flushed. */
  stop: () => Promise<void>;
  /** Resolves when the server is gone, for whatever reason. */
  exited: Promise<void>;
};

/**
 * Starts, or takes over, the Postgres of a data directory. Readiness is read from `postmaster.pid`, not from log text.
 * The npm wrapper around these binaries is not used: it exits our process on signals and cannot take over a server.
 */
export async function startEmbeddedPostgres({
  dataDir,
  port,
}: {
  dataDir: string;
  port?: number;
}): Promise<EmbeddedPostgres> {
  const layout = preparePostgres(dataDir);
  const running = await findRunning(layout.dataDir);
  if (running !== undefined) return handleFor(layout, running.pid, running.port, true, watchPid(running.pid));
  initialise(layout);
  const chosenPort = port ?? (await freePort());
  const child = launch(layout, chosenPort);
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  await untilReady(layout, child, exited);
  if (child.pid === undefined) throw new AppError("unavailable", "Postgres did not start.");
  return handleFor(layout, child.pid, chosenPort, false, exited);
}

function handleFor(
  layout: PostgresLayout,
  pid: number,
  port: number,
  isAdopted: boolean,
  exited: Promise<void>,
): EmbeddedPostgres {
  const url = `postgresql://${USER}:${PASSWORD}@127.0.0.1:${port}/${DATABASE}`;
  return { url, pid, port, dataDir: layout.dataDir, isAdopted, exited, stop: () => stop(pid, layout.dataDir) };
}

function initialise({ dataDir, runAs, ...layout }: PostgresLayout): void {
  if (fs.existsSync(path.join(dataDir, "PG_VERSION"))) {
    assertSameMajor(dataDir);
    return;
  }
  const passwordFile = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "ops-pg-")), "password");
  fs.writeFileSync(passwordFile, PASSWORD);
  if (runAs.uid !== undefined && runAs.gid !== undefined) {
    fs.chownSync(path.dirname(passwordFile), runAs.uid, runAs.gid);
    fs.chownSync(passwordFile, runAs.uid, runAs.gid);
  }
  // A built-in locale sorts the same everywhere and needs none installed.
  const options = [
    "-D",
    dataDir,
    "-U",
    USER,
    `--pwfile=${passwordFile}`,
    "-A",
    "scram-sha-256",
    "-E",
    "UTF8",
    "--locale-provider=builtin",
    "--locale=C.UTF-8",
    "--no-sync",
  ];
  const result = spawnSync(binary({ dataDir, runAs, ...layout }, "initdb"), options, {
    ...runAs,
    env: postgresEnv(),
    cwd: dataDir,
    encoding: "utf8",
  });
  fs.rmSync(path.dirname(passwordFile), { recursive: true, force: true });
  if (result.status === 0) return;
  const reason = result.error?.message ?? causeIn(result.stderr);
  // A half-made directory would be taken for a database at the next start.
  for (const entry of fs.readdirSync(dataDir)) fs.rmSync(path.join(dataDir, entry), { recursive: true, force: true });
  if (isDiskFullComplaint(result.stderr)) {
    throw new AppError(
      "unavailable",
      `The disk of ${dataDir} is full. Free about 100 MB, or set OPS_DATA_DIR to another disk.`,
    );
  }
  throw new AppError(
    "unavailable",
    `Postgres could not set up ${dataDir}: ${reason}. Put that right, or set DATABASE_URL to another Postgres.`,
  );
}

function assertSameMajor(dataDir: string): void {
  const major = fs.readFileSync(path.join(dataDir, "PG_VERSION"), "utf8").trim();
  if (major !== "18") {
    throw new AppError(
      "unsupported",
      `${dataDir} was written by Postgres ${major}, this is 18. Move it away, or set DATABASE_URL to a server that reads it.`,
    );
  }
}

function launch({ dataDir, runAs, ...layout }: PostgresLayout, port: number): ChildProcess {
  const settings: Record<string, string> = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    max_connections: "60",
    shared_buffers: "64MB",
    max_wal_size: "512MB",
    log_min_messages: "warning",
    log_line_prefix: LOG_LINE_PREFIX,
    // Recovery by syncing file systems, not each file: 0.27 s instead of 4.1 s after a kill -9.
    ...(process.platform === "linux" ? { recovery_init_sync_method: "syncfs" } : {}),
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  return spawn(binary({ dataDir, runAs, ...layout }, "postgres"), ["-D", dataDir, "-p", String(port), ...options], {
    ...runAs,
    env: postgresEnv(),
    cwd: dataDir,
    stdio: ["ignore", "ignore", "pipe"],
    // Its own process group: a terminal's Ctrl-C must not reach it before its clients have ended.
    detached: true,
  });
}

async function untilReady({ dataDir }: PostgresLayout, child: ChildProcess, exited: Promise<void>): Promise<void> {
  let complaint = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-4000);
  });
  const deadline = performance.now() + READY_TIMEOUT_MS;
  while (readPidFile(dataDir)?.status !== "ready") {
    const isGone = await Promise.race([exited.then(() => true), delay(POLL_MS, false)]);
    const reason = causeIn(complaint);
    if (isGone && isDiskFullComplaint(complaint)) {
      throw new AppError(
        "unavailable",
        `The disk of ${dataDir} is full. Free space, or set OPS_DATA_DIR to another disk.`,
      );
    }
    if (isGone) throw new AppError("unavailable", `Postgres ended while starting: ${reason}`);
    if (performance.now() > deadline)
      throw new AppError("unavailable", `Postgres was not ready within 2 minutes: ${reason}`);
  }
  child.unref();
  (child.stderr as unknown as net.Socket | null)?.unref();
}

async function stop(pid: number, dataDir: string): Promise<void> {
  // SIGINT is "fast": SIGTERM would wait for every client to leave by itself.
  if (!signal(pid, "SIGINT")) return;
  const deadline = performance.now() + STOP_TIMEOUT_MS;
  while (fs.existsSync(path.join(dataDir, "postmaster.pid")) && isPostgres(pid)) {
    if (performance.now() > deadline) {
      signal(pid, "SIGQUIT");
      return;
    }
    await delay(POLL_MS);
  }
}

/** The live server of a data directory. A stale pid file, left by a kill -9 or a reboot, is removed. */
async function findRunning(dataDir: string): Promise<{ pid: number; port: number } | undefined> {
  const file = readPidFile(dataDir);
  if (file === undefined) return undefined;
  if (!isPostgres(file.pid)) {
    fs.rmSync(path.join(dataDir, "postmaster.pid"), { force: true });
    return undefined;
  }
  const deadline = performance.now() + READY_TIMEOUT_MS;
  while (!(readPidFile(dataDir)?.status === "ready" && (await isOpen(file.port)))) {
    if (!isPostgres(file.pid)) return findRunning(dataDir);
    if (performance.now() > deadline)
      throw new AppError("unavailable", `Postgres (pid ${file.pid}) of ${dataDir} does not answer.`);
    await delay(POLL_MS);
  }
  return { pid: file.pid, port: file.port };
}

/** Lines of postmaster.pid: pid, data directory, start, port, socket directory, listen address, shared memory, status. */
function readPidFile(dataDir: string): { pid: number; port: number; status: string } | undefined {
  try {
    const lines = fs.readFileSync(path.join(dataDir, "postmaster.pid"), "utf8").split("\n");
    return { pid: Number(lines[0]), port: Number(lines[3]), status: (lines[7] ?? "").trim() };
  } catch {
    return undefined;
  }
}

/** Guards against a pid that was used again: in containers the same small numbers come back after each restart. */
function isPostgres(pid: number): boolean {
  if (!signal(pid, 0)) return false;
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
    return /^\d+ \(postgres\) [^Z]/.test(stat);
  } catch {
    return process.platform !== "linux";
  }
}

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

async function watchPid(pid: number): Promise<void> {
  while (isPostgres(pid)) await delay(1000, undefined, { ref: false });
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

/** Only what Postgres needs: our secrets stay out of its environment. */
function postgresEnv(): NodeJS.ProcessEnv {
  return { PATH: "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC", NODE_ENV: "production" };
}
