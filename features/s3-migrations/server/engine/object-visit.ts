import { pause } from "@/server/jobs/pause";
import { backoffMs, verdictOf } from "../../domain/retry";
import type { ErrorClass, ObjectState } from "../../domain/states";
import { StoreError, toStoreError } from "../stores/store-error";
import type { ChunkObject, ObjectResult } from "./chunk-repository";

/** What a successful attempt says about the object. */
export type Settled = Pick<ObjectResult, "state" | "tier" | "sizeBytes" | "fingerprint" | "crc32" | "etag" | "kept">;

export type VisitHooks = {
  attempt: (object: ChunkObject) => Promise<Settled>;
  maxAttempts: number;
  /** State and tier to keep while waiting for another visit. */
  waiting: (object: ChunkObject) => Pick<ObjectResult, "state" | "tier">;
  onRetry: (error: StoreError, pausedMs: number) => void;
  onAnswer: (errorClass: ErrorClass | undefined) => void;
  signal: AbortSignal;
};

/** The migration cannot go on: every object would fail like this one. */
export type Stop = { stop: StoreError };

/**
 * One object, with a few quick retries. Gives its result, or a reason to stop everything, or `undefined` when aborted:
 * then nothing is written, the object stays as it was and is done again by whoever comes next.
 */
export async function visitObject(first: ChunkObject, hooks: VisitHooks): Promise<ObjectResult | Stop | undefined> {
  const { maxAttempts, onAnswer, onRetry, signal } = hooks;
  let object = first;
  for (let tries = 1; !signal.aborted; tries += 1) {
    const answer = await tryOnce(object, hooks);
    if (answer === undefined) return undefined;
    if (!(answer instanceof StoreError)) return answer;
    // The next try has to know what this one left behind.
    object = { ...object, etag: answer.writtenEtag ?? object.etag };
    onAnswer(answer.errorClass);
    const verdict = verdictOf(answer.errorClass, { tries, attempts: object.attempts, maxAttempts });
    if (verdict === "stop_migration") return { stop: answer };
    if (verdict === "give_up") return failed(object, answer);
    const pausedMs = Math.max(backoffMs(tries + object.attempts, Math.random()), answer.retryAfterMs ?? 0);
    onRetry(answer, verdict === "retry_now" ? pausedMs : 0);
    if (verdict === "retry_later") return later(object, answer, hooks);
    await pause(pausedMs, signal);
  }
  return undefined;
}

async function tryOnce(
  object: ChunkObject,
  { attempt, onAnswer, signal }: VisitHooks,
): Promise<ObjectResult | StoreError | undefined> {
  try {
    const settled = await attempt(object);
    onAnswer(undefined);
    return { object, ...settled, attempts: object.attempts, failure: undefined };
  } catch (cause) {
    return signal.aborted ? undefined : toStoreError(cause);
  }
}

function later(object: ChunkObject, error: StoreError, { waiting }: VisitHooks): ObjectResult {
  const attempts = error.errorClass === "throttled" ? object.attempts : object.attempts + 1;
  return { ...asItWas(object), ...waiting(object), attempts, failure: undefined };
}

function failed(object: ChunkObject, error: StoreError): ObjectResult {
  const { errorClass, storeCode, httpStatus, requestId, message } = error;
  return {
    ...asItWas(object),
    state: stateOf(errorClass),
    tier: "none",
    attempts: object.attempts + 1,
    // From now on it says what this migration stored itself; what was found there belongs to somebody else.
    etag: object.state === "skipped_identical" ? null : object.etag,
    // A file changed on purpose is taken as it then is when a person retries it.
    fingerprint: errorClass === "source_changed" ? "" : object.fingerprint,
    failure: { errorClass, code: storeCode, httpStatus, requestId, message },
  };
}

function stateOf(errorClass: ErrorClass): ObjectState {
  if (errorClass === "source_missing") return "missing_source";
  return isOwnState(errorClass) ? errorClass : "failed";
}

/** Classes that are a state of the object themselves. */
const OWN_STATES = ["conflict", "source_changed", "missing_destination", "different", "wrong_type"] as const;
const isOwnState = (errorClass: ErrorClass): errorClass is (typeof OWN_STATES)[number] =>
  (OWN_STATES as readonly ErrorClass[]).includes(errorClass);

function asItWas(object: ChunkObject): Omit<ObjectResult, "failure"> {
  const { state, tier, sizeBytes, fingerprint, attempts, crc32, etag } = object;
  return { object, state, tier, sizeBytes, fingerprint, attempts, crc32, etag };
}
