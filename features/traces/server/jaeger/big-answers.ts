import { MS_PER_MINUTE } from "@/lib/units";
import type { TraceReading } from "../trace-source";
import type { JaegerGetOptions } from "./jaeger-http";

/** Jaeger takes 5 s to write 100,000 spans on a fast machine. A pause between two pieces ends the reading much earlier. */
const TOTAL_TIMEOUT_MS = MS_PER_MINUTE;

/** A whole trace may be larger, and take longer to come, than any other answer. */
export function toGetOptions({ maxBytes, into }: TraceReading = {}): JaegerGetOptions {
  if (maxBytes === undefined) return { into };
  return {
    into,
    maxBytes,
    totalTimeoutMs: TOTAL_TIMEOUT_MS,
    tooLarge: (sizeBytes) => tooLargeText(maxBytes, sizeBytes),
  };
}

function tooLargeText(maxBytes: number, sizeBytes: number | undefined): string {
  const size = sizeBytes === undefined ? `more than ${toMegabytes(maxBytes)}` : toMegabytes(sizeBytes);
  return `The trace is ${size} of JSON. OPS_TRACE_MAX_BYTES allows ${toMegabytes(maxBytes)}.`;
}

const toMegabytes = (bytes: number): string => `${Math.floor(bytes / 1e6)} MB`;
