import { type ChildProcess, execFile, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { processesSchema } from "@/lib/console-contract";
import { freePort } from "@/server/postgres/free-port";

const ROOT = path.join(import.meta.dirname, "../..");
const START_TIMEOUT_MS = 120_000;
const BUILD_DIR = ".next-test";

/** A developer's .env and shell must not change what a test sees: empty counts as unset, and wins over the file. */
const NEUTRAL = {
  DATABASE_URL: "",
  JAEGER_URL: "",
  JAEGER_HEADERS: "",
  RUNBOOKS: "",
  GITHUB_REPOSITORY_URL: "",
  S3_ENDPOINT: "",
  OPS_ALLOWED_ORIGINS: "",
  OTEL_EXPORTER_OTLP_ENDPOINT: "",
  OTEL_EXPORTER_OTLP_HEADERS: "",
};

/** A whole console on free ports, as `ops-console start` runs it. */
export type TestConsole = {
  url: string;
  otlpUrl: string;
  jaegerUrl: string;
  dataDir: string;
  /** Of the supervisor. */
  pid: number;
  /** Everything printed so far. */
  output: () => string;
  /** Name and pid of each process, as the console itself reports them. */
  processes: () => Promise<{ name: string; pid: number; restarts: number; rssBytes: number }[]>;
  /** Ends it in order; removes the data directory unless the caller brought it. Resolves with the exit code. */
  stop: () => Promise<number | null>;
  /** kill -9 of the supervisor. */
  kill: () => Promise<void>;
};

type StartOptions = {
  env?: Record<string, string>;
  /** A directory to keep across starts; a fresh one by default. */
  dataDir?: string;
  args?: string[];
};

/** Builds `.next-test` if the sources changed, starts a console and waits until it answers. */
export async function startConsole({ env = {}, dataDir, args = [] }: StartOptions = {}): Promise<TestConsole> {
  await buildForTests();
  const dir = dataDir ?? makeDataDir();
  const ports = await freePorts();
  const launched = launchConsole({ env: { ...ports, ...env }, dataDir: dir, args });
  const at = (name: keyof typeof ports) => `http://127.0.0.1:${env[name] ?? ports[name]}`;
  const url = at("PORT");
  await untilReady(launched);
  return {
    url,
    otlpUrl: at("OTLP_PORT"),
    jaegerUrl: at("JAEGER_API_PORT"),
    dataDir: dir,
    pid: launched.child.pid ?? 0,
    output: launched.output,
    processes: async () => processesSchema.parse(await (await fetch(`${url}/api/processes`)).json()).processes,
    stop: async () => {
      launched.child.kill("SIGTERM");
      const code = await launched.exited;
      if (dataDir === undefined) fs.rmSync(path.dirname(dir), { recursive: true, force: true });
      return code;
    },
    kill: async () => {
      launched.child.kill("SIGKILL");
      await launched.exited;
    },
  };
}

export type Launched = { child: ChildProcess; output: () => string; exited: Promise<number | null> };

/** Starts `ops-console` without waiting for anything, for tests of starts that fail. */
export function launchConsole(options: {
  env: Record<string, string>;
  dataDir: string;
  args?: string[];
  verb?: string;
}): Launched {
  const child = spawn(process.execPath, ["bin/ops-console.mjs", options.verb ?? "start", ...(options.args ?? [])], {
    cwd: ROOT,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      NODE_ENV: "production",
      NEXT_DIST_DIR: BUILD_DIR,
      OPS_DATA_DIR: options.dataDir,
      ...NEUTRAL,
      ...options.env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const exited = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  return { child, output: () => output, exited };
}

/** A data directory that the database's own user can enter when the tests run as root. */
export function makeDataDir(): string {
  const parent = fs.mkdtempSync(path.join(os.tmpdir(), "ops-console-test-"));
  fs.chmodSync(parent, 0o755);
  return path.join(parent, "data");
}

/** Three ports nobody listens on, as settings. */
export async function freePorts(): Promise<{ PORT: string; OTLP_PORT: string; JAEGER_API_PORT: string }> {
  const ports = new Set<number>();
  while (ports.size < 3) ports.add(await freePort());
  const [PORT, OTLP_PORT, JAEGER_API_PORT] = [...ports].map(String);
  return { PORT: PORT ?? "", OTLP_PORT: OTLP_PORT ?? "", JAEGER_API_PORT: JAEGER_API_PORT ?? "" };
}

let built: Promise<void> | undefined;

/** The tests' own build, made once and shared: `.next-test` beside the served `.next`. */
export function buildForTests(): Promise<void> {
  built ??= build();
  return built;
}

// Never waited for in one blocking call: a test runner whose worker says nothing for a minute takes it for dead.
async function build(): Promise<void> {
  const { NODE_ENV: _testing, ...environment } = process.env;
  const env: NodeJS.ProcessEnv = { ...environment, NODE_ENV: "production", NEXT_DIST_DIR: BUILD_DIR };
  try {
    await promisify(execFile)(process.execPath, ["scripts/prepare.mjs", "--build"], {
      cwd: ROOT,
      env,
      maxBuffer: 64 * 1024 * 1024,
    });
  } catch (error) {
    throw new Error("The build for the tests failed.", { cause: error });
  }
}

async function untilReady({ child, output, exited }: Launched): Promise<void> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  let hasExited = false;
  void exited.then(() => {
    hasExited = true;
  });
  while (!output().includes("ops-console is ready")) {
    if (hasExited) throw new Error(`The console did not start.\n${output()}`);
    if (performance.now() > deadline) {
      child.kill("SIGKILL");
      throw new Error(`The console was not ready in ${START_TIMEOUT_MS / 1000} s.\n${output()}`);
    }
    await delay(50);
  }
}
