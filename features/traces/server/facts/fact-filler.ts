import { randomUUID } from "node:crypto";
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
} from "@/features/traces/domain/facts/time-slices";
import { messageOf } from "@/lib/errors";
import { MS_PER_MINUTE, MS_PER_SECOND, US_PER_MS } from "@/lib/units";
import { pause } from "@/server/jobs/pause";
import { Outage } from "@/server/log/outage";
import { withoutSpans } from "@/server/telemetry/without-spans";
import type { SearchPort } from "./ask-source";
import { giveBack, HourReader } from "./hour-reader";
import { SliceReader } from "./slice-reader";
import { forgetOlderThan, slicesIn, takeLease } from "./slice-repository";
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
/** Hours read at the same time: while one waits for its answer, the other is stored. */
const LANES = 2;
const RETRY_MS = 2 * MS_PER_SECOND;
const WAIT_FOR_OTHERS_MS = 200;
const FORGET_EVERY_MS = 10 * MS_PER_MINUTE;

/** Stands where the number of an hour would, for the one who reads long gaps. */
const WIDE_LEASE = -1;

type FillWait = { waitMs: number; rowsMs?: number; signal?: AbortSignal | undefined };
export type FillState = "done" | "running" | "waiting" | "failing";
type Demand = Stretch & { untilMs: number; order: number; isDone: boolean; hasRows: boolean };

/** A gap longer than this gets a first look, so that there are rows to show while it is read. */
const GLANCE_GAP_US = 300_000_000;
/** A window that moves on a little is not looked at anew. */
const GLANCE_LEEWAY_US = 60_000_000;

