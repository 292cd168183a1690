import { setTimeout as sleep } from "node:timers/promises";
import { log } from "@/server/log/log";
import { withSpan } from "@/server/telemetry/with-span";
import { emptyCounters, move } from "../../domain/counters";
import { backoffMs, TRIES_PER_VISIT } from "../../domain/retry";
import type { SourceStore } from "../stores/object-store";
import { openDestination, openSource } from "../stores/open-stores";
import type { S3Destination } from "../stores/s3-destination";
import { type StoreError, toStoreError } from "../stores/store-error";
import {
  type ChunkLease,
  type ChunkObject,
  claimChunk,
  flushResults,
  listOpenObjects,
  type ObjectResult,
  releaseChunk,
  renewLease,
} from "./chunk-repository";
import type { EngineSettings } from "./engine-settings";
import { MigrationTraffic } from "./migration-traffic";
import { retireObject } from "./retire-object";
import { dropIntents, listIntents, saveIntents } from "./retire-repository";
import { writeTombstone } from "./tombstone";
import { stopMigration, type Work } from "./work-repository";

/** Objects noted, deleted and written down together: a surprise leaves at most the rest of one slice in flight. */
const SLICE = 8;

const DRAIN_MS = 5000;

type Stores = { source: SourceStore; destination: S3Destination };
type Surprise = { object: ChunkObject; error: StoreError };

/**
 * Deletes at the source what is proven at the destination, slice by slice, at a set pace. Stops the whole migration on
 * the first thing that is not as expected. Killed at any point, another worker goes on: what was begun is on record.
 */
export class RetireRunner {
  #work: Work;
  readonly #owner: string;
  readonly #settings: EngineSettings;
  readonly #traffic: MigrationTraffic;
  readonly #abort = new AbortController();
  #running: Promise<void> | undefined;
  #isDraining = false;

  constructor(work: Work, owner: string, settings: EngineSettings) {
    this.#work = work;
    this.#owner = owner;
    this.#settings = settings;
    this.#traffic = new MigrationTraffic(work.no);
  }

  get phase(): Work["phase"] {
    return this.#work.phase;
  }

  get isOver(): boolean {
    return this.#isDraining;
  }

