import type { IncomingHttpHeaders } from "node:http";
import { S3Error } from "./s3-error";

type Known = { etag: string; lastModifiedMs: number };

function failed(condition: string): S3Error {
  return new S3Error("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", {
    Condition: condition,
  });
}

function matches(list: string, etag: string): boolean {
  const wanted = list.split(",").map((item) => item.trim().replace(/^W\//, "").replace(/^"|"$/g, ""));
  return wanted.some((item) => item === "*" || item === etag);
}

/** `If-None-Match: *` and `If-Match` of a write, against what is there at the moment of commit. */
export function assertWritable(headers: IncomingHttpHeaders, current: Known | undefined): void {
  const noneMatch = headers["if-none-match"];
  if (noneMatch !== undefined && noneMatch.trim() !== "*")
    throw new S3Error("NotImplemented", "A header you provided implies functionality that is not implemented", {
      Header: "If-None-Match",
    });
  if (noneMatch !== undefined && current !== undefined) throw failed("If-None-Match");
  const match = headers["if-match"];
  if (match === undefined) return;
  if (current === undefined) throw new S3Error("NoSuchKey", "The specified key does not exist.");
  if (!matches(match, current.etag)) throw failed("If-Match");
}

function timeOf(text: string | undefined): number | undefined {
  const ms = Date.parse(text ?? "");
  return Number.isNaN(ms) ? undefined : ms;
}

type ReadConditions = {
  match: string | undefined;
  noneMatch: string | undefined;
  modifiedSince: string | undefined;
  unmodifiedSince: string | undefined;
};

function isUnchanged(conditions: ReadConditions, current: Known): boolean {
  if (conditions.noneMatch !== undefined) return matches(conditions.noneMatch, current.etag);
  const since = timeOf(conditions.modifiedSince);
  return since !== undefined && Math.floor(current.lastModifiedMs / 1000) * 1000 <= since;
}

function assertMatches(conditions: ReadConditions, current: Known): void {
  if (conditions.match !== undefined) {
    if (!matches(conditions.match, current.etag)) throw failed("If-Match");
    return;
  }
  const until = timeOf(conditions.unmodifiedSince);
  if (until !== undefined && Math.floor(current.lastModifiedMs / 1000) * 1000 > until)
    throw failed("If-Unmodified-Since");
}

/** The four read conditions in the order of RFC 9110 §13.2.2. True: answer 304. Throws PreconditionFailed. */
export function isNotModified(headers: IncomingHttpHeaders, current: Known): boolean {
  const conditions: ReadConditions = {
    match: headers["if-match"],
    noneMatch: headers["if-none-match"],
    modifiedSince: headers["if-modified-since"],
    unmodifiedSince: headers["if-unmodified-since"],
  };
  assertMatches(conditions, current);
  return isUnchanged(conditions, current);
}

/** The same four for the source of a copy, where "not modified" is a failed precondition too. */
export function assertCopySource(headers: IncomingHttpHeaders, current: Known): void {
  const of = (name: string) => headers[`x-amz-copy-source-${name}`]?.toString();
  const conditions: ReadConditions = {
    match: of("if-match"),
    noneMatch: of("if-none-match"),
    modifiedSince: of("if-modified-since"),
    unmodifiedSince: of("if-unmodified-since"),
  };
  assertMatches(conditions, current);
  if (isUnchanged(conditions, current)) throw failed("x-amz-copy-source-If-None-Match");
}
