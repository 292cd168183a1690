import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import {
  gapsOf,
  hoursOf,
  isWorthALook,
  LEAST_SLICE_US,
  MOST_SLICE_US,
  newestPart,
  nextWidthUs,
  type Slice,
  type Stretch,
  WIDE_GAP_US,
  withinHour,
} from "@/features/traces/domain/facts/time-slices";
import { AppError, messageOf } from "@/lib/errors";
import { MS_PER_MINUTE, MS_PER_SECOND, US_PER_MS } from "@/lib/units";
import { log } from "@/server/log/log";
import { withoutSpans } from "@/server/telemetry/without-spans";
import { askSource, type SearchPort } from "./ask-source";
import {
  forgetOlderThan,
  type Lease,
  releaseLease,
  slicesIn,
  storeSlice,
  takeLease,
  takeSnapshot,
} from "./slice-repository";
import { aborted, StepSignal } from "./step-signal";

export type FillerOptions = {
  source: SearchPort;
  /** Number of the source in the fact table. */
  sourceId: () => Promise<number>;
  /** It is the embedded collector, which notes late spans in the same database. */
  tellsLateSpans?: boolean;
  now?: () => number;
  keepHours?: number;
  limits?: Partial<FillerLimits>;
};
export type FillerLimits = { pageDepth: number; settleMs: number; refreshMs: number; demandMs: number };
const LIMITS: FillerLimits = {
  pageDepth: 1500,
  /** Spans come in batches every few seconds; as long after its end a stretch is taken to be whole. */
  settleMs: 2 * MS_PER_MINUTE,
  /** What is not settled is read again when it is asked for and was read longer ago than this. */
  refreshMs: 5 * MS_PER_SECOND,
  /** Nobody asked for this long: stop reading. */
  demandMs: 15 * MS_PER_SECOND,
};
const RETRY_MS = 2 * MS_PER_SECOND;
const WAIT_FOR_OTHERS_MS = 200;
const FORGET_EVERY_MS = 10 * MS_PER_MINUTE;

/** Stands where the number of an hour would, for the one who reads long gaps. */
const WIDE_LEASE = -1;

type Outcome = "read" | "narrower" | "lost";
export type FillState = "done" | "running" | "waiting" | "failing";
type Demand = Stretch & { untilMs: number; order: number; isDone: boolean };

/**
 * Reads stretches of time into the fact table while somebody asks for them: one question at a time, newest stretch of the
 * newest demand first, as wide as the source's page allows. Several processes share the work hour by hour; what a dead one
 * left is read again.
 */
export class FactFiller {
  readonly #options: FillerOptions;
  readonly #limits: FillerLimits;
  readonly #now: () => number;
  readonly #owner = randomUUID();
  readonly #demands = new Map<string, Demand>();
  #order = 0;
  #widthUs = MOST_SLICE_US / 4;
  #wideUs: number | undefined;
  #running: Promise<void> | undefined;
  #stopped = new AbortController();
  #trouble: string | undefined;
  #isPartial = false;
  #isWaiting = false;
  readonly #steps = new StepSignal();
  #forgotAtMs = 0;

  constructor(options: FillerOptions) {
    this.#options = options;
    this.#limits = { ...LIMITS, ...options.limits };
    this.#now = options.now ?? Date.now;
  }

