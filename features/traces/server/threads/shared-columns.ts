import type { OpenTrace, TraceText } from "../open-trace";

type Column = Float64Array | Uint32Array | Int32Array | Uint8Array;

/** The same trace with its columns in memory that threads share, so that it crosses between them without being copied. */
export function shareColumns(trace: OpenTrace): OpenTrace {
  return { ...trace, skeleton: shared(trace.skeleton), text: { ...shared(trace.text), bytes: trace.text.bytes } };
}

/** Whether other threads can see the trace's text, as they can that of every big one. */
export function isShared({ text }: { text: Pick<TraceText, "bytes"> }): boolean {
  return text.bytes.buffer instanceof SharedArrayBuffer;
}

/** A trace that came from another thread: what was a `Buffer` there arrives as plain bytes. */
export function received(trace: OpenTrace): OpenTrace {
  const { buffer, byteOffset, byteLength } = trace.text.bytes;
  return { ...trace, text: { ...trace.text, bytes: Buffer.from(buffer, byteOffset, byteLength) } };
}

function shared<T extends object>(columns: T): T {
  const entries = Object.entries(columns).map(([name, value]) => [name, isColumn(value) ? sharedColumn(value) : value]);
  return Object.fromEntries(entries) as T;
}

function isColumn(value: unknown): value is Column {
  return ArrayBuffer.isView(value) && !(value instanceof DataView) && !Buffer.isBuffer(value);
}

function sharedColumn<T extends Column>(column: T): T {
  const Kind = column.constructor as new (buffer: SharedArrayBuffer) => T;
  const copy = new Kind(new SharedArrayBuffer(column.byteLength));
  copy.set(column);
  return copy;
}
