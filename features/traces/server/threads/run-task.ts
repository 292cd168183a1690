import type { OpenTrace } from "../open-trace";
import { isShared } from "./shared-columns";
import { type TaskInput, type TaskName, type TaskOutput, traceTasks } from "./trace-tasks";
import { traceThreads } from "./trace-threads";

/** Asks something of a trace: of a big one in a thread, so that nobody else waits for it. */
export async function runTask<K extends TaskName>(
  name: K,
  trace: OpenTrace,
  input: TaskInput<K>,
  signal?: AbortSignal,
): Promise<TaskOutput<K>> {
  signal?.throwIfAborted();
  const threads = isShared(trace) ? traceThreads() : undefined;
  if (threads !== undefined) return threads.run(name, trace, input, signal);
  const run = traceTasks[name] as (of: OpenTrace, input: TaskInput<K>) => TaskOutput<K> | Promise<TaskOutput<K>>;
  return run(trace, input);
}
