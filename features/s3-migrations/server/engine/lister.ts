import { setMaxListeners } from "node:events";
import { pause } from "@/server/jobs/pause";
import type { Wake } from "@/server/jobs/wake";
import { log } from "@/server/log/log";
import { Outage } from "@/server/log/outage";
import { withSpan } from "@/server/telemetry/with-span";
import { missingAbilities } from "../../domain/keep-policy";
import { backoffMs } from "../../domain/retry";
import type { SourceStore } from "../stores/object-store";
import { openDestination, openSource } from "../stores/open-stores";
import { plannedListing } from "../stores/planned-listing";
import { probeAbilities } from "../stores/probe-abilities";
import { StoreError, toStoreError } from "../stores/store-error";
import type { EngineSettings } from "./engine-settings";
import { ListingLimits } from "./listing-limits";
import {
  claimListPass,
  failListPass,
  type ListPass,
  openListing,
  prepareSealing,
  releaseListPass,
  renewListPass,
  saveAbilities,
  savePage,
  sealListing,
} from "./listing-repository";
import { openDestinationListing, saveDestinationPage } from "./orphan-repository";

type Bounds = { limits: ListingLimits; signal: AbortSignal };

const MAX_ATTEMPTS = 6;
/** Rows per transaction: some 40 ms of COPY, well within a lease. */
const BATCH = 5000;

/** Lists migrations that wait for it, one at a time per worker. Calls `sealed` after each, since there may be work now. */
export async function runLister(
  owner: string,
  { settings, sealed }: { settings: EngineSettings; sealed: Wake },
  signal: AbortSignal,
): Promise<void> {
  const outage = new Outage("the lister cannot reach the database");
  while (!signal.aborted) {
    try {
      const pass = await claimListPass(owner, settings.leaseMs);
      outage.over();
      if (pass !== undefined) {
        const attributes = { "s3_migration.id": pass.id };
        await withSpan("s3_migration.list", { attributes }, () => runPass(pass, settings, signal));
        sealed.call();
        continue;
      }
    } catch (error) {
      outage.note(error);
    }
    await pause(settings.listPollMs, signal);
  }
}

/** One pass over the source. Any error fails it: a listing that broke off is never taken for a short one. */
async function runPass(pass: ListPass, settings: EngineSettings, signal: AbortSignal): Promise<void> {
  const lost = new AbortController();
  const both = AbortSignal.any([signal, lost.signal]);
  // A manifest asks for many objects at once, each of which listens: no leak.
  setMaxListeners(0, both);
  const limits = new ListingLimits(pass, settings.pollMs);
  const renewTimer = setInterval(() => void renew(pass, settings, lost), settings.renewMs);
  let source: SourceStore | undefined;
  try {
    // First of all: a directory that is not there is wrong whatever the destination says.
    source = await openSource(pass.source, pass.options.concurrency, limits.gate);
    // What is only compared is never written to, not even with a probe.
    if (pass.options.mode === "copy" && pass.phase === "list") await probeDestination(pass, both);
    const isWhole =
      (await listSource({ source, pass, leaseMs: settings.leaseMs, limits, signal: both })) &&
      (await listDestination(pass, settings, { limits, signal: both }));
    if (isWhole) await prepareSealing(pass);
    // Sealing holds the row that a renewal would need.
    clearInterval(renewTimer);
    both.throwIfAborted();
    if (isWhole) await sealListing(pass);
    else await releaseListPass(pass);
  } catch (error) {
    // Paused, cancelled, another worker's now, or out of its window: nothing failed.
    if (both.aborted || limits.isClosed) await releaseListPass(pass);
    else await failPass(pass, error);
  } finally {
    clearInterval(renewTimer);
    limits.end();
    await source?.close();
  }
}

/** A store may take longer for one batch than a lease lasts. */
async function renew(pass: ListPass, { leaseMs }: EngineSettings, lost: AbortController): Promise<void> {
  if (!(await renewListPass(pass, leaseMs).catch(() => true))) lost.abort();
}

type Listing = Bounds & { source: SourceStore; pass: ListPass; leaseMs: number };

/** Writes the listing down, page by page; false when the pass is no longer ours or wanted. */
async function listSource({ source, pass, leaseMs, limits, signal }: Listing): Promise<boolean> {
  // Written down to its end already, by this worker or another.
  if (pass.side === "destination") return true;
  const isResumed = source.isOrdered && pass.cursor !== null;
  const after = isResumed ? (pass.cursor ?? undefined) : undefined;
  if (!(await openListing(pass, isResumed))) return false;
  // What cannot be gone on with later would begin anew with every window, and might never end.
  const inWindow = source.isOrdered ? limits.whileOpen(signal) : signal;
  const listing = plannedListing(source.list({ after, signal: inWindow }), {
    prefix: pass.destination.prefix,
    ...pass.options,
  });
  for await (const batch of inBatches(listing)) if (!(await savePage(pass, batch, leaseMs))) return false;
  return true;
}

/** For orphans: the other side, written down the same way. Nothing to do for a migration that copies. */
async function listDestination(
  pass: ListPass,
  { leaseMs }: EngineSettings,
  { limits, signal }: Bounds,
): Promise<boolean> {
  if (pass.options.mode !== "verify_only") return true;
  const destination = openDestination(pass.destination, 1, limits.gate);
  try {
    const isResumed = pass.side === "destination";
    const after = isResumed ? (pass.cursor ?? undefined) : undefined;
    if (!(await openDestinationListing(pass, isResumed))) return false;
    for await (const batch of inBatches(destination.list(limits.whileOpen(signal), after))) {
      if (!(await saveDestinationPage(pass, batch, leaseMs))) return false;
    }
    return true;
  } finally {
    await destination.close();
  }
}

async function probeDestination(pass: ListPass, signal: AbortSignal): Promise<void> {
  const destination = openDestination(pass.destination, 1);
  try {
    const abilities = await probeAbilities(destination, pass.options.keep, { signal, name: pass.id });
    await saveAbilities(pass, abilities);
    const missing = missingAbilities(pass.options.keep, abilities);
    if (missing.length > 0) {
      const message = `${missing.join(" ")} Plan it without, or choose another destination.`;
      throw new StoreError({ errorClass: "unsupported", code: "CannotKeep", message });
    }
  } finally {
    await destination.close();
  }
}

async function failPass(pass: ListPass, cause: unknown): Promise<void> {
  const error = toStoreError(cause);
  // While listing nothing is asked of one object alone but the probe's: what is refused there is refused everywhere.
  const errorClass = error.errorClass === "denied" ? "auth" : error.errorClass;
  log().warn({ err: error, migration: pass.id, errorClass }, "listing failed");
  const isHopeless = !["transient", "throttled"].includes(errorClass) || pass.attempts + 1 >= MAX_ATTEMPTS;
  await failListPass(pass, {
    retryAfterMs: 500 + backoffMs(pass.attempts + 2, Math.random()),
    stop: isHopeless ? { errorClass, message: error.message } : undefined,
  });
}

async function* inBatches<T>(pages: AsyncIterable<T[]>): AsyncGenerator<T[]> {
  let batch: T[] = [];
  for await (const page of pages) {
    batch = batch.length === 0 ? page : batch.concat(page);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
