import { LEAST_SLICE_US, type Stretch } from "@/features/traces/domain/facts/time-slices";
import { AppError } from "@/lib/errors";
import { askSource, type SearchPort, type WholeAnswer } from "./ask-source";
import { type Lease, storeSlice, storeTraces, takeSnapshot } from "./slice-repository";

type ReaderOptions = {
  source: SearchPort;
  /** It is the embedded collector, which notes late spans in the same database. */
  tellsLateSpans: boolean;
  pageDepth: number;
  now: () => number;
  signal: () => AbortSignal;
};

/** `count` is undefined when there were too many to know. */
export type ReadOutcome = { count: number | undefined; outcome: "read" | "narrower" | "lost" };

const EVERY_TRACE = { service: undefined, operation: undefined, attributes: {}, minDurationUs: undefined };
const GLANCE_DEPTH = 200;

/**
 * Asks the source for one stretch after the other, and stores an answer while the next question is under way: both take
 * about as long.
 */
export class SliceReader {
  readonly #options: ReaderOptions;
  #storing: Promise<boolean> = Promise.resolve(true);
  #isPartial = false;

  constructor(options: ReaderOptions) {
    this.#options = options;
  }

  /** The source has more services than are asked. */
  get isPartial(): boolean {
    return this.#isPartial;
  }

  /** Reads a stretch; wait for {@link stored} before the lease is given back. */
  async read(slice: Stretch, lease: Lease, isSettled: boolean): Promise<ReadOutcome> {
    const { pageDepth, tellsLateSpans, now } = this.#options;
    const readAtMs = now();
    const isLeast = slice.toUs - slice.fromUs < 2 * LEAST_SLICE_US;
    const seen = tellsLateSpans ? await takeSnapshot() : undefined;
    const answer = await this.#ask(slice, pageDepth).catch((error: unknown): WholeAnswer => {
      // A stretch that takes the source too long is too wide, unless it cannot be any narrower.
      if (isLeast || !(error instanceof AppError) || error.code !== "upstream_timeout") throw error;
      return { summaries: [], isFull: true, isPartial: this.#isPartial, notes: [] };
    });
    this.#isPartial = answer.isPartial;
    const count = answer.isFull ? undefined : answer.summaries.length;
    if (answer.isFull && !isLeast) return { count, outcome: "narrower" };
    if (!(await this.#storing)) return { count, outcome: "lost" };
    const { summaries, isFull: isTruncated } = answer;
    this.#storing = storeSlice(lease, { ...slice, summaries, isSettled, isTruncated, readAtMs, seen });
    // What goes wrong is thrown where it is waited for.
    this.#storing.catch(() => {});
    return { count, outcome: "read" };
  }

  /** Waits for what is being stored; false when the lease was lost before that. */
  async stored(): Promise<boolean> {
    try {
      return await this.#storing;
    } finally {
      this.#storing = Promise.resolve(true);
    }
  }

  /**
   * A first look at a stretch: keeps some of its traces, the newest where the source answers those first, so that there is
   * something to see at once. How many came, and how wide a slice is likely to fill a page: undefined when all fit in here.
   */
  async glance(stretch: Stretch, sourceId: number): Promise<{ count: number; widthUs: number | undefined }> {
    const depth = Math.min(GLANCE_DEPTH, this.#options.pageDepth);
    const { summaries, isFull } = await this.#ask(stretch, depth);
    await storeTraces(sourceId, summaries);
    if (!isFull) return { count: summaries.length, widthUs: undefined };
    const earliestUs = summaries.reduce((least, { startUs }) => Math.min(least, startUs), stretch.toUs);
    const perPage = this.#options.pageDepth / Math.max(1, summaries.length) / 2;
    return { count: summaries.length, widthUs: (stretch.toUs - Math.max(stretch.fromUs, earliestUs)) * perPage };
  }

  /** One more than wanted is asked for, to know whether there are more. */
  async #ask({ fromUs, toUs }: Stretch, depth: number): Promise<WholeAnswer> {
    const signal = this.#options.signal();
    signal.throwIfAborted();
    return askSource(this.#options.source, { ...EVERY_TRACE, startUs: fromUs, endUs: toUs, depth: depth + 1 }, signal);
  }
}
