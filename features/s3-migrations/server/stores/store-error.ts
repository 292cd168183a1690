import { AppError } from "@/lib/errors";
import type { StoreSide } from "../../domain/classify";
import type { ErrorClass } from "../../domain/states";

type Details = {
  errorClass: ErrorClass;
  code: string;
  message: string;
  httpStatus?: number | undefined;
  requestId?: string | undefined;
  retryAfterMs?: number | undefined;
  writtenEtag?: string | undefined;
  side?: StoreSide | undefined;
  cause?: unknown;
};

/** Longest text kept of a foreign message. */
const MAX_MESSAGE = 500;
/** Longest wait a server may ask for: one that names hours is asked again every minute. */
const MAX_RETRY_AFTER_MS = 60_000;
/** Characters no database text can hold, from a server that may say anything. */
const UNSTORABLE = /\0|\p{Surrogate}/gu;

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
  /** The bucket that answered, where one did. */
  readonly side: StoreSide | undefined;

  constructor({ errorClass, code, message, httpStatus, requestId, retryAfterMs, writtenEtag, side, cause }: Details) {
    super("upstream_refused", storable(message).slice(0, MAX_MESSAGE), cause === undefined ? {} : { cause });
    this.name = "StoreError";
    this.errorClass = errorClass;
    this.storeCode = storable(code);
    this.httpStatus = httpStatus;
    this.requestId = requestId === undefined ? undefined : storable(requestId).slice(0, MAX_MESSAGE);
    this.retryAfterMs = retryAfterMs === undefined ? undefined : Math.min(retryAfterMs, MAX_RETRY_AFTER_MS);
    this.writtenEtag = writtenEtag;
    this.side = side;
  }

  /** The same failure, of an attempt that had stored its bytes already. */
  afterWriting(writtenEtag: string): StoreError {
    const { errorClass, storeCode: code, message, httpStatus, requestId, retryAfterMs, side } = this;
    const details = { errorClass, code, message, httpStatus, requestId, retryAfterMs, side };
    return new StoreError({ ...details, writtenEtag, cause: this });
  }
}

const storable = (text: string): string => text.replace(UNSTORABLE, "\uFFFD");

/** Anything thrown as a StoreError: what nobody classified is a bug of ours, and says so. */
export function toStoreError(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new StoreError({ errorClass: "bug", code: "Unexpected", message, cause: error });
}
