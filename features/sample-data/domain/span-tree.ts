import type { Random } from "./random";

export type SpanKind = "internal" | "server" | "client" | "producer" | "consumer";
export type AttributeValue = string | number | boolean;

/** One span in the making. Times are microseconds from the start of its trace. */
export type SpanDraft = {
  spanId: string;
  parentSpanId: string | undefined;
  service: string;
  name: string;
  kind: SpanKind;
  startUs: number;
  endUs: number;
  attributes: Record<string, AttributeValue>;
  error?: string;
  events: { atUs: number; name: string; attributes: Record<string, AttributeValue> }[];
  /** Span this one was caused by without being its child: the publish of a job. */
  linkedSpanId?: string;
};

type SpanOptions = { kind?: SpanKind; attributes?: Record<string, AttributeValue>; service?: string };

/**
 * Writes a trace the way a program runs: a cursor moves forward, spans open and close around it. Children lie
 * inside their parents, except what `detached` work leaves behind.
 */
export class TraceWriter {
  readonly traceId: string;
  readonly spans: SpanDraft[] = [];
  readonly #random: Random;
  readonly #open: SpanDraft[] = [];
  #cursorUs = 0;

  constructor(random: Random) {
    this.#random = random;
    this.traceId = random.hex(32);
  }

  get cursorUs(): number {
    return this.#cursorUs;
  }

  /** Time in which nothing observable happens: own work, or a gap. */
  work(medianMs: number, spread?: number): void {
    this.#cursorUs += Math.max(1, Math.round(this.#random.around(medianMs, spread) * 1000));
  }

  /** Runs `body` inside a span that ends where the body's time ends. */
  span(
    service: string,
    name: string,
    body: (span: SpanDraft) => void,
    { kind = "internal", attributes = {} }: SpanOptions = {},
  ): SpanDraft {
    const span: SpanDraft = {
      spanId: this.#random.hex(16),
      parentSpanId: this.#open.at(-1)?.spanId,
      service,
      name,
      kind,
      startUs: this.#cursorUs,
      endUs: this.#cursorUs,
      attributes,
      events: [],
    };
    this.spans.push(span);
    this.#open.push(span);
    body(span);
    this.#open.pop();
    span.endUs = Math.max(this.#cursorUs, span.startUs + 1);
    this.#cursorUs = span.endUs;
    return span;
  }

  /** A span without children that takes about `medianMs`. */
  call(service: string, name: string, medianMs: number, options: SpanOptions & { spread?: number } = {}): SpanDraft {
    return this.span(service, name, () => this.work(medianMs, options.spread), options);
  }

  /** Branches that start together; the cursor ends with the slowest of them. */
  parallel(branches: (() => void)[]): void {
    const startUs = this.#cursorUs;
    let endUs = startUs;
    for (const branch of branches) {
      this.#cursorUs = startUs;
      branch();
      endUs = Math.max(endUs, this.#cursorUs);
    }
    this.#cursorUs = endUs;
  }

  /** Work that begins later and does not hold up the caller: the cursor returns to where it was. */
  detached(delayMs: number, body: () => void): void {
    const returnUs = this.#cursorUs;
    this.#cursorUs += Math.round(delayMs * 1000);
    body();
    this.#cursorUs = returnUs;
  }
}

/** Marks a span failed, with the exception event instrumentation libraries write. */
export function fail(span: SpanDraft, type: string, message: string, atUs: number): void {
  span.error = message;
  span.events.push({ atUs, name: "exception", attributes: { "exception.type": type, "exception.message": message } });
}
