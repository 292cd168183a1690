import { Worker, type WorkerOptions } from "node:worker_threads";
import { AppError, codeOf } from "@/lib/errors";
import { MS_PER_SECOND } from "@/lib/units";
import { entryOfThread } from "@/server/processes/thread-entries";
import type { OpenTrace } from "../open-trace";
import { received } from "./shared-columns";
import { type DecodeAs, fromThreadError, type ThreadReply, type ThreadRequest, type TraceRef } from "./thread-messages";
import type { TaskInput, TaskName, TaskOutput } from "./trace-tasks";

/** Names, statements and services of a trace are on a thread's heap; columns and text are beside it. */
const HEAP_MB = 512;
const MAX_THREADS = 2;
/** A thread nobody asks takes 30 MB. */
const IDLE_MS = 30 * MS_PER_SECOND;

type Waiting = { resolve: (value: unknown) => void; reject: (error: unknown) => void; again?: () => void };
/** A decoding under way. */
export type Decoding<T> = { result: Promise<T>; grow(length: number, isWhole: boolean): void; giveUp(): void };

/** Threads that hold big traces and answer questions about them; started when needed, ended when idle. */
export class TraceThreads {
  readonly #threads: Thread[] = [];
  readonly #handles = new WeakMap<OpenTrace["skeleton"], { handle: number; thread: Thread | undefined }>();
  readonly #entry: string | URL;
  readonly #options: WorkerOptions;
  #lastHandle = 0;

  constructor({ entry, options = {} }: { entry: string | URL; options?: WorkerOptions }) {
    this.#entry = entry;
    this.#options = { resourceLimits: { maxOldGenerationSizeMb: HEAP_MB }, ...options };
  }

  /** Decodes what arrives in `memory` and builds one of its traces. */
  open(memory: SharedArrayBuffer, of: { traceId: string; nowMs: number }): Decoding<OpenTrace> {
    this.#lastHandle += 1;
    const handle = this.#lastHandle;
    const thread = this.#leastBusy();
    const { result, ...decoding } = thread.decode(memory, { kind: "open", handle, ...of });
    const opened = result.then((value) => {
      const trace = received(value as OpenTrace);
      this.#handles.set(trace.skeleton, { handle, thread });
      return trace;
    });
    // A failure counts where the result is waited for; nobody may wait any more.
    opened.catch(() => {});
    return { ...decoding, result: opened };
  }

  /** Decodes what arrives in `memory` for the summaries of its traces. */
  summarise<T>(memory: SharedArrayBuffer): Decoding<T> {
    return this.#leastBusy().decode(memory, { kind: "summaries" }) as Decoding<T>;
  }

  /** Asks the thread that decoded the trace, or another when that one is busy. */
  async run<K extends TaskName>(
    name: K,
    trace: OpenTrace,
    input: TaskInput<K>,
    signal?: AbortSignal,
  ): Promise<TaskOutput<K>> {
    this.#lastHandle += 1;
    const known = this.#handles.get(trace.skeleton) ?? { handle: this.#lastHandle, thread: undefined };
    const isReady = known.thread?.isAlive === true && known.thread.waitingCount === 0;
    const thread = isReady && known.thread !== undefined ? known.thread : this.#leastBusy();
    this.#handles.set(trace.skeleton, { ...known, thread });
    const answer = thread.task(name, { handle: known.handle, trace }, input);
    if (signal === undefined) return (await answer) as TaskOutput<K>;
    // Whoever cancelled does not hear how it ended.
    answer.catch(() => {});
    return (await Promise.race([answer, aborted(signal)])) as TaskOutput<K>;
  }