  /** Asks for a window; it is read in the background while it is asked for again at least every 15 s. */
  demand(window: Stretch): Demand {
    const key = `${window.fromUs} ${window.toUs}`;
    const untilMs = this.#now() + this.#limits.demandMs;
    this.#order += 1;
    const demand = { ...window, untilMs, order: this.#order, isDone: false };
    this.#demands.set(key, demand);
    this.#running ??= withoutSpans(() => this.#run());
    return demand;
  }

  /** Waits until the window is read, for at most `waitMs`; returns early when the source fails. */
  async fill(window: Stretch, { waitMs, signal }: { waitMs: number; signal?: AbortSignal | undefined }): Promise<void> {
    const demand = this.demand(window);
    const deadline = AbortSignal.timeout(waitMs);
    const over = AbortSignal.any([deadline, ...(signal === undefined ? [] : [signal])]);
    const gaveUp = aborted(over);
    while (!demand.isDone && this.#running !== undefined && this.#trouble === undefined && !over.aborted) {
      demand.untilMs = this.#now() + this.#limits.demandMs;
      await Promise.race([this.#steps.next(), gaveUp]);
    }
    signal?.throwIfAborted();
  }

  /** How it goes, for the reader. `isPartial`: the source has more services than are asked. */
  state(window: Stretch, hasGaps: boolean): { filling: FillState; trouble: string | null; isPartial: boolean } {
    const demand = this.#demands.get(`${window.fromUs} ${window.toUs}`);
    const trouble = this.#trouble ?? null;
    const isPartial = this.#isPartial;
    if (demand === undefined) return { filling: hasGaps ? "waiting" : "done", trouble: null, isPartial };
    if (demand.isDone) return { filling: "done", trouble: null, isPartial };
    if (trouble !== null) return { filling: "failing", trouble, isPartial };
    return { filling: this.#isWaiting ? "waiting" : "running", trouble, isPartial };
  }

  /** Slices that need no reading now. */
  fresh(slices: readonly Slice[]): Slice[] {
    const nowMs = this.#now();
    const { refreshMs, settleMs } = this.#limits;
    return slices.filter((slice) => nowMs - slice.readAtMs < refreshMs || !isWorthALook(slice, nowMs, settleMs));
  }

  /** Ends the reading under way; a later demand starts it again. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    this.#demands.clear();
    await this.#running;
    this.#stopped = new AbortController();
  }

  async #run(): Promise<void> {
    for (let demand = this.#next(); demand !== undefined; demand = this.#next()) {
      try {
        await this.#serve(demand);
        this.#trouble = undefined;
        await this.#forget();
      } catch (error) {
        if (this.#stopped.signal.aborted) break;
        this.#trouble = messageOf(error);
        log().warn({ reason: this.#trouble }, "reading traces into the fact table failed, trying again");
        this.#steps.tell();
        await this.#pause(RETRY_MS);
      }
    }
    // In the same turn as the last look: a demand made later starts a new run.
    this.#running = undefined;
    this.#steps.tell();
  }

  /** The newest demand that is alive and not done. */
  #next(): Demand | undefined {
    const nowMs = this.#now();
    for (const [key, demand] of this.#demands) if (demand.untilMs < nowMs) this.#demands.delete(key);
    if (this.#stopped.signal.aborted) return undefined;
    return [...this.#demands.values()].filter(({ isDone }) => !isDone).sort((a, b) => b.order - a.order)[0];
  }

  /** Reads on until the demand is done, or a newer one wants its turn. */
  async #serve(demand: Demand): Promise<void> {
    const sourceId = await this.#options.sourceId();
    const window = { fromUs: demand.fromUs, toUs: Math.min(demand.toUs, this.#now() * US_PER_MS) };
    const gaps = gapsOf(window, this.fresh(await slicesIn(sourceId, window)));
    const wide = gaps.findLast(({ fromUs, toUs }) => toUs - fromUs > WIDE_GAP_US);
    if (wide !== undefined && !(await this.#readWide(demand, wide, sourceId))) return;
    const narrow = gaps.map((gap) => (gap === wide ? newestPart(gap, WIDE_GAP_US) : gap));
    const hours = [...new Set(narrow.flatMap(hoursOf))].sort((a, b) => b - a);
    let isAnyTaken = hours.length === 0;
    for (const hour of hours) {
      if (this.#next() !== demand) return;
      const lease = await takeLease(sourceId, hour, this.#owner);
      if (lease === undefined) continue;
      isAnyTaken = true;
      try {
        if (!(await this.#readHour(demand, withinHour(window, hour), lease))) return;
      } finally {
        await releaseLease(lease);
      }
    }
    this.#isWaiting = !isAnyTaken;
    if (!isAnyTaken) await this.#pause(WAIT_FOR_OTHERS_MS);
    // Hours that others had are looked at again: the gaps tell whether they came to an end.
    demand.isDone = isAnyTaken && gapsOf(window, this.fresh(await slicesIn(sourceId, window))).length === 0;
    this.#steps.tell();
  }

  /**
   * Reads a long gap in slices of many hours for as long as they are not too full; what is, is left to be read by the hour,
   * the newest part first. False when something was read, so that the gaps are looked at again. Only one process does this.
   */
  async #readWide(demand: Demand, gap: Stretch, sourceId: number): Promise<boolean> {
    const settledUs = (this.#now() - this.#limits.settleMs) * US_PER_MS;
    const lease = await takeLease(sourceId, WIDE_LEASE, this.#owner);
    if (lease === undefined) return true;
    let { toUs } = gap;
    let widthUs = this.#wideUs ?? gap.toUs - gap.fromUs;
    try {
      toUs = Math.min(toUs, settledUs);
      while (toUs > gap.fromUs && widthUs >= WIDE_GAP_US && this.#next() === demand) {
        const slice = newestPart({ fromUs: gap.fromUs, toUs }, widthUs);
        const { count, outcome } = await this.#ask(slice, lease, true);
        if (outcome === "lost") return false;
        if (outcome === "read") toUs = slice.fromUs;
        widthUs = nextWidthUs(slice.toUs - slice.fromUs, count, this.#limits.pageDepth, gap.toUs - gap.fromUs);
        this.#steps.tell();
      }
    } finally {
      this.#wideUs = Math.max(widthUs, WIDE_GAP_US);
      await releaseLease(lease);
    }
    return toUs === Math.min(gap.toUs, settledUs);
  }

  /** False when it is another's turn. What is not settled is a slice of its own, so that only that is read again. */
  async #readHour(demand: Demand, part: Stretch, lease: Lease): Promise<boolean> {
    const settledUs = (this.#now() - this.#limits.settleMs) * US_PER_MS;
    const gaps = gapsOf(part, this.fresh(await slicesIn(lease.sourceId, part)));
    const pieces = gaps.flatMap(({ fromUs, toUs }) =>
      fromUs < settledUs && settledUs < toUs
        ? [
            { fromUs, toUs: settledUs },
            { fromUs: settledUs, toUs },
          ]
        : [{ fromUs, toUs }],
    );
    for (const piece of pieces.reverse()) {
      let toUs = piece.toUs;
      while (toUs > piece.fromUs) {
        if (this.#next() !== demand) return false;
        const slice = newestPart({ fromUs: piece.fromUs, toUs }, this.#widthUs);
        const outcome = await this.#readSlice(slice, lease, slice.toUs <= settledUs);
        if (outcome === "lost") return true;
        if (outcome === "read") toUs = slice.fromUs;
        this.#steps.tell();
      }
    }
    return true;
  }

  async #readSlice(slice: Stretch, lease: Lease, isSettled: boolean): Promise<Outcome> {
    const { count, outcome } = await this.#ask(slice, lease, isSettled);
    this.#widthUs = nextWidthUs(slice.toUs - slice.fromUs, count, this.#limits.pageDepth);
    return outcome;
  }

  /** `count` is undefined when there were too many to know. */
  async #ask(
    slice: Stretch,
    lease: Lease,
    isSettled: boolean,
  ): Promise<{ count: number | undefined; outcome: Outcome }> {
    const { pageDepth } = this.#limits;
    const readAtMs = this.#now();
    const isLeast = slice.toUs - slice.fromUs < 2 * LEAST_SLICE_US;
    const seen = this.#options.tellsLateSpans ? await takeSnapshot() : undefined;
    const answer = await askSource(
      this.#options.source,
      { ...EVERY_TRACE, startUs: slice.fromUs, endUs: slice.toUs, depth: pageDepth + 1 },
      this.#stopped.signal,
    ).catch((error: unknown) => {
      // A stretch that takes the source too long is too wide, unless it cannot be any narrower.
      if (isLeast || !(error instanceof AppError) || error.code !== "upstream_timeout") throw error;
      return { summaries: [], isFull: true, isPartial: this.#isPartial };
    });
    this.#isPartial = answer.isPartial;
    const count = answer.isFull ? undefined : answer.summaries.length;
    if (answer.isFull && !isLeast) return { count, outcome: "narrower" };
    const read = { ...slice, summaries: answer.summaries, isSettled, isTruncated: answer.isFull, readAtMs, seen };
    return { count, outcome: (await storeSlice(lease, read)) ? "read" : "lost" };
  }

  async #forget(): Promise<void> {
    if (this.#options.keepHours === undefined || this.#now() - this.#forgotAtMs < FORGET_EVERY_MS) return;
    this.#forgotAtMs = this.#now();
    await forgetOlderThan(this.#options.keepHours);
  }

  async #pause(forMs: number): Promise<void> {
    await delay(forMs, undefined, { signal: this.#stopped.signal, ref: false }).catch(() => {});
  }
}

const EVERY_TRACE = { service: undefined, operation: undefined, attributes: {}, minDurationUs: undefined };
