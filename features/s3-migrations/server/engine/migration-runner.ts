import PQueue from "p-queue";
import { log } from "@/server/log/log";
import { withSpan } from "@/server/telemetry/with-span";
import { ConcurrencyLevel } from "../../domain/concurrency-level";
import { isOpen } from "../../domain/counters";
import type { ErrorClass, ObjectState } from "../../domain/states";
import { workOf } from "../../domain/work";
import type { SourceStore } from "../stores/object-store";
import { openDestination, openSource } from "../stores/open-stores";
import type { S3Destination } from "../stores/s3-destination";
import { StoreError, toStoreError } from "../stores/store-error";
import { AccessCheck } from "./access-check";
import { attemptObject } from "./attempt-object";
import { noteResults } from "./budget-repository";
import { type ChunkObject, claimChunk, type ObjectResult } from "./chunk-repository";
import { type ChunkHold, ChunkRun } from "./chunk-run";
import type { EngineSettings } from "./engine-settings";
import { addPutLatencies } from "./latency-repository";
import { saveLevelChange } from "./level-repository";
import { MigrationTraffic } from "./migration-traffic";
import { type Settled, visitObject } from "./object-visit";
import { PutLatencies } from "./put-latencies";
import { SharedBudget } from "./shared-budget";
import { abortLeftUploads, lookAtForeignUploads } from "./upload-attempt";
import { stopMigration, type Work } from "./work-repository";

/** Objects in flight get this long to finish after a pause; then they are broken off and stay to be done. */
const DRAIN_MS = 2500;

/** The most that people may set; connections are made when they are needed. */
const MAX_IN_FLIGHT = 256;

const TELL_LEVEL_MS = 5000;

/** For the answer to whether the credentials are let in at all. */
const ACCESS_MS = 30_000;

const FINDINGS: ReadonlySet<ObjectState> = new Set([
  "missing_source",
  "missing_destination",
  "different",
  "wrong_type",
]);

type Stores = { source: SourceStore; destination: S3Destination; access: AccessCheck };

/** All this worker does for one migration in one phase: claims chunks, keeps the limit, the budget and the pace. */
export class MigrationRunner {
  #work: Work;
  readonly #owner: string;
  readonly #settings: EngineSettings;
  readonly #queue: PQueue;
  readonly #traffic: MigrationTraffic;
  readonly #latencies: PutLatencies;
  readonly #budget: SharedBudget;
  readonly #runs = new Map<number, Promise<void>>();
  readonly #live = new Map<number, ChunkRun>();
  readonly #level: ConcurrencyLevel;
  #share = Number.POSITIVE_INFINITY;
  #toldAtMs = 0;
  #stores: Promise<Stores> | undefined;
  #isDraining = false;
  #isFilling = false;
  #stats = { retries: 0, throttledMs: 0 };