  /** Ends all threads; what they were asked rejects. */
  async stop(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.stop()));
  }

  #leastBusy(): Thread {
    for (let at = this.#threads.length - 1; at >= 0; at -= 1) {
      if (this.#threads[at]?.isAlive === false) this.#threads.splice(at, 1);
    }
    const idle = this.#threads.find(({ waitingCount }) => waitingCount === 0);
    if (idle !== undefined) return idle;
    if (this.#threads.length < MAX_THREADS) {
      const thread = new Thread(new Worker(this.#entry, this.#options));
      this.#threads.push(thread);
      return thread;
    }
    return this.#threads.reduce((a, b) => (b.waitingCount < a.waitingCount ? b : a));
  }
}

/** One thread and what it has been asked. */
class Thread {
  isAlive = true;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #idle: NodeJS.Timeout | undefined;

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.unref();
    worker.on("message", (reply: ThreadReply) => this.#settle(reply));
    worker.on("error", (error) => this.#fail(toReadable(error)));
    worker.on("exit", () => this.#fail(new AppError("unavailable", "The thread that reads traces has ended.")));
  }

  get waitingCount(): number {
    return this.#waiting.size;
  }

  decode(memory: SharedArrayBuffer, as: DecodeAs): Decoding<unknown> {
    const { id, answer } = this.#ask();
    this.#post({ id, kind: "decode", memory, as });
    // A failure counts where the result is waited for; nobody may wait any more.
    answer.catch(() => {});
    return {
      result: answer,
      grow: (length, isWhole) => this.#post({ id, kind: "grown", length, isWhole }),
      giveUp: () => this.#post({ id, kind: "giveUp" }),
    };
  }

  task(name: TaskName, { handle, trace }: Required<TraceRef>, input: unknown): Promise<unknown> {
    const { id, answer } = this.#ask(() => this.#post({ id, kind: "task", name, ref: { handle, trace }, input }));
    this.#post({ id, kind: "task", name, ref: { handle }, input });
    return answer;
  }

  async stop(): Promise<void> {
    this.#fail(new AppError("unavailable", "The thread that reads traces has ended."));
    await this.#worker.terminate();
  }

  #ask(again?: () => void): { id: number; answer: Promise<unknown> } {
    this.#lastId += 1;
    const id = this.#lastId;
    clearTimeout(this.#idle);
    this.#worker.ref();
    const answer = new Promise<unknown>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject, ...(again === undefined ? {} : { again }) });
    });
    return { id, answer };
  }

  #post(request: ThreadRequest): void {
    if (this.isAlive) this.#worker.postMessage(request);
  }

  #settle(reply: ThreadReply): void {
    const waiting = this.#waiting.get(reply.id);
    if (waiting === undefined) return;
    if ("isTraceMissing" in reply) {
      waiting.again?.();
      return;
    }
    this.#waiting.delete(reply.id);
    if ("error" in reply) waiting.reject(fromThreadError(reply.error));
    else waiting.resolve(reply.value);
    if (this.#waiting.size > 0) return;
    this.#worker.unref();
    this.#idle = setTimeout(() => void this.stop(), IDLE_MS).unref();
  }

  #fail(error: Error): void {
    this.isAlive = false;
    clearTimeout(this.#idle);
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

function toReadable(error: unknown): Error {
  if (codeOf(error) === "ERR_WORKER_OUT_OF_MEMORY") {
    return new AppError(
      "upstream_too_large",
      `The names and statements of this trace need more than the ${HEAP_MB} MB kept for them.`,
    );
  }
  return error instanceof Error ? error : new Error(String(error));
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    if (signal.aborted) reject(signal.reason);
  });
}

type Shared = { opsTraceThreads?: TraceThreads };
// Next evaluates route handlers as several module graphs: one set of threads per process.
const shared = globalThis as typeof globalThis & Shared;

/** The threads of this process; none where its entry has not said where their program is, as in a command line. */
export function traceThreads(): TraceThreads | undefined {
  const entry = entryOfThread("trace-thread");
  if (entry === undefined) return undefined;
  shared.opsTraceThreads ??= new TraceThreads({ entry });
  return shared.opsTraceThreads;
}
