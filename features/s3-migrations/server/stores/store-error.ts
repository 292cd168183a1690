import { AppError } from "@/lib/errors";
import type { ErrorClass } from "../../domain/states";

type Details = {
  errorClass: ErrorClass;
  code: string;
  message: string;
  httpStatus?: number | undefined;
  requestId?: string | undefined;
  retryAfterMs?: number | undefined;
  writtenEtag?: string | undefined;
  cause?: unknown;
};

/** Longest text kept of a foreign message. */
const MAX_MESSAGE = 500;

/** A store refused or failed. `errorClass` alone decides what happens next; the rest is for people. */
export class StoreError extends AppError {
  readonly errorClass: ErrorClass;
  /** S3 error code or errno, as the other side spelt it. */
  readonly storeCode: string;
  readonly httpStatus: number | undefined;
  readonly requestId: string | undefined;
  readonly retryAfterMs: number | undefined;
  /** What this very attempt left at the destination although it failed: ours to replace. */
  readonly writtenEtag: string | undefined;

  constructor({ errorClass, code, message, httpStatus, requestId, retryAfterMs, writtenEtag, cause }: Details) {
    super("upstream_refused", message.slice(0, MAX_MESSAGE), cause === undefined ? {} : { cause });
    this.name = "StoreError";
    this.errorClass = errorClass;
    this.storeCode = code;
    this.httpStatus = httpStatus;
    this.requestId = requestId;
    this.retryAfterMs = retryAfterMs;
    this.writtenEtag = writtenEtag;
  }

  /** The same failure, of an attempt that had stored its bytes already. */
  afterWriting(writtenEtag: string): StoreError {
    const { errorClass, storeCode: code, message, httpStatus, requestId, retryAfterMs } = this;
    return new StoreError({ errorClass, code, message, httpStatus, requestId, retryAfterMs, writtenEtag, cause: this });
  }
}

/** Anything thrown as a StoreError: what nobody classified is a bug of ours, and says so. */
export function toStoreError(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new StoreError({ errorClass: "bug", code: "Unexpected", message, cause: error });
}
