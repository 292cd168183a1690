import type { ErrorCode, InputProblem } from "@/lib/errors";
import { AppError, ERROR_CODES } from "@/lib/errors";
import { isDatabaseAway } from "./is-database-away";
import { isDiskFull } from "./is-disk-full";

/** A code without a status does not compile. */
export const STATUS_OF: Record<ErrorCode, number> = {
  invalid_input: 400,
  unauthorized: 401,
  forbidden: 403,
  misdirected_host: 421,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  plan_changed: 409,
  plan_unnamed: 428,
  gone: 410,
  payload_too_large: 413,
  unsupported_media_type: 415,
  too_many_requests: 429,
  malformed: 400,
  seq_gap: 409,
  epoch_superseded: 409,
  stream_closed: 409,
  incomplete: 409,
  state_regression: 409,
  invalid_items: 422,
  seq_reused_with_other_body: 422,
  upstream_unreachable: 502,
  upstream_invalid: 502,
  upstream_refused: 502,
  upstream_too_large: 502,
  upstream_timeout: 504,
  unavailable: 503,
  unsupported: 501,
  internal: 500,
};

/** RFC 9457 body of every refusal. `field` repeats the first problem's field for callers that show one. */
export type Problem = {
  type: "about:blank";
  title: string;
  status: number;
  code: ErrorCode;
  detail: string;
  field?: string;
  problems?: InputProblem[];
  traceId?: string;
};

/**
 * Turns anything thrown into what the reader may see. Only an {@link AppError} speaks for itself; a database that is
 * away is "unavailable", everything else "internal", with fixed sentences: its text is ours, not the reader's.
 */
export function toProblem(error: unknown, traceId?: string): { problem: Problem; headers: Record<string, string> } {
  const known = error instanceof AppError ? error : unexplained(error);
  const [first] = known.problems;
  const problem: Problem = {
    ...known.facts,
    type: "about:blank",
    title: known.code.replaceAll("_", " "),
    status: STATUS_OF[known.code],
    code: known.code,
    detail: known.message,
    ...(first === undefined ? {} : { field: first.field, problems: known.problems }),
    ...(traceId === undefined ? {} : { traceId }),
  };
  const headers: Record<string, string> =
    known.retryAfterSeconds === undefined ? {} : { "retry-after": String(Math.ceil(known.retryAfterSeconds)) };
  if (known.code === "unauthorized") headers["www-authenticate"] = "Bearer";
  return { problem, headers };
}

function unexplained(error: unknown): AppError {
  if (isDiskFull(error)) {
    return new AppError(
      "unavailable",
      "This was not saved: the disk of the database is full. Free some room, then try again.",
      {
        retryAfterSeconds: 30,
      },
    );
  }
  return isDatabaseAway(error)
    ? new AppError("unavailable", "The database does not answer at the moment. Try again.", { retryAfterSeconds: 2 })
    : new AppError("internal", "The console failed to answer. The log has the reason.");
}

/** The refusal as a response, never cached. */
export function problemResponse(error: unknown, traceId?: string): Response {
  const { problem, headers } = toProblem(error, traceId);
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: { "content-type": "application/problem+json", "cache-control": "no-store", ...headers },
  });
}

/** The problem of a bare status, for refusals that come from below our own code. */
export function problemOfStatus(status: number, detail: string): Problem {
  const fallback: ErrorCode = status < 500 ? "invalid_input" : "internal";
  const code = ERROR_CODES.find((known) => STATUS_OF[known] === status) ?? fallback;
  return { type: "about:blank", title: code.replaceAll("_", " "), status, code, detail };
}
