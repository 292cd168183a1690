import { type Attributes, type Context, type SpanKind, trace } from "@opentelemetry/api";
import { type Sampler, SamplingDecision, type SamplingResult } from "@opentelemetry/sdk-trace-base";

/** What open pages ask again and again by themselves. Everything else is somebody's wish and always recorded. */
const POLLED = [
  /^\/api\/(processes|runs|runbooks|trace-source|sample|s3-migrations)$/,
  /^\/api\/s3-migrations\/[^/]+(\/(failures|chunks))?$/,
  /^\/api\/traces\/(facts|completions)$/,
  /^\/api\/traces\?(start|end|limit)=[^&]*(&(start|end|limit)=[^&]*)*$/,
];
/** Signs of life and streams that last as long as their reader say nothing about a latency. */
const NEVER = [/^\/api\/health$/, /^\/api\/.+\/events$/];
const KEPT_EVERY_MS = 5 * 60_000;

/**
 * Keeps an open page from burying everybody else's traces under its own questions: of the requests a page repeats by
 * itself, one per path in five minutes is recorded, with all its children. Measured without it: 75 traces a minute for
 * one idle overview. Children follow their parent.
 */
export class PollSampler implements Sampler {
  readonly #keptAtMs = new Map<string, number>();
  readonly #nowMs: () => number;

  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  shouldSample(context: Context, _traceId: string, _name: string, _kind: SpanKind, about: Attributes): SamplingResult {
    const parent = trace.getSpanContext(context);
    const isKept = parent === undefined ? this.#keepsRoot(about) : (parent.traceFlags & 1) === 1;
    return { decision: isKept ? SamplingDecision.RECORD_AND_SAMPLED : SamplingDecision.NOT_RECORD };
  }

  toString(): string {
    return "PollSampler";
  }

  #keepsRoot(about: Attributes): boolean {
    const target = about["http.target"] ?? about["url.path"];
    const method = about["http.method"] ?? about["http.request.method"];
    if (typeof target !== "string" || method !== "GET") return true;
    const [path = ""] = target.split("?");
    if (NEVER.some((pattern) => pattern.test(path))) return false;
    if (!POLLED.some((pattern) => pattern.test(path) || pattern.test(target))) return true;
    const lastMs = this.#keptAtMs.get(path);
    const nowMs = this.#nowMs();
    if (lastMs !== undefined && nowMs - lastMs < KEPT_EVERY_MS) return false;
    if (this.#keptAtMs.size > 1000) this.#keptAtMs.clear();
    this.#keptAtMs.set(path, nowMs);
    return true;
  }
}
