import { type Attributes, type Span, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { AppError } from "@/lib/errors";

type SpanOptions = { attributes?: Attributes; kind?: SpanKind };

/**
 * One span per unit of work: constant name, rich attributes, ended whatever happens. A throw marks it failed, with the
 * error's code for ours. Root spans are never CLIENT: a call to another system has a parent that wanted it.
 */
export async function withSpan<T>(
  name: string,
  { attributes = {}, kind = SpanKind.INTERNAL }: SpanOptions,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  return trace.getTracer("ops-console").startActiveSpan(name, { attributes, kind }, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      span.setAttribute("error.type", error instanceof AppError ? error.code : "internal");
      span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.message : String(error) });
      throw error;
    } finally {
      span.end();
    }
  });
}
