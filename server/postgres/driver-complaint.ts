/**
 * What pg and its pool throw in their own name. They give these no code, so their exact words are all there is to know
 * them by (pg 8, pg-pool 3); whatever comes from the server or the socket has one, and is judged by that alone.
 */
const LATE = new Set([
  "Query read timeout",
  "timeout exceeded when trying to connect",
  "Connection terminated due to connection timeout",
]);
const LOST = new Set([
  "Connection terminated",
  "Connection terminated unexpectedly",
  "Client has encountered a connection error and is not queryable",
]);

/** Whether the driver gave up waiting (`late`), or its connection is gone (`lost`); `undefined` for everything else. */
export function driverComplaintOf(error: unknown): "late" | "lost" | undefined {
  if (!(error instanceof Error) || "code" in error) return undefined;
  if (LATE.has(error.message)) return "late";
  return LOST.has(error.message) ? "lost" : undefined;
}