  async poll(work: Work): Promise<void> {
    this.#work = work;
    this.#traffic.setLimits(work.options.limits);
    if (this.#running !== undefined || this.#isDraining) return;
    this.#running = this.#run()
      .catch((error) => log().warn({ err: error, migration: work.id }, "retiring broken off"))
      .finally(() => {
        this.#running = undefined;
      });
  }

  /** The slice in flight is finished and written down; no other begins. One that hangs is broken off. */
  async drain(): Promise<void> {
    this.#isDraining = true;
    const timer = setTimeout(() => this.#abort.abort(), DRAIN_MS);
    await this.#running;
    clearTimeout(timer);
  }

  async #run(): Promise<void> {
    const { source: spec, destination: to } = this.#work;
    const { gate } = this.#traffic;
    const source = await openSource(spec, SLICE, gate).catch((cause) => this.#stop(toStoreError(cause)));
    if (source === undefined) return;
    const stores = { source, destination: openDestination(to, SLICE, gate) };
    try {
      while (!this.#isDraining) {
        const lease = await this.#claim();
        if (lease === undefined) return;
        const attributes = { "s3_migration.id": this.#work.id, "s3_migration.chunk": lease.chunkId };
        await withSpan("s3_migration.retire_chunk", { attributes }, () => this.#retireChunk(stores, lease));
      }
    } finally {
      await source.close();
      await stores.destination.close();
    }
  }

  #claim(): Promise<ChunkLease | undefined> {
    const { no: migrationNo } = this.#work;
    const { leaseMs } = this.#settings;
    const owner = this.#owner;
    return claimChunk({ migrationNo, phase: "retire", work: "retire", owner, leaseMs, held: [], concurrency: SLICE });
  }

  async #retireChunk(stores: Stores, lease: ChunkLease): Promise<void> {
    const { leaseMs, renewMs } = this.#settings;
    const renew = () => renewLease(lease, leaseMs, SLICE).catch(() => true);
    const renewTimer = setInterval(() => void renew(), renewMs);
    let retryAfterMs: number | undefined;
    try {
      await writeTombstone(stores.destination, this.#work.id, lease, this.#abort.signal);
      const begun = await listIntents(lease);
      const objects = await listOpenObjects(lease, "retire");
      for (let at = 0; at < objects.length && !this.#isDraining; at += SLICE) {
        if (!(await this.#retireSlice(stores, lease, objects.slice(at, at + SLICE), begun))) return;
      }
    } catch (cause) {
      const error = toStoreError(cause);
      if (!isPassing(error)) throw cause;
      retryAfterMs = 1000 + backoffMs(5, Math.random());
    } finally {
      clearInterval(renewTimer);
      await releaseChunk(lease, retryAfterMs);
    }
  }

  /** False: the chunk is lost, or something was not as expected. What was deleted is written down in either case. */
  async #retireSlice(stores: Stores, lease: ChunkLease, slice: ChunkObject[], begun: Set<number>): Promise<boolean> {
    const ids = slice.map(({ id }) => id);
    if (!(await saveIntents(lease, ids))) return false;
    const surprises: Surprise[] = [];
    const retired: ObjectResult[] = [];
    await Promise.all(
      slice.map(async (object) => {
        // Rejects only when asked to stop, which the next line looks at.
        await this.#traffic.retire(this.#abort.signal).catch(() => {});
        if (surprises.length > 0 || this.#abort.signal.aborted) return;
        const error = await this.#retireOne(stores, object, begun);
        if (error === undefined) retired.push(toRetired(object));
        else surprises.push({ object, error });
      }),
    );
    const isMine = await this.#write(lease, retired);
    // What was certainly not touched is nobody's deletion: should it vanish, that is a surprise and not ours.
    if (isMine) {
      const done = new Set(retired.map(({ object }) => object.id));
      const untouched = ids.filter((id) => !done.has(id) && !begun.has(id));
      if (untouched.length > 0) await dropIntents(lease, untouched);
    }
    const [first] = surprises;
    if (first === undefined || this.#abort.signal.aborted) return isMine;
    if (isPassing(first.error)) throw first.error;
    await this.#stop(first.error, first.object.key);
    return false;
  }

  async #write(lease: ChunkLease, results: ObjectResult[]): Promise<boolean> {
    if (results.length === 0) return true;
    const delta = emptyCounters();
    for (const { object, ...to } of results) move(delta, object, to);
    const { leaseMs } = this.#settings;
    return flushResults({ lease, leaseMs, results, delta, retries: 0, throttledMs: 0, concurrency: SLICE });
  }

  /** `begun` gains the object whose deletion may have happened without an answer: it is ours as well. */
  async #retireOne(stores: Stores, object: ChunkObject, begun: Set<number>): Promise<StoreError | undefined> {
    const { signal } = this.#abort;
    for (let tries = 1; ; tries += 1) {
      try {
        await retireObject({ ...stores, options: this.#work.options, signal }, object, begun.has(object.id));
        return undefined;
      } catch (cause) {
        const error = toStoreError(cause);
        const isOpen = isPassing(error) || signal.aborted;
        if (isOpen) begun.add(object.id);
        if (!isOpen || signal.aborted || tries >= TRIES_PER_VISIT) return error;
        await sleep(backoffMs(tries, Math.random()));
      }
    }
  }

  async #stop(error: StoreError, key?: string): Promise<undefined> {
    this.#isDraining = true;
    const where = key === undefined ? "" : ` at ${key.slice(0, 200)}`;
    const message = `Deleting the source stopped${where}: ${error.message}`;
    log().error({ migration: this.#work.id, errorClass: error.errorClass, reason: message }, "retiring stopped");
    await stopMigration(this.#work.no, error.errorClass, message);
    return undefined;
  }
}

/** Worth another try: says nothing about the objects. */
const isPassing = ({ errorClass }: StoreError): boolean => errorClass === "transient" || errorClass === "throttled";

function toRetired(object: ChunkObject): ObjectResult {
  const { tier, sizeBytes, fingerprint, attempts, crc32, etag } = object;
  return { object, state: "retired", tier, sizeBytes, fingerprint, attempts, crc32, etag, failure: undefined };
}
