/** A piece of background work the worker process runs for as long as it lives. */
export type WorkerTask = {
  name: string;
  /** Starts the task; it ends by itself soon after `signal` aborts. The promise settles when it has ended. */
  run: (signal: AbortSignal) => Promise<void>;
};
