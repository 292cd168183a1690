import type { TraceSummary } from "../trace-summary";
import { SeenTraces } from "./seen-traces";
import type { SLOWEST_REASONS, SlowestBy, SlowestProgress, SlowestResult, SlowestStep } from "./slowest-schema";

/*
 * The traces that rank highest, out of a source that only gives some page of matches in an order of its own.
 *
 * Duration: the N-th longest trace seen so far is a lower bound of the answer, so the next question asks only for traces
 * with a span at least that long. A full page raises the bound, or where it does not, halves the stretch of time. Once
 * every stretch came whole, no unseen trace has a span that reaches the bound. Traces whose every span is shorter stay
 * unseen by that; where there are few enough traces, all are read and nothing is left open.
 *
 * Errors and spans: no question narrows them, so every trace is read, stretch by stretch.
 */

export type RankAsk = { fromUs: number; toUs: number; minDurationUs: number | undefined; depth: number };
/** `isPartial`: the source could not look everywhere. */
export type RankAnswer = { summaries: TraceSummary[]; isFull: boolean; isPartial?: boolean };
/** Traces with a span that starts within the stretch, both ends included, and lasts long enough. Any order, any subset. */
export type RankPort = (ask: RankAsk) => Promise<RankAnswer>;

export type RankOptions = {
  by: SlowestBy;
  limit: number;
  startUs: number;
  endUs: number;
  /** Traces that count; others are passed over. */
  keep?: (summary: TraceSummary) => boolean;
  /** Whether this trace's root span is what was asked for; absent when nothing but time was asked. */
  isRootMatch?: (summary: TraceSummary) => boolean;
  signal?: AbortSignal | undefined;
  /** Whether to come to an end with what there is. */
  isOutOfTime?: () => boolean;
  limits?: Partial<RankLimits>;
};
export type RankLimits = { maxAsks: number; climbDepth: number; pageDepth: number; maxSweepTraces: number };
const LIMITS: RankLimits = { maxAsks: 200, climbDepth: 500, pageDepth: 1500, maxSweepTraces: 12_000 };
/** A bound that rises by less than this would creep; halving the time is surer. */
const LEAST_RISE = 1.1;
/** Both ends of a trace are told in whole µs, so that it may seem this much longer than its span is. */
const ROUNDED_US = 1;
/** The stretch that tells how dense a window is. */
const DENSITY_SHARE = 64;
const FILL = 0.6;

export type Ranking = Pick<SlowestResult, "proof" | "seenCount" | "isSeenWhole" | "traces" | "ladder"> & {
  reason: (typeof SLOWEST_REASONS)[number];
  /** The span length below which traces may be unseen; null when every trace was seen. */
  unseenBelowUs: number | null;
  failure: unknown;
};
type Stretch = { fromUs: number; toUs: number };
type Trouble = { reason: Ranking["reason"]; failure?: unknown };

/** Yields after every question, returns the ranking. Rejects when the first question fails, and when `signal` aborts. */
export async function* rankTraces(port: RankPort, options: RankOptions): AsyncGenerator<SlowestProgress, Ranking> {
  const ranker = new Ranker(port, options);
  if (options.by === "duration") {
    yield* ranker.climb();
    if (ranker.mayBeSwept()) yield* ranker.sweepIfFew();
  } else {
    yield* ranker.sweep(1);
  }
  return ranker.ranking();
}

class Ranker {
  readonly #port: RankPort;
  readonly #options: RankOptions;
  readonly #limits: RankLimits;
  readonly #seen: SeenTraces;
  readonly #ladder: SlowestStep[] = [];
  #trouble: Trouble | undefined;
  /** Every trace with a span this long was seen; 0 when every trace was. */
  #provenUs: number | undefined;
  #sweptUs: number | undefined;
  #isPartial = false;

