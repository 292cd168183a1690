import type { ErrorClass } from "./states";

/** Which store answered: a 404 means another thing on each side. */
export type StoreSide = "source" | "destination";

const BY_CODE: Record<string, ErrorClass> = {
  SlowDown: "throttled",
  ServiceUnavailable: "throttled",
  RequestLimitExceeded: "throttled",
  TooManyRequests: "throttled",
  InvalidAccessKeyId: "auth",
  SignatureDoesNotMatch: "auth",
  ExpiredToken: "auth",
  InvalidToken: "auth",
  TokenRefreshRequired: "auth",
  RequestTimeTooSkewed: "auth",
  AccountProblem: "auth",
  AllAccessDisabled: "auth",
  XAdminUserNotFound: "auth",
  NoSuchBucket: "config",
  PermanentRedirect: "config",
  TemporaryRedirect: "config",
  AuthorizationHeaderMalformed: "config",
  InvalidBucketName: "config",
  IllegalLocationConstraintException: "config",
  BadDigest: "integrity",
  InvalidDigest: "integrity",
  XAmzContentChecksumMismatch: "integrity",
  XAmzContentSHA256Mismatch: "integrity",
  IncompleteBody: "transient",
  RequestTimeout: "transient",
  NoSuchUpload: "transient",
  ConditionalRequestConflict: "transient",
  OperationAborted: "transient",
  InternalError: "transient",
  KeyTooLongError: "invalid_key",
  ObjectParentIsFile: "invalid_key",
  InvalidURI: "invalid_key",
  EntityTooLarge: "too_large",
  InvalidObjectState: "archived",
  NotImplemented: "unsupported",
  MethodNotAllowed: "unsupported",
};

/**
 * Class of an S3 refusal from its status and code; never from the words of its message. What forbids one object is
 * `denied` (a HEAD tells no code: the bucket has to be asked whether it is the credentials), what forbids the bucket `auth`.
 */
export function classifyS3({
  status,
  code,
  side,
  isOfBucket = false,
}: {
  status: number;
  code: string | undefined;
  side: StoreSide;
  isOfBucket?: boolean;
}): ErrorClass {
  const known = code === undefined ? undefined : BY_CODE[code];
  if (known !== undefined) return known;
  if (status === 403 || code === "AccessDenied") return isOfBucket ? "auth" : "denied";
  const here = side === "source" ? SOURCE_STATUS[status] : DESTINATION_STATUS[status];
  return here ?? BY_STATUS[status] ?? (status >= 500 ? "transient" : "bug");
}

const BY_STATUS: Record<number, ErrorClass> = {
  301: "config",
  307: "config",
  401: "auth",
  408: "transient",
  409: "transient",
  413: "too_large",
  429: "throttled",
  501: "unsupported",
  503: "throttled",
};
const SOURCE_STATUS: Record<number, ErrorClass> = { 404: "source_missing", 412: "source_changed" };
const DESTINATION_STATUS: Record<number, ErrorClass> = { 404: "transient", 412: "conflict" };

const BY_ERRNO: Record<string, ErrorClass> = {
  ENOENT: "source_missing",
  ENOTDIR: "source_missing",
  EACCES: "source_unreadable",
  EPERM: "source_unreadable",
  EIO: "source_unreadable",
  EISDIR: "source_changed",
  ELOOP: "source_changed",
  // Too many open files is ours to slow down for, as a throttling disk would be.
  EMFILE: "throttled",
  ENFILE: "throttled",
};

/** Class of a failed file operation from its errno. */
export function classifyErrno(errno: string | undefined): ErrorClass {
  return (errno === undefined ? undefined : BY_ERRNO[errno]) ?? "source_unreadable";
}
