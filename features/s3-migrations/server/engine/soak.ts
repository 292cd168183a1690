import { pause } from "@/server/jobs/pause";
import { Outage } from "@/server/log/outage";
import { emptyCounters, move } from "../../domain/counters";
import { VERIFY_TIERS, type VerifyTier } from "../../domain/states";
import { openDestination } from "../stores/open-stores";
import type { S3Destination } from "../stores/s3-destination";
import { toStoreError } from "../stores/store-error";
import {
  type ChunkObject,
  claimAnyProven,
  flushResults,
  listOpenObjects,
  type ObjectResult,
  releaseChunk,
} from "./chunk-repository";
import type { EngineSettings } from "./engine-settings";
import { type Soaking, saveSoakCounts, takeSoaking } from "./soak-repository";
import { verifyObject } from "./verify-object";

/** Larger objects are asked for their stored checksum only: a sample must not move the bucket. */
const READ_BACK_BYTES = 64 * 1024 * 1024;

/**
 * While people find out whether the application is well with the destination, some objects are proven again and again,
 * by reading them. One that is no longer what was copied becomes a failure like any other, and blocks retiring.
 */
export async function runSoak(owner: string, settings: EngineSettings, signal: AbortSignal): Promise<void> {
  const outage = new Outage("a soaking S3 migration could not be looked at");
  while (!signal.aborted) {
    try {
      const soaking = await takeSoaking(settings.soakMs);
      outage.over();
      if (soaking !== undefined) await proveSome(soaking, owner, settings, signal);
    } catch (error) {
      outage.note(error);
    }
    await pause(Math.min(settings.soakMs, 5000), signal);
  }
}

async function proveSome(
  { no, destination: spec, options }: Soaking,
  owner: string,
  { leaseMs, soakObjects }: EngineSettings,
  signal: AbortSignal,
): Promise<void> {
  const lease = await claimAnyProven(no, { owner, leaseMs });
  if (lease === undefined) return;
  const destination = openDestination(spec, 1);
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(leaseMs * 0.8)]);
  try {
    const sample = pickSome(await listOpenObjects(lease, "retire"), soakObjects);
    const results: ObjectResult[] = [];
    for (const object of sample) {
      const verify = object.sizeBytes <= READ_BACK_BYTES ? ("read_back" as const) : ("stored" as const);
      const result = await proveAgain(destination, { ...options, verify }, object, inTime);
      if (result !== undefined) results.push(result);
    }
    const delta = emptyCounters();
    for (const { object, ...to } of results) move(delta, object, to);
    const isMine = await flushResults({ lease, leaseMs, results, delta, retries: 0, throttledMs: 0, concurrency: 1 });
    const wrong = results.filter(({ failure }) => failure !== undefined).length;
    if (isMine) await saveSoakCounts(no, results.length, wrong);
  } finally {
    await destination.close();
    await releaseChunk(lease, undefined);
  }
}

function pickSome(objects: ChunkObject[], count: number): ChunkObject[] {
  const start = Math.floor(Math.random() * objects.length);
  return [...objects.slice(start), ...objects.slice(0, start)].slice(0, count);
}

/** A store that does not answer now says nothing about the object: `undefined`. */
async function proveAgain(
  destination: S3Destination,
  options: Soaking["options"],
  object: ChunkObject,
  signal: AbortSignal,
): Promise<ObjectResult | undefined> {
  const { sizeBytes, fingerprint, attempts, crc32, etag } = object;
  const same = { object, sizeBytes, fingerprint, attempts, crc32, etag };
  try {
    const tier = stronger(object.tier, await verifyObject({ destination, options, signal }, object));
    return { ...same, state: "verified", tier, failure: undefined };
  } catch (cause) {
    const { errorClass, storeCode: code, httpStatus, requestId, message } = toStoreError(cause);
    if (errorClass !== "integrity") return undefined;
    const failure = { errorClass, code, httpStatus, requestId, message: `Found while soaking. ${message}` };
    return { ...same, state: "failed", tier: "none", attempts: attempts + 1, failure };
  }
}

const stronger = (a: VerifyTier, b: VerifyTier): VerifyTier =>
  VERIFY_TIERS.indexOf(a) > VERIFY_TIERS.indexOf(b) ? a : b;
