/** Sockets, Postgres ("shutting down", "starting up", no slot left, out of time) and Prisma, each in its own words. */
const AWAY_CODES =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|57P0[123]|57014|08...|53300|25P03|P10(01|02|08|17)|P2024)$/;
const AWAY_MESSAGES =
  /^(Connection terminated|Query read timeout|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/** Whether the driver gave up waiting, for a connection or for an answer: it has words for that, and no code. */
export function isAnswerLate(error: unknown): boolean {
  return error instanceof Error && /timeout/i.test(error.message);
}

/**
 * Whether a failure nobody explained is the database being away for the moment. Every other outside call (Jaeger, S3,
 * git) turns its own connection failures into an `AppError`, so what is left without a sentence is the database's.
 */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return AWAY_CODES.test(code) || AWAY_MESSAGES.test(error.message) || isDatabaseAway(error.cause);
}
