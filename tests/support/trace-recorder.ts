import { type Random, seededRandom } from "./seeded-random";

export type Attributes = Record<string, string | number>;
export type RecordedSpan = {
  spanId: string;
  parentSpanId: string | undefined;
  service: string;
  name: string;
  kind: number;
  attributes: Attributes;
  startUs: number;
  endUs: number;
  isError: boolean;
  /** Ids of spans of the same trace. */
  links?: readonly string[];
  events?: readonly { name: string; atUs: number }[];
};
export type SpanOptions = {
  name: string;
  service?: string;
  kind?: "internal" | "server" | "client" | "producer" | "consumer";
  attributes?: Attributes;
  isError?: boolean;
  links?: readonly string[];
};

const KINDS = ["unspecified", "internal", "server", "client", "producer", "consumer"];

/** Records spans as an instrumented program would: time passes only where it is told to. */
export class TraceRecorder {
  readonly spans: RecordedSpan[] = [];
  readonly random: Random;
  readonly traceId: string;
  atUs = 0;
  readonly #open: RecordedSpan[] = [];

  constructor(seed: number) {
    this.random = seededRandom(seed);
    this.traceId = this.#hex(32);
  }

  /** Id of the innermost span that is open. */
  get openSpanId(): string | undefined {
    return this.#open.at(-1)?.spanId;
  }

  /** Time passes, give or take a quarter. */
  work(us: number): void {
    this.atUs += this.jitter(us);
  }

  /** Exactly this much passes. */
  pass(us: number): void {
    this.atUs += Math.round(us);
  }

  jitter(us: number): number {
    return Math.round(us * (0.75 + 0.5 * this.random.next()));
  }

  span(options: SpanOptions, body: () => void): RecordedSpan {
    const parent = this.#open.at(-1);
    const span: RecordedSpan = {
      spanId: this.#hex(16),
      parentSpanId: parent?.spanId,
      service: options.service ?? parent?.service ?? "web",
      name: options.name,
      kind: KINDS.indexOf(options.kind ?? "internal"),
      attributes: options.attributes ?? {},
      startUs: this.atUs,
      endUs: this.atUs,
      isError: options.isError ?? false,
      ...(options.links === undefined ? {} : { links: options.links }),
    };
    this.spans.push(span);
    this.#open.push(span);
    body();
    this.#open.pop();
    span.endUs = this.atUs;
    return span;
  }

  /** All start now (a few µs apart); time goes on when the last is done. */
  parallel(branches: readonly (() => void)[]): void {
    const startUs = this.atUs;
    let endUs = startUs;
    branches.forEach((branch, at) => {
      this.atUs = startUs + at * 15;
      branch();
      endUs = Math.max(endUs, this.atUs);
    });
    this.atUs = endUs;
  }

  /** Happens `delayUs` from now below the span that is open, while the program goes on. */
  later(delayUs: number, body: () => void): void {
    const startUs = this.atUs;
    this.atUs = startUs + Math.round(delayUs);
    body();
    this.atUs = startUs;
  }

  #hex(digits: number): string {
    let text = "";
    while (text.length < digits) text += Math.floor(this.random.next() * 16).toString(16);
    return text.replace(/^0/, "1");
  }
}

/** The OTLP/JSON request of a recording that began at `startMs`. */
export function toOtlpRequest({ traceId, spans }: Pick<TraceRecorder, "traceId" | "spans">, startMs: number): object {
  const services = [...new Set(spans.map(({ service }) => service))];
  const nanos = (us: number) => String((BigInt(startMs) * 1000n + BigInt(Math.round(us))) * 1000n);
  return {
    resourceSpans: services.map((service) => ({
      resource: { attributes: [{ key: "service.name", value: { stringValue: service } }] },
      scopeSpans: [
        {
          scope: { name: "recorded" },
          spans: spans
            .filter((span) => span.service === service)
            .map((span) => ({
              traceId,
              spanId: span.spanId,
              ...(span.parentSpanId === undefined ? {} : { parentSpanId: span.parentSpanId }),
              name: span.name,
              kind: span.kind,
              startTimeUnixNano: nanos(span.startUs),
              endTimeUnixNano: nanos(span.endUs),
              attributes: Object.entries(span.attributes).map(([key, value]) => ({
                key,
                value: typeof value === "number" ? { intValue: String(value) } : { stringValue: value },
              })),
              ...(span.links === undefined ? {} : { links: span.links.map((spanId) => ({ traceId, spanId })) }),
              ...(span.events === undefined
                ? {}
                : { events: span.events.map(({ name, atUs }) => ({ name, timeUnixNano: nanos(atUs) })) }),
              status: span.isError ? { code: 2 } : {},
            })),
        },
      ],
    })),
  };
}
