import { AppError } from "@/lib/errors";
import type { Viewer } from "@/server/auth/permissions";
import { RateLimit } from "./rate-limit";
import { findGrant, type Grant } from "./token-repository";

/** A program that reports, and what its token opens. */
export type Job = Viewer & Grant;

/** No token has this id. */
const REFUSED = "refused";
const PATH = /^\/api\/v1\/migrations\/([^/]+)/;

// Next evaluates route handlers as separate module graphs: one limit per process lives on globalThis.
type Shared = { opsReportLimit?: RateLimit };
const shared = globalThis as typeof globalThis & Shared;

/** The job whose bearer token this is, for the migration its address names: 401, 403, 429 otherwise. */
export async function authenticateJob(request: Request): Promise<Job> {
  const token = /^Bearer ([A-Za-z0-9_-]{20,200})$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  const grant = token === undefined ? undefined : await findGrant(token);
  shared.opsReportLimit ??= new RateLimit();
  if (grant === undefined) {
    // All that are refused share one measure: no address behind a tunnel tells them apart.
    shared.opsReportLimit.take(REFUSED);
    throw new AppError("unauthorized", "Send a token that is neither over nor revoked: Authorization: Bearer opsr_…");
  }
  shared.opsReportLimit.take(grant.tokenId);
  const named = PATH.exec(new URL(request.url).pathname)?.[1];
  if (named === undefined || decodeURIComponent(named) !== grant.externalRef) {
    throw new AppError("forbidden", "This token is for another migration.");
  }
  return { id: grant.tokenId, name: `job ${grant.externalRef}`, role: "job", ...grant };
}

/** The job behind a viewer of a route that authenticates jobs. */
export function jobOf(viewer: Viewer): Job {
  if (viewer.role !== "job" || !("externalRef" in viewer)) throw new AppError("forbidden", "Only jobs may do this.");
  return viewer as Job;
}
