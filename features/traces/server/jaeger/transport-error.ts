import { AppError, codeOf } from "@/lib/errors";
import { MS_PER_SECOND } from "@/lib/units";

/** Codes of a connection that was never made, or cut. */
const UNREACHABLE = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EPIPE",
  "UND_ERR_SOCKET",
]);
const TIMEOUTS = new Set(["UND_ERR_CONNECT_TIMEOUT", "UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT", "ETIMEDOUT"]);

/** Codes of a connection that stood and was cut. */
const CUT = new Set(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"]);

/** Whether a connection that stood was cut. */
export const isCutConnection = (error: unknown): boolean => CUT.has(rootCodeOf(error));

type Circumstances = { called: string; totalTimeoutMs: number; isTimeout: boolean };

/** What went wrong on the way to Jaeger or back, by class, never by words. */
export function toTransportError(error: unknown, { called, totalTimeoutMs, isTimeout }: Circumstances): AppError {
  const code = rootCodeOf(error);
  if (isTimeout || TIMEOUTS.has(code)) {
    const limit = code === "UND_ERR_CONNECT_TIMEOUT" ? "the connection" : `${totalTimeoutMs / MS_PER_SECOND} s`;
    return new AppError("upstream_timeout", `${called} did not answer in time (${limit}).`, { cause: error });
  }
  if (UNREACHABLE.has(code)) {
    return new AppError("upstream_unreachable", `${called} cannot be reached (${code}).`, { cause: error });
  }
  return new AppError("upstream_invalid", `${called} answered something that is not HTTP or not whole.`, {
    cause: error,
  });
}

/** `fetch` hides the code of the connection in the cause of what it throws. */
function rootCodeOf(error: unknown): string {
  return codeOf(error) ?? (error instanceof Error && error.cause !== undefined ? rootCodeOf(error.cause) : "");
}
