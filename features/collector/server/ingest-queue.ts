import { AppError } from "@/lib/errors";
import { isDatabaseAway } from "@/server/http/is-database-away";
import { isDiskFull } from "@/server/http/is-disk-full";
import { log } from "@/server/log/log";
import { clearTrouble, noteTrouble } from "@/server/processes/trouble";
import type { PackedFragment } from "../domain/copy-rows";
import type { OperationSeen, ScannedTraces } from "../domain/scan-traces";
import { saveFragments, tryFragments } from "./fragment-repository";
import { LateSpans } from "./late-spans";
import { pack } from "./pack";
import type { SegmentKeeper } from "./segment-keeper";

/** Two at a time: one waits for the disk while the other is copied. */
const COMMITTERS = 2;
const BATCH_BYTES = 4 * 1024 * 1024;
const MAX_WAITING_BYTES = 24 * 1024 * 1024;
const LOOK_AGAIN_MS = 2000;

type Waiting = {
  fragments: PackedFragment[];
  operations: OperationSeen[];
  sizeBytes: number;
  settle: (error?: AppError) => void;
};

/**
 * Group commit: requests that arrive while a batch is on its way to disk share the next one. A promise of {@link store}
 * resolves only after the commit that holds its spans; when the database refuses, it rejects and nothing was acknowledged.
 */
export class IngestQueue {
  private readonly segments: SegmentKeeper;
  private readonly lateSpans = new LateSpans();
  private waiting: Waiting[] = [];
  private waitingBytes = 0;
  private active = 0;
  private idle: (() => void)[] = [];
  /** Requests refused since the database last took spans. */
  private refused = 0;
  private look: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();

  constructor(segments: SegmentKeeper) {
    this.segments = segments;
  }

  get isFull(): boolean {
    return this.waitingBytes >= MAX_WAITING_BYTES;
  }

  store(scanned: ScannedTraces): Promise<void> {
    const fragments = scanned.fragments.map(({ spans, ...rest }) => ({ ...rest, packed: pack(spans) }));
    const sizeBytes = fragments.reduce((sum, { packed, bloom }) => sum + packed.length + bloom.length + 200, 0);
    return new Promise((resolve, reject) => {
      const settle = (error?: AppError) => (error === undefined ? resolve() : reject(error));
      this.waiting.push({ fragments, operations: scanned.operations, sizeBytes, settle });
      this.waitingBytes += sizeBytes;
      this.work();
    });
  }

  /** Resolves when everything taken so far is stored or refused. */
  drained(): Promise<void> {
    if (this.active === 0 && this.waiting.length === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.idle.push(resolve);
    });
  }

  /** Ends looking whether refused spans could be stored by now. */
  async stop(): Promise<void> {
    clearTimeout(this.look);
    this.refused = 0;
    await this.looking;
  }

  private work(): void {
    while (this.active < COMMITTERS && this.waiting.length > 0) {
      this.active += 1;
      void this.commit(this.nextBatch()).finally(() => {
        this.active -= 1;
        this.work();
      });
    }
    if (this.active === 0) for (const resolve of this.idle.splice(0)) resolve();
  }

  private nextBatch(): Waiting[] {
    let size = 0;
    let count = 0;
    while (count < this.waiting.length && size < BATCH_BYTES) {
      size += this.waiting[count]?.sizeBytes ?? 0;
      count += 1;
    }
    return this.waiting.splice(0, count);
  }

  private async commit(batch: Waiting[]): Promise<void> {
    try {
      const fragments = batch.flatMap((each) => each.fragments);
      const operations = batch.flatMap((each) => each.operations);
      if (fragments.length > 0) {
        const lateMinutes = await this.lateSpans.minutesOf(fragments);
        await this.segments.write((segment) => saveFragments(segment, { fragments, operations, lateMinutes }));
      }
      for (const { settle } of batch) settle();
      this.noteStored();
    } catch (cause) {
      const refusal = this.noteRefused(cause, batch);
      for (const { settle } of batch) settle(refusal);
    } finally {
      for (const { sizeBytes } of batch) this.waitingBytes -= sizeBytes;
    }
  }

  /** Logs the first of a row of failures only: a line for each request would help to fill a disk that is full. */
  private noteRefused(cause: unknown, batch: readonly Waiting[]): AppError {
    if (this.refused === 0) log().error({ err: cause }, "spans cannot be stored; their senders are told to try again");
    this.refused += batch.length;
    noteTrouble(troubleOf(cause));
    this.lookAgain(batch.flatMap(({ fragments }) => fragments).slice(0, 1));
    const reason = isDiskFull(cause) ? "The disk of the database is full." : "The database cannot take spans now.";
    return new AppError("unavailable", reason, { cause, retryAfterSeconds: 5 });
  }

  /** The trouble is said while it lasts and no longer, whether or not anybody sends spans meanwhile. */
  private lookAgain(refused: readonly PackedFragment[]): void {
    if (refused.length === 0 || this.look !== undefined) return;
    this.look = setTimeout(() => {
      this.looking = this.tryAgain(refused);
    }, LOOK_AGAIN_MS).unref();
  }

  private async tryAgain(refused: readonly PackedFragment[]): Promise<void> {
    try {
      if (this.refused > 0) await this.segments.write((segment) => tryFragments(segment, refused));
      this.look = undefined;
      this.noteStored();
    } catch (cause) {
      this.look = undefined;
      if (this.refused === 0) return;
      noteTrouble(troubleOf(cause));
      this.lookAgain(refused);
    }
  }

  private noteStored(): void {
    if (this.refused === 0) return;
    log().info({ refused: this.refused }, "spans are stored again");
    this.refused = 0;
    clearTrouble();
  }
}

/** What the collector cannot do, and whose fault it is where that is known. */
function troubleOf(cause: unknown): string {
  if (isDiskFull(cause)) return "cannot store spans, the disk of the database is full";
  return isDatabaseAway(cause) ? "cannot store spans, the database does not answer" : "cannot store spans";
}
