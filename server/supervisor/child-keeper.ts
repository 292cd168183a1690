import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { AppError } from "@/lib/errors";
import { childEnvironment, withoutAwsSecrets } from "@/server/config/env";
import { restartPauseMs } from "./restart-pause";

const STARTS_BEFORE_GIVING_UP = 3;
/** Children drain for up to ten seconds. */
const STOP_TIMEOUT_MS = 13_000;

/**
 * A console idles most of the day, and V8 gives a young generation it once needed back late: a small one saves web and
 * worker 15 to 40 MB each. The collector gains nothing by it, and would collect more often under load.
 */
const NODE_FLAGS: Record<string, string[]> = {
  web: ["--max-semi-space-size=4"],
  worker: ["--max-semi-space-size=4"],
};
/** glibc would keep a heap of its own per thread; our threads only compress and resolve names. */
const MEMORY_SETTINGS = { MALLOC_ARENA_MAX: "2" };

type KeepOptions = {
  /** Name of the bundle beside ours: `web`, `worker` or `collector`. */
  name: string;
  say: (line: string) => void;
  onDeath: () => void;
};

/** One process of the console, restarted with growing pauses whenever it dies, until `stop`. */
export class ChildKeeper {
  readonly name: string;
  /** Resolves when the child first says it is ready; rejects when it never gets there. */
  readonly ready: Promise<void>;
  readonly #options: KeepOptions;
  #child: ChildProcess | undefined;
  #restarts = 0;
  #pauseMs = 0;
  #isReady = false;
  #isStopping = false;
  #timer: NodeJS.Timeout | undefined;
  #resolveReady: () => void = () => {};
  #rejectReady: (error: AppError) => void = () => {};

  constructor(options: KeepOptions) {
    this.#options = options;
    this.name = options.name;
    this.ready = new Promise((resolve, reject) => {
      this.#resolveReady = resolve;
      this.#rejectReady = reject;
    });
    // A failure counts where it is waited for; while the console stops, nobody does.
    this.ready.catch(() => {});
    this.#launch();
  }

  /** From now on an end is expected: a signal to the whole process group reaches the children before our own word. */
  expectEnd(): void {
    this.#isStopping = true;
    clearTimeout(this.#timer);
  }

  /** Asks the child to end and waits; one that does not is killed. */
  async stop(): Promise<void> {
    this.expectEnd();
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    child.kill("SIGTERM");
    const killer = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
    await gone;
    clearTimeout(killer);
  }

  /** Ends the child without a goodbye. */
  kill(): void {
    this.expectEnd();
    this.#child?.kill("SIGKILL");
  }

  #launch(): void {
    const startedAt = performance.now();
    // The bundles lie beside the one this code runs from. The IPC channel tells the child when we are gone.
    const entry = path.join(import.meta.dirname, `${this.name}.mjs`);
    let wasReady = false;
    const child = spawn(process.execPath, [...(NODE_FLAGS[this.name] ?? []), entry], {
      env: this.#environment(),
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    this.#child = child;
    child.on("message", () => {
      wasReady = true;
      this.#isReady = true;
      this.#resolveReady();
    });
    child.once("error", () => {});
    child.once("exit", (code, signal) =>
      this.#handleExit(signal ?? `code ${code}`, { livedMs: performance.now() - startedAt, wasReady }),
    );
  }

  /** The worker alone signs S3 requests; nothing that answers the browser or the network holds the keys. */
  #environment(): NodeJS.ProcessEnv {
    const own = { NODE_ENV: "production", OPS_RESTARTS: String(this.#restarts) };
    const environment = childEnvironment({ ...MEMORY_SETTINGS, ...own });
    return this.name === "worker" ? environment : withoutAwsSecrets(environment);
  }

  #handleExit(reason: string, life: { livedMs: number; wasReady: boolean }): void {
    if (this.#isStopping) return;
    this.#options.onDeath();
    this.#restarts += 1;
    if (!this.#isReady && this.#restarts >= STARTS_BEFORE_GIVING_UP) {
      this.#rejectReady(new AppError("unavailable", `The ${this.name} process does not start (${reason}).`));
      return;
    }
    this.#pauseMs = restartPauseMs({ ...life, previousMs: this.#pauseMs });
    this.#options.say(`${this.name} ended by itself (${reason}), starting it again in ${this.#pauseMs / 1000} s`);
    this.#timer = setTimeout(() => this.#launch(), this.#pauseMs);
  }
}
