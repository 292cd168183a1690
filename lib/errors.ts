/** Every failure the product can name. Each code has one HTTP status, in `server/http/problem.ts`. */
export const ERROR_CODES = [
  "invalid_input",
  "unauthorized",
  "forbidden",
  "misdirected_host",
  "not_found",
  "method_not_allowed",
  "conflict",
  "plan_changed",
  "plan_unnamed",
  "gone",
  "payload_too_large",
  "unsupported_media_type",
  "too_many_requests",
  // Told to jobs that report an S3 migration; each is one a program can repair by itself.
  "malformed",
  "seq_gap",
  "epoch_superseded",
  "stream_closed",
  "incomplete",
  "state_regression",
  "invalid_items",
  "seq_reused_with_other_body",
  "upstream_unreachable",
  "upstream_timeout",
  "upstream_invalid",
  "upstream_refused",
  "upstream_too_large",
  "unavailable",
  "unsupported",
  "internal",
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** One thing wrong with an input: where (`field`, a dotted path; "" for the whole) and what. */
export type InputProblem = { field: string; message: string };

type AppErrorOptions = { cause?: unknown; problems?: InputProblem[]; retryAfterSeconds?: number; facts?: Facts };
/** More members of the refusal, for programs that put it right by themselves: `expected_seq`, `claimed`. */
type Facts = Readonly<Record<string, unknown>>;

const APP_ERROR = Symbol.for("ops-console.app-error");

/**
 * The only error class we throw on purpose. `detail` is shown to the reader: a full sentence, no secrets, no stack.
 * `problems` lists every refused field at once. Known by its mark, not by its class: Next evaluates pages and routes as
 * module graphs of their own, and what they share (the trace source) throws the class of whichever came first.
 */
export class AppError extends Error {
  readonly [APP_ERROR] = true;
  readonly code: ErrorCode;
  readonly problems: InputProblem[];
  readonly retryAfterSeconds: number | undefined;
  readonly facts: Facts;

  constructor(code: ErrorCode, detail: string, options: AppErrorOptions = {}) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.problems = options.problems ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.facts = options.facts ?? {};
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore lint/complexity/noThisInStatic: a class that extends this one is told by its prototypes, as ever
    if (this !== AppError) return Function.prototype[Symbol.hasInstance].call(this, value);
    return typeof value === "object" && value !== null && APP_ERROR in value;
  }
}

/** The text of anything thrown, for logs and messages; never throws itself. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The `code` that Node and Postgres put on their errors ("ENOENT", "42P01"); undefined for anything else thrown. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
