import type { DownloadFormat } from "@/features/traces/contract";
import { readWholeSpan } from "../decoding/read-span";
import type { OpenTrace } from "../open-trace";
import { keepJaeger } from "./keep-jaeger";
import { keepOtlp } from "./keep-otlp";
import { toJaeger } from "./to-jaeger";
import { toOtlp } from "./to-otlp";

/**
 * A trace as a file. In the format it is held in, every span, resource, scope and process is as it came, to the byte;
 * in the other it is what both formats can hold (docs/trace-files.md).
 */
export function exportTrace(trace: OpenTrace, format: DownloadFormat): Uint8Array {
  if (format === trace.text.format) {
    const kept = format === "otlp" ? keepOtlp(trace) : keepJaeger(trace);
    if (kept !== undefined) return kept;
  }
  const spans = Array.from({ length: trace.skeleton.spanCount }, (_, row) => readWholeSpan(trace, row));
  const text = format === "otlp" ? toOtlp(trace.ownTraceId, spans) : toJaeger(trace.ownTraceId, spans);
  return new TextEncoder().encode(text);
}
