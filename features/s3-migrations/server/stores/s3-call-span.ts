import { type Span, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";

/** A chunk makes up to three calls for each of its 1,000 objects: the first show how it goes, then only what stands out. */
const KEPT_PER_PARENT = 30;
const SLOW_MS = 1000;
const callsOf = new WeakMap<Span, number>();

type About = { side: string; host: string; method: string };

/**
 * Records a call to an S3 server as a span of the work it serves, up to the answer's headers: the first 30 of each
 * piece of work, and all that fail or take longer than a second. No key is recorded, only how it went. The span is made
 * when the call has ended, so that an unremarkable one costs nothing.
 */
export function startS3Call({ side, host, method }: About): {
  end: (status: number) => void;
  fail: (code: string) => void;
} {
  const parent = trace.getActiveSpan();
  if (parent?.isRecording() !== true) return { end: () => {}, fail: () => {} };
  const startedAt = Date.now();
  const number = (callsOf.get(parent) ?? 0) + 1;
  callsOf.set(parent, number);
  const record = (attributes: Record<string, string | number>, errorType?: string) => {
    const isKept = number <= KEPT_PER_PARENT || errorType !== undefined || Date.now() - startedAt > SLOW_MS;
    if (!isKept) return;
    const span = trace.getTracer("ops-console").startSpan(`s3.${method.toLowerCase()}`, {
      kind: SpanKind.CLIENT,
      startTime: startedAt,
      attributes: { "http.request.method": method, "server.address": host, "s3.side": side, ...attributes },
    });
    if (errorType !== undefined) {
      span.setAttribute("error.type", errorType);
      span.setStatus({ code: SpanStatusCode.ERROR, message: errorType });
    }
    span.end();
  };
  return {
    // "Not there" and "there already" are answers the engine asks for.
    end: (status) =>
      record({ "http.response.status_code": status }, status >= 400 && !isAnswer(status) ? String(status) : undefined),
    fail: (code) => record({}, code),
  };
}

const isAnswer = (status: number): boolean => status === 404 || status === 409 || status === 412;
