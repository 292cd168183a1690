import type { TraceSummary } from "@/features/traces/contract";
import { type Baseline, buildBaseline, MIN_USUAL_TRACES } from "@/features/traces/domain/paths/baseline";
import type { DayBefore } from "@/features/traces/domain/paths/day-before";
import type { FoldedTrace } from "@/features/traces/domain/paths/fold-trace";
import { PathTree } from "@/features/traces/domain/paths/path-tree";
import { MAX_SAMPLE } from "@/features/traces/domain/paths/paths-query-schema";
import { pickEvenly } from "@/features/traces/domain/paths/pick-traces";
import { normaliseName } from "@/features/traces/domain/paths/step-name";
import { MS_PER_HOUR, MS_PER_MINUTE, MS_PER_SECOND, US_PER_MS } from "@/lib/units";
import { Outage } from "@/server/log/outage";
import { TraceCache } from "../trace-cache";
import { DaysBefore } from "./days-before";
import { foldOpenTrace } from "./fold-sample";
import type { SampleReader } from "./sample-reader";
import { type DatedSample, type SampleStore, sampleKey } from "./sample-store";
import { type SearchPort, searchGently } from "./search-gently";

const WINDOW_MS = 24 * MS_PER_HOUR;
/** Windows of traces of other days begin on the hours 0, 6, 12 and 18, so that neighbours share one sample. */
const STEP_MS = 6 * MS_PER_HOUR;
const MAX_SEEN = 600;
/** Traces with a step, to see of which operation it is. */
const STEP_DEPTH = 60;
/** With fewer, the operation's name may hold an id: then all of the service's requests are looked through. */
const FEW = 10;
const MAX_CACHE_BYTES = 24 * 1024 * 1024;

/** A sample this large tells what is usual; a smaller one may be from before most traces came. */
const ENOUGH_TRACES = 50;
const FRESH_FOR_MS = 10 * MS_PER_MINUTE;
const FEW_FRESH_FOR_MS = 10 * MS_PER_SECOND;
const USABLE_FOR_MS = 24 * MS_PER_HOUR;

const NOTHING = { nodes: [], traces: [] };

export type UsualOf = {
  rootService: string;
  rootOperation: string;
  /** When the trace to be judged ran; the sample is of the same day. */
  atUs: number;
  /** The trace itself, which must not be called usual by itself. */
  exceptTraceId?: string | undefined;
};
export type UsualOfStep = Pick<UsualOf, "atUs" | "exceptTraceId"> & { service: string; operation: string };
export type KnownBaseline = { baseline: Baseline; sampledAtMs: number; isRefreshing: boolean };

type Deps = {
  source: SearchPort;
  /** Tells one Jaeger from another in what is kept. */
  sourceName: () => string;
  reader: SampleReader;
  store: Pick<SampleStore, "find" | "save">;
  now?: () => number;
};
type Window = { key: string; startUs: number; endUs: number };
type Wanted = { rootService: string; rootOperation: string; window: Window };

/**
 * What is usual of each operation: up to 100 of its traces, evenly over the day around the trace that asks, folded.
 * Held in memory and in Postgres. A sample older than ten minutes is answered at once and replaced in the background.
 */
export class Baselines {
  readonly #cache = new TraceCache<DatedSample>({ maxBytes: MAX_CACHE_BYTES });
  readonly #summedUp = new WeakMap<DatedSample, { before: DayBefore | undefined; baseline: Baseline }>();
  readonly #outage = new Outage("what is usual was not read again");
  readonly #refreshing = new Set<string>();
  readonly #deps: Deps;
  readonly #now: () => number;
  readonly #daysBefore: DaysBefore;

  constructor(deps: Deps) {
    this.#deps = deps;
    this.#now = deps.now ?? Date.now;
    const take = (wanted: Wanted, signal?: AbortSignal) => this.#sample(this.#keyOf(wanted), wanted, signal);
    this.#daysBefore = new DaysBefore({ source: deps.source, now: this.#now, take });
  }

