import { context, ROOT_CONTEXT } from "@opentelemetry/api";
import { suppressTracing } from "@opentelemetry/core";

/**
 * Runs work that goes on in the background of whoever asked first: it belongs to no request, and as it reads the traces of
 * the collector its own spans would be something new to read.
 */
export function withoutSpans<T>(work: () => T): T {
  return context.with(suppressTracing(ROOT_CONTEXT), work);
}
