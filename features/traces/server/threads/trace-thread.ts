import { parentPort } from "node:worker_threads";
import { AppError } from "@/lib/errors";
import { decodeTraces } from "../decoding/decode-traces";
import { type OpenTrace, toOpenTrace } from "../open-trace";
import { summarise } from "../summarise";
import { ArrivingBytes } from "./arriving-bytes";
import { received, shareColumns } from "./shared-columns";
import { type ThreadReply, type ThreadRequest, toThreadError } from "./thread-messages";
import { traceTasks } from "./trace-tasks";

/* The entry of a thread that decodes big traces and answers questions about them. */

/** Traces this thread was asked about last. Their columns are the caller's memory; only names and statements are copies. */
const MAX_HELD = 2;
const held = new Map<number, OpenTrace>();
const arriving = new Map<number, ArrivingBytes>();

parentPort?.on("message", (request: ThreadRequest) => {
  if (request.kind === "grown") arriving.get(request.id)?.grow(request.length, request.isWhole);
  else if (request.kind === "giveUp") arriving.get(request.id)?.giveUp(new AppError("unavailable", "Given up."));
  else void answer(request);
});

type Question = Extract<ThreadRequest, { kind: "decode" | "task" }>;

async function answer(request: Question): Promise<void> {
  let reply: ThreadReply;
  try {
    if (request.kind === "task" && request.ref.trace === undefined && !held.has(request.ref.handle)) {
      parentPort?.postMessage({ id: request.id, isTraceMissing: true } satisfies ThreadReply);
      return;
    }
    reply = { id: request.id, value: await (request.kind === "decode" ? decode(request) : runTask(request)) };
  } catch (error) {
    reply = { id: request.id, error: toThreadError(error) };
  }
  const value = "value" in reply ? reply.value : undefined;
  const isBytes = value instanceof Uint8Array && value.buffer instanceof ArrayBuffer;
  parentPort?.postMessage(reply, isBytes ? [value.buffer as ArrayBuffer] : []);
}

async function decode({ id, memory, as }: Extract<Question, { kind: "decode" }>): Promise<unknown> {
  const bytes = new ArrivingBytes(memory);
  arriving.set(id, bytes);
  try {
    const document = await decodeTraces(bytes);
    if (as.kind === "summaries") return { spanCount: document.spanCount, summaries: summarise(document) };
    const trace = shareColumns(toOpenTrace(document, as.traceId, as.nowMs));
    hold(as.handle, trace);
    return trace;
  } finally {
    arriving.delete(id);
  }
}

function runTask({ name, ref, input }: Extract<Question, { kind: "task" }>): unknown {
  const trace = ref.trace === undefined ? held.get(ref.handle) : received(ref.trace);
  if (trace === undefined) throw new AppError("internal", "A thread was asked about a trace it does not hold.");
  hold(ref.handle, trace);
  const run = traceTasks[name] as (of: OpenTrace, input: unknown) => unknown;
  return run(trace, input);
}

function hold(handle: number, trace: OpenTrace): void {
  held.delete(handle);
  held.set(handle, trace);
  for (const oldest of held.keys()) {
    if (held.size <= MAX_HELD) break;
    held.delete(oldest);
  }
}
