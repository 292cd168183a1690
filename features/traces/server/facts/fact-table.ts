import type { Coverage } from "@/features/traces/contract";
import { gapsOf, heldShare, knownUntilMs, type Stretch } from "@/features/traces/domain/facts/time-slices";
import { MS_PER_HOUR, US_PER_MS } from "@/lib/units";
import type { JaegerSource } from "../jaeger/jaeger-source";
import type { TraceLibrary } from "../trace-library";
import type { SearchPort } from "./ask-source";
import { FactFiller, type FillerLimits } from "./fact-filler";
import { slicesIn, sourceIdOf } from "./slice-repository";
import { TraceSampler } from "./trace-sampler";

const MAX_LISTED = 100;

export type FactTableOptions = {
  source: JaegerSource;
  library: TraceLibrary;
  /** In place of `source` for reading slices; tests count and delay with it. */
  port?: SearchPort;
  /** The source is the embedded collector, which notes late spans in the same database. */
  tellsLateSpans?: boolean;
  keepHours?: number;
  now?: () => number;
  limits?: Partial<FillerLimits>;
};

/** The fact table of one trace source: what was read of it, and the reading. */
export class FactTable {
  readonly source: JaegerSource;
  readonly library: TraceLibrary;
  readonly filler: FactFiller;
  readonly sampler: TraceSampler;
  readonly now: () => number;
  readonly tellsLateSpans: boolean;
  #sourceId: Promise<number> | undefined;

  constructor(options: FactTableOptions) {
    const { source, library, port = source, tellsLateSpans = false, keepHours, now = Date.now, limits = {} } = options;
    this.source = source;
    this.tellsLateSpans = tellsLateSpans;
    this.library = library;
    this.now = now;
    this.sampler = new TraceSampler({ library, source: port, sourceId: () => this.sourceId(), now });
    this.filler = new FactFiller({
      source: port,
      sourceId: () => this.sourceId(),
      tellsLateSpans,
      now,
      limits,
      ...(keepHours === undefined ? {} : { keepHours }),
    });
  }

  /** Its number in the database, asked once; a failure is asked again. */
  sourceId(): Promise<number> {
    this.#sourceId ??= sourceIdOf(this.source.info({ latencyMs: 0, fetchedAtMs: 0 }).host).catch((error: unknown) => {
      this.#sourceId = undefined;
      throw error;
    });
    return this.#sourceId;
  }

  /** A request's window in µs; the last hour where it names none. */
  windowOf({ start, end }: { start?: number | undefined; end?: number | undefined }): Stretch {
    const endMs = end ?? this.now();
    return { fromUs: (start ?? Math.max(0, endMs - MS_PER_HOUR)) * US_PER_MS, toUs: endMs * US_PER_MS };
  }

  /** Share of the window that would have to be read now, 0 to 1. */
  async missingShare(window: Stretch): Promise<number> {
    const passed = this.passed(window);
    return 1 - heldShare(passed, gapsOf(passed, this.filler.fresh(await slicesIn(await this.sourceId(), passed))));
  }

  /** How much of the window is held, for the reader. What lies ahead of now is not missed. */
  async coverageOf(window: Stretch): Promise<Coverage> {
    const passed = this.passed(window);
    const slices = await slicesIn(await this.sourceId(), passed);
    const gaps = gapsOf(passed, slices);
    const truncated = slices.filter(({ isTruncated }) => isTruncated);
    const unsettled = slices.filter(({ isSettled }) => !isSettled);
    const { filling, trouble, isPartial } = this.filler.state(window, gaps.length > 0);
    const readAtMs = Math.min(...slices.map((slice) => slice.readAtMs));
    return {
      fromUs: window.fromUs,
      toUs: window.toUs,
      complete: heldShare(passed, gaps),
      gaps: gaps.slice(0, MAX_LISTED),
      gapCount: gaps.length,
      truncatedSlices: truncated
        .slice(0, MAX_LISTED)
        .map(({ fromUs, toUs, heldCount }) => ({ fromUs, toUs, heldCount })),
      truncatedCount: truncated.length,
      unsettledFromUs: unsettled[0]?.fromUs ?? null,
      readAt: Number.isFinite(readAtMs) ? new Date(readAtMs).toISOString() : null,
      knownUntil: new Date(knownUntilMs(slices, this.now())).toISOString(),
      filling,
      trouble: trouble ?? (isPartial ? "The trace source has more services than the console asks one by one." : null),
      join: null,
    };
  }

  /** What of a window is not ahead of now. Taken once per answer: now moves on, and would leave a new gap each time. */
  passed({ fromUs, toUs }: Stretch): Stretch {
    return { fromUs, toUs: Math.max(fromUs, Math.min(toUs, this.now() * US_PER_MS)) };
  }
}
