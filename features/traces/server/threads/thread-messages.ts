import { AppError, type ErrorCode, messageOf } from "@/lib/errors";
import type { OpenTrace } from "../open-trace";
import type { TaskName } from "./trace-tasks";

/** A trace by number; in full when the thread does not hold it. */
export type TraceRef = { handle: number; trace?: OpenTrace | undefined };

/** What a thread is asked. */
export type ThreadRequest =
  | { id: number; kind: "decode"; memory: SharedArrayBuffer; as: DecodeAs }
  | { id: number; kind: "grown"; length: number; isWhole: boolean }
  | { id: number; kind: "giveUp" }
  | { id: number; kind: "task"; name: TaskName; ref: TraceRef; input: unknown };

/** What bytes are decoded for: one trace of them under a handle, or summaries of all. */
export type DecodeAs = { kind: "open"; traceId: string; nowMs: number; handle: number } | { kind: "summaries" };

/** What it answers. */
export type ThreadReply = { id: number } & ({ value: unknown } | { error: ThreadError } | { isTraceMissing: true });
export type ThreadError = { code: ErrorCode | undefined; message: string; stack: string | undefined };

/** Errors lose their class on the way. */
export function toThreadError(error: unknown): ThreadError {
  const code = error instanceof AppError ? error.code : undefined;
  return { code, message: messageOf(error), stack: error instanceof Error ? error.stack : undefined };
}

export function fromThreadError({ code, message, stack }: ThreadError): Error {
  if (code !== undefined) return new AppError(code, message);
  return Object.assign(new Error(message), stack === undefined ? {} : { stack });
}
