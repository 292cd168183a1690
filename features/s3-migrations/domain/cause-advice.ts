import type { ErrorClass } from "./states";

/** What most likely lies behind a failure, and what to do before it is tried again. */
export type CauseAdvice = { likely: string; fix: string; isRetryUseful: boolean };

const again = (likely: string, fix: string): CauseAdvice => ({ likely, fix, isRetryUseful: true });

const BY_CLASS: Record<ErrorClass, CauseAdvice> = {
  throttled: again(
    "More requests than the destination grants.",
    "Lower the objects per second or those in flight, then retry.",
  ),
  transient: again("A network or a server that was away for a moment.", "Retry. If it comes back, look at its trace."),
  auth: again(
    "A key that ended, or a policy without the permission.",
    "Give the worker valid credentials with read, write and list for this bucket, then retry.",
  ),
  denied: again(
    "The policy of this key, its owner or its encryption key does not allow it; other objects are let through.",
    "Give the worker's credentials access to this object, then retry.",
  ),
  config: again("A name, a region or an address that does not belong together.", "Put the setting right, then retry."),
  source_missing: again(
    "The file was deleted after it was listed, or a row names a file that never was.",
    "Put the file back and retry, or leave it: it stays in the books as without a source.",
  ),
  source_unreadable: again(
    "The worker's user may not read it, or the disk has a fault there.",
    "Give the worker read access (ls -l shows the owner), then retry.",
  ),
  source_changed: again(
    "The application still writes it.",
    "Retry: the file is taken as it is then. A last look at the source finds what changes later.",
  ),
  integrity: again(
    "Bytes were damaged on the way, or a proxy changed them.",
    "Retry. If it comes back for the same object, read the source from another machine.",
  ),
  conflict: again(
    "Another program or an earlier trial wrote this key.",
    "Compare both, then delete or move the one at the destination, and retry. Nothing is overwritten by itself.",
  ),
  invalid_key: {
    likely: "The name holds what an S3 key cannot, or is too long.",
    fix: "Rename the file, or plan again with a mapping rule for it. Trying again cannot help.",
    isRetryUseful: false,
  },
  too_large: {
    likely: "The object is larger than the destination takes.",
    fix: "Split it, or copy it by another way and compare.",
    isRetryUseful: true,
  },
  archived: again(
    "The source object lies in an archive class.",
    "Restore it at the source (aws s3api restore-object), wait until that is done, then retry.",
  ),
  unsupported: again(
    "The destination lacks a feature this needs.",
    "Change the option, or choose another destination.",
  ),
  db: again("The console's own database was away.", "Retry once the overview shows it well."),
  bug: again("A fault in the console.", "Retry, and report it with the trace of the request."),
  missing_destination: again(
    "It was never copied, or deleted since.",
    "Copy what is missing, or retry to compare again.",
  ),
  different: again(
    "One side was changed after it was copied.",
    "Decide which side is right, put it right there, and retry to compare again.",
  ),
  wrong_type: again(
    "It was uploaded without its content type.",
    "Copy it onto itself with the right type (aws s3 cp --metadata-directive REPLACE), then retry.",
  ),
  shrunk: again("A part of the source was not mounted or not listed.", "Check the source, then list again."),
  reported: {
    likely: "The job says so in words of its own.",
    fix: "Put it right where the job runs; its next report shows here.",
    isRetryUseful: false,
  },
};

/** Codes that tell more than their class. */
const BY_CODE: Record<string, Partial<CauseAdvice>> = {
  SlowDown: { likely: "S3 asks for fewer requests to this prefix." },
  ExpiredToken: { likely: "The session token ended while it ran." },
  AllAccessDisabled: { likely: "The owner or the provider has closed the whole bucket." },
  NoSuchBucket: { likely: "The bucket does not exist, or is in another account." },
  RequestTimeTooSkewed: { likely: "The worker's clock is wrong.", fix: "Set the worker's clock by NTP, then retry." },
  EACCES: { likely: "The worker's user may not read it." },
  EIO: { likely: "The disk could not be read there.", fix: "Check the disk before anything else, then retry." },
  EntityTooLarge: { likely: "One PUT takes 5 GB at most.", fix: "Lower the size from which objects go in parts." },
};

/** Likely cause and fix of a class of failures, and of a code where one is known. */
export function adviceFor(errorClass: ErrorClass, code: string): CauseAdvice {
  return { ...BY_CLASS[errorClass], ...(Object.hasOwn(BY_CODE, code) ? BY_CODE[code] : {}) };
}