/**
 * Reads stretches of time into the fact table while somebody asks for them: two questions at a time, newest stretch of the
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
  #wideUs: number | undefined;
  #running: Promise<void> | undefined;
  #stopped = new AbortController();
  readonly #outage = new Outage("reading traces into the fact table failed, trying again");
  #trouble: string | undefined;
  #glance: (Stretch & { hasRows: boolean }) | undefined;
  #isWaiting = false;
  readonly #steps = new StepSignal();
  readonly #lanes: readonly HourReader[];
  /** Of long gaps. */
  readonly #reader: SliceReader;
  #forgotAtMs = 0;

  constructor(options: FillerOptions) {
    this.#options = options;
    this.#limits = { ...LIMITS, ...options.limits };
    this.#now = options.now ?? Date.now;
    const { pageDepth, settleMs } = this.#limits;
    const common = { pageDepth, now: this.#now };
    const { source, tellsLateSpans = false } = options;
    const makeReader = () => new SliceReader({ ...common, source, tellsLateSpans, signal: () => this.#stopped.signal });
    this.#reader = makeReader();
    this.#lanes = Array.from({ length: LANES }, () => {
      const fresh = (slices: readonly Slice[]) => this.fresh(slices);
      const onStep = () => this.#steps.tell();
      return new HourReader({ ...common, settleMs, reader: makeReader(), owner: this.#owner, fresh, onStep });
    });
  }

  /** Asks for a window; it is read in the background while it is asked for again at least every 15 s. */
  demand(window: Stretch): Demand {
    const key = `${window.fromUs} ${window.toUs}`;
    const untilMs = this.#now() + this.#limits.demandMs;
    this.#order += 1;
    const demand = { ...window, untilMs, order: this.#order, isDone: false, hasRows: false };
    this.#demands.set(key, demand);
    this.#running ??= withoutSpans(() => this.#run());
    return demand;
  }

  /**
   * Waits until the window is read, for at most `waitMs`; returns early when the source fails, and after `rowsMs` when there
   * is something to show by then.
   */
  async fill(window: Stretch, { waitMs, rowsMs = waitMs, signal }: FillWait): Promise<void> {
    const demand = this.demand(window);
    const soon = AbortSignal.timeout(Math.min(rowsMs, waitMs));
    const isSoon = aborted(soon);
    const deadline = AbortSignal.timeout(waitMs);
    const over = AbortSignal.any([deadline, ...(signal === undefined ? [] : [signal])]);
    const gaveUp = aborted(over);
    while (!demand.isDone && this.#running !== undefined && this.#trouble === undefined && !over.aborted) {
      if (soon.aborted && demand.hasRows) break;
      demand.untilMs = this.#now() + this.#limits.demandMs;
      await Promise.race([this.#steps.next(), gaveUp, ...(soon.aborted ? [] : [isSoon])]);
    }
    signal?.throwIfAborted();
  }

  /** How it goes, for the reader. `isPartial`: the source has more services than are asked. */
  state(window: Stretch, hasGaps: boolean): { filling: FillState; trouble: string | null; isPartial: boolean } {
    const demand = this.#demands.get(`${window.fromUs} ${window.toUs}`);
    const trouble = this.#trouble ?? null;
    const isPartial = [this.#reader, ...this.#lanes].some((each) => each.isPartial);
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
        this.#outage.over();
        await this.#forget();
      } catch (error) {
        if (this.#stopped.signal.aborted) break;
        this.#trouble = messageOf(error);
        this.#outage.note(error);
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
    await this.#glanceAt(demand, gaps.at(-1), sourceId);
    const wide = gaps.findLast(({ fromUs, toUs }) => toUs - fromUs > WIDE_GAP_US);
    if (wide !== undefined && !(await this.#readWide(demand, wide, sourceId))) return;
    const narrow = gaps.map((gap) => (gap === wide ? newestPart(gap, WIDE_GAP_US) : gap));
    const hours = [...new Set(narrow.flatMap(hoursOf))].sort((a, b) => b - a);
    const hadHours = hours.length;
    const isWanted = () => this.#next() === demand;
    const outcomes = await Promise.allSettled(
      this.#lanes.map((lane) => lane.readHours(sourceId, window, hours, isWanted)),
    );
    const failed = outcomes.find((outcome) => outcome.status === "rejected");
    if (failed !== undefined) throw failed.reason;
    if (!isWanted()) return;
    const isAnyTaken = hadHours === 0 || outcomes.some((outcome) => outcome.status === "fulfilled" && outcome.value);
    this.#isWaiting = !isAnyTaken;
    if (!isAnyTaken) await this.#pause(WAIT_FOR_OTHERS_MS);
    // Hours that others had are looked at again: the gaps tell whether they came to an end.
    demand.isDone = isAnyTaken && gapsOf(window, this.fresh(await slicesIn(sourceId, window))).length === 0;
    this.#steps.tell();
  }

  /** Some rows of the newest gap, and how wide to ask for the rest, once for a window that only moves on. */
  async #glanceAt(demand: Demand, gap: Stretch | undefined, sourceId: number): Promise<void> {
    if (gap === undefined || gap.toUs - gap.fromUs <= GLANCE_GAP_US) return;
    const last = this.#glance;
    const isKnown = last !== undefined && gap.fromUs >= last.fromUs && gap.toUs <= last.toUs + GLANCE_LEEWAY_US;
    if (!isKnown) {
      const { count, widthUs } = await this.#reader.glance(gap, sourceId);
      this.#glance = { ...gap, hasRows: count > 0 };
      if (widthUs !== undefined) {
        for (const lane of this.#lanes) lane.widthUs = Math.min(MOST_SLICE_US, Math.max(LEAST_SLICE_US, widthUs));
      }
    }
    demand.hasRows = this.#glance?.hasRows === true;
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
        const { count, outcome } = await this.#reader.read(slice, lease, true);
        if (outcome === "lost") return false;
        if (outcome === "read") toUs = slice.fromUs;
        widthUs = nextWidthUs(slice.toUs - slice.fromUs, count, this.#limits.pageDepth, gap.toUs - gap.fromUs);
        this.#steps.tell();
      }
      if (!(await this.#reader.stored())) return false;
    } finally {
      this.#wideUs = Math.max(widthUs, WIDE_GAP_US);
      await giveBack(this.#reader, lease);
    }
    return toUs === Math.min(gap.toUs, settledUs);
  }

  async #forget(): Promise<void> {
    if (this.#options.keepHours === undefined || this.#now() - this.#forgotAtMs < FORGET_EVERY_MS) return;
    this.#forgotAtMs = this.#now();
    await forgetOlderThan(this.#options.keepHours);
  }

  async #pause(forMs: number): Promise<void> {
    await pause(forMs, this.#stopped.signal, { ref: false });
  }
}