  constructor(port: RankPort, options: RankOptions) {
    this.#port = port;
    this.#options = options;
    this.#limits = { ...LIMITS, ...options.limits };
    this.#seen = new SeenTraces(options.by, options.keep ?? (() => true));
  }

  async *climb(): AsyncGenerator<SlowestProgress> {
    const stretches: Stretch[] = [this.#window()];
    let highestUs = 0;
    for (let stretch = stretches.pop(); stretch !== undefined; stretch = stretches.pop()) {
      const bound = this.#bound();
      const minDurationUs = bound === undefined ? undefined : Math.max(1, bound - ROUNDED_US);
      const depth = Math.min(this.#limits.pageDepth, Math.max(this.#limits.climbDepth, this.#options.limit * 10)) + 1;
      const outcome = await this.#ask("ladder", { ...stretch, minDurationUs, depth });
      if (outcome === undefined) return;
      if (outcome === "whole") highestUs = Math.max(highestUs, bound ?? 0);
      else if ((this.#bound() ?? 0) >= (bound ?? 1) * LEAST_RISE) stretches.push(stretch);
      else this.#split(stretch, stretches);
      // The last one: what it leaves open is known, unless some moment could not be seen whole.
      if (stretches.length === 0 && this.#trouble === undefined) this.#provenUs = highestUs;
      yield this.#progress("ladder");
    }
  }

  /** After a whole ladder: traces without one long span are still unseen, unless nothing was filtered by length. */
  mayBeSwept(): boolean {
    return this.#trouble?.reason !== "source_failed" && this.#provenUs !== 0;
  }

  /** Reads every trace where a thin slice says there are few enough. Failing to is no harm: the ladder stands. */
  async *sweepIfFew(): AsyncGenerator<SlowestProgress> {
    const before = this.#trouble;
    const { startUs, endUs } = this.#options;
    const widthUs = Math.ceil((endUs - startUs) / DENSITY_SHARE);
    const fromUs = startUs + Math.floor((endUs - startUs) / 2);
    const slice = { fromUs, toUs: Math.min(endUs, fromUs + widthUs), minDurationUs: undefined };
    const sizeBefore = this.#ladder.length;
    const outcome = await this.#ask("sweep", { ...slice, depth: this.#limits.pageDepth + 1 });
    yield this.#progress("sweep");
    const count = this.#ladder[sizeBefore]?.returnedCount ?? 0;
    const expected = Math.max(count * DENSITY_SHARE, this.#seen.size);
    if (outcome === "whole" && expected <= this.#limits.maxSweepTraces) {
      yield* this.sweep(Math.ceil(expected / (this.#limits.pageDepth * FILL)));
    }
    if (this.#provenUs !== undefined && this.#sweptUs === undefined) this.#trouble = before;
  }

  async *sweep(sliceCount: number): AsyncGenerator<SlowestProgress> {
    const { startUs, endUs } = this.#options;
    const edge = (index: number) => startUs + Math.floor(((endUs - startUs) * index) / sliceCount);
    const stretches = Array.from({ length: sliceCount }, (_, at) => ({ fromUs: edge(at), toUs: edge(at + 1) }));
    let readUs = 0;
    let isCut = false;
    for (let stretch = stretches.pop(); stretch !== undefined; stretch = stretches.pop()) {
      const outcome = await this.#ask("sweep", {
        ...stretch,
        minDurationUs: undefined,
        depth: this.#limits.pageDepth + 1,
      });
      if (outcome === undefined) return;
      if (outcome === "whole") readUs += stretch.toUs - stretch.fromUs;
      else isCut = !this.#split(stretch, stretches) || isCut;
      if (stretches.length === 0 && !isCut) this.#sweptUs = readUs;
      yield this.#progress("sweep", readUs / Math.max(1, endUs - startUs));
    }
  }

  ranking(): Ranking {
    const isSwept = this.#sweptUs !== undefined || this.#provenUs === 0;
    const isSeenWhole = isSwept && !this.#isPartial;
    const proof = isSeenWhole ? "every-trace" : this.#isLadderProof() ? "every-long-span" : "none";
    return {
      proof,
      reason: proof === "none" ? this.#reasonAgainst() : "proven",
      unseenBelowUs: isSeenWhole ? null : (this.#provenUs ?? this.#bound() ?? 0),
      seenCount: this.#seen.size,
      isSeenWhole,
      traces: this.#seen.top(this.#options.limit),
      ladder: this.#ladder,
      failure: this.#trouble?.failure,
    };
  }

  /** A long span proves something about its trace only where what was asked for is the root, which spans the trace. */
  #isLadderProof(): boolean {
    if (this.#provenUs === undefined || this.#isPartial) return false;
    return this.#options.isRootMatch === undefined || this.#seen.every(this.#options.isRootMatch);
  }

  #reasonAgainst(): Ranking["reason"] {
    if (this.#isPartial) return "services_left_out";
    if (this.#trouble !== undefined) return this.#trouble.reason;
    return "filter_is_not_of_the_root";
  }

  #window(): Stretch {
    return { fromUs: this.#options.startUs, toUs: this.#options.endUs };
  }

  #bound(): number | undefined {
    return this.#seen.valueAt(this.#options.limit) || undefined;
  }

  /** The outcome, or undefined when it is time to stop; `#trouble` says why. */
  async #ask(phase: "ladder" | "sweep", ask: RankAsk): Promise<"whole" | "full" | undefined> {
    this.#options.signal?.throwIfAborted();
    if (this.#ladder.length >= this.#limits.maxAsks) return this.#stop("too_many_questions");
    if (this.#ladder.length > 0 && this.#options.isOutOfTime?.()) return this.#stop("out_of_time");
    const answer = await this.#answerTo(ask);
    if (answer === undefined) return undefined;
    this.#isPartial ||= answer.isPartial ?? false;
    this.#seen.add(answer.summaries);
    this.#ladder.push({
      phase,
      fromUs: ask.fromUs,
      toUs: ask.toUs,
      minDurationUs: ask.minDurationUs ?? null,
      returnedCount: answer.summaries.length,
      outcome: answer.isFull ? "split" : "whole",
    });
    return answer.isFull ? "full" : "whole";
  }

  async #answerTo(ask: RankAsk): Promise<RankAnswer | undefined> {
    try {
      return await this.#port(ask);
    } catch (failure) {
      this.#options.signal?.throwIfAborted();
      if (this.#ladder.length === 0) throw failure;
      this.#trouble = { reason: "source_failed", failure };
      return undefined;
    }
  }

  #stop(reason: Ranking["reason"]): undefined {
    this.#trouble = { reason };
    return undefined;
  }

  /**
   * False when no finer question is left: more traces of that moment are not seen, and the rest is looked at all the same.
   * The later half is asked first: sources keep the newest longest. Halves share their edge, since sources keep time finer
   * than a microsecond.
   */
  #split({ fromUs, toUs }: Stretch, stretches: Stretch[]): boolean {
    const middleUs = Math.floor((fromUs + toUs) / 2);
    if (middleUs === fromUs) {
      const last = this.#ladder.at(-1);
      if (last !== undefined) last.outcome = "cut";
      this.#trouble = { reason: "slice_too_full" };
      return false;
    }
    stretches.push({ fromUs, toUs: middleUs }, { fromUs: middleUs, toUs });
    return true;
  }

  #progress(phase: SlowestProgress["phase"], sweptShare: number | null = null): SlowestProgress {
    const { limit } = this.#options;
    const isSwept = this.#sweptUs !== undefined;
    return {
      phase,
      asked: this.#ladder.length,
      seen: this.#seen.size,
      provenAbove: isSwept ? 0 : (this.#provenUs ?? null),
      found: Math.min(limit, this.#seen.size),
      sweptShare,
    };
  }
}
