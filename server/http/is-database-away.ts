import { codeOf } from "@/lib/errors";
import { driverComplaintOf } from "@/server/postgres/driver-complaint";

/**
 * Sockets; Postgres by SQLSTATE: class 08 (connection), 57P (shutting down, starting up, idle too long), 57014 (out of
 * time), 53300 (no slot left), 25P03 (idle in a transaction); Prisma by its own numbers.
 */
const AWAY_CODES =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|08[0-9A-Z]{3}|57P0[1235]|57014|53300|25P03|P10(01|02|08|17)|P2024)$/;

/** Whether nobody answered in time: the driver gave up waiting, or the connection or the statement was timed out. */
export function isAnswerLate(error: unknown): boolean {
  return driverComplaintOf(error) === "late" || ["ETIMEDOUT", "57014", "P2024"].includes(codeOf(error) ?? "");
}

/**
 * Whether a failure nobody explained is the database being away for the moment. Every other outside call (Jaeger, S3,
 * git) turns its own connection failures into an `AppError`, so what is left without a sentence is the database's.
 */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return AWAY_CODES.test(codeOf(error) ?? "") || driverComplaintOf(error) !== undefined || isDatabaseAway(error.cause);
}