  /** Rejects with `upstream_*` when nothing is held and the source fails; no history is `traceCount` 0, not a failure. */
  async get(of: UsualOf, signal?: AbortSignal): Promise<KnownBaseline> {
    // A trace whose root has not come has no operation to look for.
    if (of.rootService === "")
      return { baseline: buildBaseline(of, NOTHING), sampledAtMs: this.#now(), isRefreshing: false };
    const wanted = { ...of, window: windowOf(of.atUs, this.#now()) };
    const key = this.#keyOf(wanted);
    const sample = await this.#sample(key, wanted, signal);
    const before = await this.#before(key, wanted, sample, signal);
    return {
      baseline: { ...this.#sumUp(sample, of, before), rootService: of.rootService, rootOperation: of.rootOperation },
      sampledAtMs: sample.sampledAtMs,
      isRefreshing: this.#refreshing.has(key),
    };
  }

  /**
   * What is usual of the operation whose requests most often have a step: for a trace whose root did not come. No such
   * request is `traceCount` 0.
   */
  async ofStep({ service, operation, atUs, exceptTraceId }: UsualOfStep, signal?: AbortSignal): Promise<KnownBaseline> {
    const { startUs, endUs } = windowOf(atUs, this.#now());
    const search = { service, operation, attributes: {}, startUs, endUs, minDurationUs: undefined, depth: STEP_DEPTH };
    const { summaries } = await searchGently(this.#deps.source, search, signal);
    const counts = new Map<string, { of: TraceSummary; count: number }>();
    for (const summary of summaries) {
      if (summary.rootService === "" || summary.traceId === exceptTraceId) continue;
      const key = sampleKey([summary.rootService, normaliseName(summary.rootOperation)]);
      counts.set(key, { of: summary, count: (counts.get(key)?.count ?? 0) + 1 });
    }
    const [most] = [...counts.values()].sort((a, b) => b.count - a.count);
    const { rootService = "", rootOperation = "" } = most?.of ?? {};
    return this.get({ rootService, rootOperation, atUs, exceptTraceId }, signal);
  }

  #keyOf({ rootService, rootOperation, window }: Wanted): string {
    return sampleKey([this.#deps.sourceName(), rootService, normaliseName(rootOperation), window.key]);
  }

  /** Undefined where nothing is to be compared with it, or where the source does not tell: the day itself is known. */
  async #before(key: string, wanted: Wanted, sample: DatedSample, signal: AbortSignal | undefined) {
    if (sample.traces.length < MIN_USUAL_TRACES) return undefined;
    try {
      return await this.#daysBefore.of(key, wanted, sample, signal);
    } catch (error) {
      signal?.throwIfAborted();
      this.#outage.note(error);
      return undefined;
    }
  }

  #sumUp(sample: DatedSample, of: UsualOf, before: DayBefore | undefined): Baseline {
    const { nodes, traces } = sample;
    if (traces.some(({ traceId }) => traceId === of.exceptTraceId)) {
      return buildBaseline(of, { nodes, traces: traces.filter(({ traceId }) => traceId !== of.exceptTraceId) }, before);
    }
    // 200 ms for a hundred traces of 600 paths: most traces that ask are not of the sample, so one answer serves them.
    const known = this.#summedUp.get(sample);
    if (known !== undefined && known.before === before) return known.baseline;
    const baseline = buildBaseline(of, sample, before);
    this.#summedUp.set(sample, { before, baseline });
    return baseline;
  }

  async #sample(key: string, wanted: Wanted, signal: AbortSignal | undefined): Promise<DatedSample> {
    const keptKey = `kept ${key}`;
    const held =
      this.#cache.get(key) ??
      this.#cache.get(keptKey) ??
      (await this.#cache.load(keptKey, () => this.#kept(key), signal));
    const ageMs = this.#now() - held.sampledAtMs;
    const hasEnough = held.traces.length >= ENOUGH_TRACES;
    if (ageMs < (hasEnough ? FRESH_FOR_MS : FEW_FRESH_FOR_MS)) return held;
    if (hasEnough && ageMs < USABLE_FOR_MS) {
      this.#refresh(key, wanted);
      return held;
    }
    try {
      return await this.#cache.load(key, (shared) => this.#take(key, wanted, shared), signal);
    } catch (error) {
      if (signal?.aborted || held.traces.length === 0) throw error;
      return held;
    }
  }

  /** What Postgres has, or an empty sample of long ago. */
  async #kept(key: string): Promise<DatedSample> {
    return (await this.#deps.store.find(key)) ?? { nodes: [], traces: [], seenCount: 0, sampledAtMs: 0, sizeBytes: 0 };
  }

  #refresh(key: string, wanted: Wanted): void {
    if (this.#refreshing.has(key)) return;
    this.#refreshing.add(key);
    this.#cache
      .load(key, (shared) => this.#take(key, wanted, shared))
      .then(
        () => this.#outage.over(),
        (error: unknown) => this.#outage.note(error),
      )
      .finally(() => this.#refreshing.delete(key));
  }

  async #take(key: string, wanted: Wanted, signal: AbortSignal): Promise<DatedSample> {
    const seen = await this.#see(wanted, signal);
    const tree = new PathTree();
    const traces: FoldedTrace[] = [];
    const visit = (trace: Parameters<typeof foldOpenTrace>[0]) => {
      traces.push(foldOpenTrace(trace, tree));
    };
    await this.#deps.reader.read(pickEvenly(seen, MAX_SAMPLE), visit, signal);
    return this.#deps.store.save(key, { nodes: tree.nodes, traces, seenCount: seen.length }, this.#now());
  }

  /** Requests of the operation in the window; of each of its parts where there are more than fit in one answer. */
  async #see({ rootService, rootOperation, window }: Wanted, signal: AbortSignal): Promise<TraceSummary[]> {
    const name = normaliseName(rootOperation);
    const ask = async (operation: string | undefined, startUs: number, endUs: number, depth: number) => {
      const search = {
        service: rootService,
        operation,
        attributes: {},
        startUs,
        endUs,
        minDurationUs: undefined,
        depth,
      };
      const { summaries, isFull } = await searchGently(this.#deps.source, search, signal);
      const requests = summaries.filter(
        (summary) => summary.rootService === rootService && normaliseName(summary.rootOperation) === name,
      );
      return { requests, isFull };
    };
    const first = await ask(rootOperation, window.startUs, window.endUs, MAX_SEEN);
    if (first.requests.length < FEW && name !== rootOperation) {
      return (await ask(undefined, window.startUs, window.endUs, MAX_SEEN)).requests;
    }
    if (!first.isFull) return first.requests;
    // A full answer holds some of the recent ones: the rest of the window is asked for in quarters.
    const quarterUs = (window.endUs - window.startUs) / 4;
    const found = new Map(first.requests.map((summary) => [summary.traceId, summary]));
    for (const quarter of [0, 1, 2, 3]) {
      const fromUs = window.startUs + quarter * quarterUs;
      const { requests } = await ask(rootOperation, fromUs, fromUs + quarterUs, MAX_SEEN / 4);
      for (const summary of requests) found.set(summary.traceId, summary);
    }
    return [...found.values()];
  }
}

/** The last day for a trace of the last day, else the day that ends with the trace's quarter of a day. */
function windowOf(atUs: number, nowMs: number): Window {
  const atMs = atUs / US_PER_MS;
  if (atMs > nowMs - WINDOW_MS) {
    return { key: "recent", startUs: (nowMs - WINDOW_MS) * US_PER_MS, endUs: nowMs * US_PER_MS };
  }
  const endMs = Math.max(WINDOW_MS, (Math.floor(atMs / STEP_MS) + 1) * STEP_MS);
  return { key: String(endMs), startUs: (endMs - WINDOW_MS) * US_PER_MS, endUs: endMs * US_PER_MS };
}
