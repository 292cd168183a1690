import type { ObjectDetail } from "../contract";
import type { ErrorClass } from "../domain/states";

/** The columns `s3.failure` and `s3.retried` have in common. */
export type StoredFailure = {
  class: ErrorClass;
  code: string;
  http_status: number | null;
  request_id: string | null;
  message: string;
  attempts: number;
  first_at: Date;
  last_at: Date;
};

/** A stored failure in the words of the contract; times as ISO 8601. */
export function toFailure(row: StoredFailure): NonNullable<ObjectDetail["failure"]> {
  return {
    errorClass: row.class,
    code: row.code,
    httpStatus: row.http_status,
    requestId: row.request_id,
    message: row.message,
    attempts: row.attempts,
    firstAt: row.first_at.toISOString(),
    lastAt: row.last_at.toISOString(),
  };
}
