import { type DayBefore, joinSamples, MIN_DAY_BEFORE, toDayBefore } from "@/features/traces/domain/paths/day-before";
import { quantileOf } from "@/features/traces/domain/paths/quantiles";
import { normaliseName } from "@/features/traces/domain/paths/step-name";
import { MS_PER_HOUR, MS_PER_MINUTE, US_PER_MS } from "@/lib/units";
import type { DatedSample } from "./sample-store";
import { type SearchPort, searchGently } from "./search-gently";

type Wanted = { rootService: string; rootOperation: string; window: { key: string; startUs: number; endUs: number } };
type Held = { sample: DatedSample; atMs: number; before: DayBefore };
type Deps = {
  source: SearchPort;
  now: () => number;
  /** A sample of another window, from memory or the source. */
  take: (wanted: Wanted, signal?: AbortSignal) => Promise<DatedSample>;
};

const DAY_US = 24 * MS_PER_HOUR * US_PER_MS;
/** Requests glanced at; whole traces are read only where these were quicker. */
const GLANCE_DEPTH = 60;
/** As much slower than this a day must be before traces of the day before are read for it. */
const SLOWER_FACTOR = 1.3;
const SLOWER_US = 20_000;
const FRESH_FOR_MS = 10 * MS_PER_MINUTE;
const MAX_HELD = 200;

/**
 * What operations took on the day before the one sampled. One search each, kept for ten minutes; where those requests took
 * less than the sample's, a sample of them is read too.
 */
export class DaysBefore {
  readonly #deps: Deps;
  readonly #held = new Map<string, Held>();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Rejects as the source does. */
  async of(key: string, wanted: Wanted, sample: DatedSample, signal?: AbortSignal): Promise<DayBefore> {
    const held = this.#held.get(key);
    const nowMs = this.#deps.now();
    if (held?.sample === sample && nowMs - held.atMs < FRESH_FOR_MS) return held.before;
    const before = await this.#read(wanted, sample, signal);
    this.#held.delete(key);
    this.#held.set(key, { sample, atMs: nowMs, before });
    for (const oldest of this.#held.keys()) {
      if (this.#held.size <= MAX_HELD) break;
      this.#held.delete(oldest);
    }
    return before;
  }

  async #read(
    { rootService, rootOperation, window }: Wanted,
    sample: DatedSample,
    signal?: AbortSignal,
  ): Promise<DayBefore> {
    const earlier = { key: `before ${window.key}`, startUs: window.startUs - DAY_US, endUs: window.startUs };
    const { startUs, endUs } = earlier;
    const search = { service: rootService, operation: rootOperation, attributes: {}, startUs, endUs };
    const asked = { ...search, minDurationUs: undefined, depth: GLANCE_DEPTH };
    const { summaries } = await searchGently(this.#deps.source, asked, signal);
    const name = normaliseName(rootOperation);
    const took = summaries
      .filter((one) => one.rootService === rootService && normaliseName(one.rootOperation) === name)
      .map(({ requestUs, durationUs }) => requestUs ?? durationUs);
    const before = toDayBefore(took);
    const nowUs = quantileOf(
      sample.traces.map(({ durationUs }) => durationUs).sort((a, b) => a - b),
      0.5,
    );
    const isSlower = nowUs >= SLOWER_FACTOR * before.p50Us && nowUs - before.p50Us >= SLOWER_US;
    if (before.count < MIN_DAY_BEFORE || !isSlower) return before;
    const other = await this.#deps.take({ rootService, rootOperation, window: earlier }, signal);
    const quicker = joinSamples(sample, other);
    return toDayBefore(
      quicker.traces.map(({ durationUs }) => durationUs),
      quicker,
    );
  }
}