  constructor(work: Work, owner: string, settings: EngineSettings) {
    this.#work = work;
    this.#owner = owner;
    this.#settings = settings;
    const level = new ConcurrencyLevel(work.options.concurrency, performance.now());
    this.#level = level;
    const latencies = new PutLatencies((counts) => addPutLatencies(work.no, counts));
    this.#latencies = latencies;
    this.#traffic = new MigrationTraffic(work.no, (latency) => {
      level.noteLatency(latency);
      latencies.note(latency);
    });
    this.#queue = new PQueue({ concurrency: level.limit });
    this.#budget = new SharedBudget({
      note: (tally) => noteResults({ no: work.no, phase: work.phase, tally }),
      stopAtShare: () => this.#work.options.stopAtFailedShare,
      onSpent: ({ errorClass, message }) => this.#stop(errorClass, message),
    });
  }

  get phase(): Work["phase"] {
    return this.#work.phase;
  }

  /** True once it has been told to stop, by people or by itself; a new runner has to go on. */
  get isOver(): boolean {
    return this.#isDraining;
  }

  /** Whether it has chunks now, so that others have to share with it. */
  get isBusy(): boolean {
    return this.#runs.size > 0;
  }

  /** The most that may be in flight beside the other migrations of this worker. */
  setShare(share: number): void {
    this.#share = share;
    this.#applyLevel();
  }

  /** Takes in what the database says now, and claims chunks up to its number. */
  async poll(work: Work): Promise<void> {
    this.#work = work;
    this.#traffic.setLimits(work.options.limits);
    this.#level.setMax(work.options.concurrency);
    this.#applyLevel();
    void this.#budget.tick(performance.now());
    void this.#latencies.tick(performance.now());
    await this.#fill();
  }

  /** Finishes what is in flight, gives every chunk back, closes the stores. */
  async drain(): Promise<void> {
    this.#isDraining = true;
    for (const run of this.#live.values()) run.drain();
    const timer = setTimeout(() => {
      for (const run of this.#live.values()) run.abort();
    }, DRAIN_MS);
    await Promise.all(this.#runs.values());
    clearTimeout(timer);
    // Stores that never opened were told of, and need no closing.
    const stores = await this.#stores?.catch(() => undefined);
    await stores?.source.close();
    await stores?.destination.close();
  }

  async #fill(): Promise<void> {
    if (this.#isFilling) return;
    this.#isFilling = true;
    try {
      while (!this.#isDraining && this.#runs.size < this.#settings.chunksAtOnce) {
        if (!(await this.#claimOne())) return;
      }
    } finally {
      this.#isFilling = false;
    }
  }

  async #claimOne(): Promise<boolean> {
    const stores = await this.#open();
    if (stores === undefined) return false;
    const { no: migrationNo, phase, options } = this.#work;
    const work = workOf(phase, options.mode);
    if (work === undefined) return false;
    const lease = await claimChunk({
      migrationNo,
      phase,
      work,
      owner: this.#owner,
      leaseMs: this.#settings.leaseMs,
      held: [...this.#runs.keys()],
      concurrency: this.#queue.concurrency,
    });
    if (lease === undefined) return false;
    const run = new ChunkRun({
      lease,
      work,
      queue: this.#queue,
      settings: this.#settings,
      visit: (object, hold) => this.#visit(stores, object, hold),
      takeStats: () => this.#takeStats(),
    });
    this.#live.set(lease.chunkId, run);
    this.#runs.set(lease.chunkId, this.#runToEnd(run));
    // Asked to stop between the claim and here.
    if (this.#isDraining) run.drain();
    return true;
  }

  async #runToEnd(run: ChunkRun): Promise<void> {
    const { chunkId } = run.lease;
    try {
      const attributes = { "s3_migration.id": this.#work.id, "s3_migration.chunk": chunkId };
      await withSpan(`s3_migration.${this.#work.phase}_chunk`, { attributes }, () => run.run());
    } catch (error) {
      // The database went away: the fence decides later whose work counts; the chunk is claimed anew.
      log().warn({ err: error, migration: this.#work.id, chunkId }, "chunk broken off");
    } finally {
      this.#live.delete(chunkId);
      this.#runs.delete(chunkId);
    }
    if (!this.#isDraining) void this.#fill().catch((error) => log().warn({ err: error }, "claiming a chunk failed"));
  }

  async #open(): Promise<Stores | undefined> {
    const { source, destination } = this.#work;
    const { gate } = this.#traffic;
    this.#stores ??= openSource(source, MAX_IN_FLIGHT, gate).then(async (opened) => {
      const to = openDestination(destination, MAX_IN_FLIGHT, gate);
      const access = new AccessCheck(async (side) => {
        const inTime = AbortSignal.timeout(ACCESS_MS);
        await (side === "source" ? opened.checkAccess?.(inTime) : to.checkAccess(inTime));
      });
      const stores = { source: opened, destination: to, access };
      if (this.#work.phase === "verify") await this.#sweep(stores.destination);
      return stores;
    });
    try {
      return await this.#stores;
    } catch (cause) {
      this.#stores = undefined;
      const { errorClass, message } = toStoreError(cause);
      await this.#stop(errorClass, message);
      return undefined;
    }
  }

  /** Nobody copies any more: every upload in parts that is still open was left by a worker that died. */
  async #sweep(destination: S3Destination): Promise<void> {
    const { id, no } = this.#work;
    const sweep = abortLeftUploads(destination, no, "all").then(() => lookAtForeignUploads(destination, no));
    await sweep.catch((error: unknown) => {
      log().warn({ err: error, migration: id }, "uploads in parts that were left could not be looked for");
    });
  }

  async #visit(stores: Stores, object: ChunkObject, hold: ChunkHold): Promise<ObjectResult | undefined> {
    const { options } = this.#work;
    const { signal } = hold;
    // Asked to stop while it waits for its turn: the visit itself sees that next.
    await this.#traffic.object(signal).catch(() => {});
    // Stopped meanwhile, perhaps because every further object would be refused.
    if (this.#isDraining) return undefined;
    const outcome = await visitObject(object, {
      attempt: (candidate) => this.#attempt(stores, candidate, hold),
      maxAttempts: options.maxAttempts,
      waiting: ({ state, tier }) => (isOpen(state) ? { state: "retry_wait", tier: "none" } : { state, tier }),
      onRetry: (error, pausedMs) => {
        this.#stats.retries += 1;
        if (error.errorClass === "throttled") this.#stats.throttledMs += Math.round(pausedMs);
      },
      onAnswer: (errorClass) => this.#adjustLimit(errorClass),
      signal,
    });
    if (outcome === undefined) return undefined;
    if ("stop" in outcome) {
      await this.#stop(outcome.stop.errorClass, outcome.stop.message);
      return undefined;
    }
    await this.#countResult(outcome);
    return outcome;
  }

  /** What is refused to one object is its own failure; what is refused to the credentials stops everything, once. */
  async #attempt(stores: Stores, object: ChunkObject, hold: ChunkHold): Promise<Settled> {
    try {
      const { serverCopyBytes } = this.#settings;
      return await attemptObject({ ...stores, ...hold, work: this.#work, serverCopyBytes }, object);
    } catch (error) {
      if (error instanceof StoreError && !hold.signal.aborted) await stores.access.judge(error);
      throw error;
    }
  }

  #adjustLimit(errorClass: ErrorClass | undefined): void {
    const nowMs = performance.now();
    const change = this.#level.noteAnswer(errorClass === "throttled", nowMs);
    this.#applyLevel();
    // The chart needs no more than a mark now and then.
    if (change === undefined || nowMs - this.#toldAtMs < TELL_LEVEL_MS) return;
    this.#toldAtMs = nowMs;
    // Without it the chart lacks one mark; that the database is away is told by those that need it.
    void saveLevelChange(this.#work.no, change).catch(() => {});
  }

  #applyLevel(): void {
    const limit = Math.min(this.#level.limit, this.#share);
    if (this.#queue.concurrency !== limit) this.#queue.concurrency = limit;
  }

  async #countResult({ state, failure }: ObjectResult): Promise<void> {
    // What comparing finds is its purpose, not a failure of the run.
    const isCounted = failure !== undefined && !FINDINGS.has(state);
    await this.#budget.add(isCounted ? (failure.errorClass as ErrorClass) : undefined);
  }

  async #stop(errorClass: ErrorClass, message: string): Promise<void> {
    const isFirst = !this.#isDraining;
    this.#isDraining = true;
    for (const run of this.#live.values()) run.drain();
    if (!isFirst) return;
    log().error({ migration: this.#work.id, errorClass, reason: message }, "migration stopped");
    await stopMigration(this.#work.no, errorClass, message);
  }

  #takeStats(): { retries: number; throttledMs: number } {
    const taken = this.#stats;
    this.#stats = { retries: 0, throttledMs: 0 };
    return taken;
  }
}
