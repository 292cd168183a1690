import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TraceSummary } from "../trace-summary";
import { type Ranking, type RankOptions, type RankPort, rankTraces } from "./rank-traces";
import { rankValue, sortByRank } from "./seen-traces";
import type { SlowestBy, SlowestProgress } from "./slowest-schema";

const END_US = 1_000_000;
type StoredTrace = { summary: TraceSummary; spans: { startUs: number; durationUs: number }[] };

type TraceInput = {
  startUs: number;
  spans: { offsetUs: number; durationUs: number }[];
  errorSpanCount: number;
  hasRoot: boolean;
};

const span = fc.record({ offsetUs: fc.nat(2000), durationUs: fc.oneof(fc.nat(20), fc.nat(5000)) });
const trace = fc.record({
  // Few different starts, so that many traces share one.
  startUs: fc.oneof(fc.nat(END_US - 1), fc.constantFrom(0, 5, 500, 500_000, END_US - 1)),
  spans: fc.array(span, { minLength: 1, maxLength: 4 }),
  errorSpanCount: fc.nat(3),
  hasRoot: fc.boolean(),
});

function toStored({ startUs, spans, errorSpanCount, hasRoot }: TraceInput, at: number): StoredTrace {
  const placed = spans.map(({ offsetUs, durationUs }, index) => ({
    startUs: startUs + (index === 0 ? 0 : offsetUs),
    durationUs,
  }));
  const endUs = Math.max(...placed.map((one) => one.startUs + one.durationUs));
  if (hasRoot) placed.unshift({ startUs, durationUs: endUs - startUs });
  const durationUs = endUs - startUs;
  const summary: TraceSummary = {
    traceId: at.toString(16).padStart(32, "0"),
    rootService: "web",
    rootOperation: "GET /",
    startUs,
    durationUs,
    spanCount: placed.length,
    errorSpanCount,
    orphanSpanCount: 0,
    services: [],
  };
  return { summary, spans: placed };
}

/** Gives any `depth` of the matches, in an order that `seed` shuffles differently for every question. */
function store(traces: StoredTrace[], seed: number, failAt = Number.POSITIVE_INFINITY): RankPort {
  let count = 0;
  return async ({ fromUs, toUs, minDurationUs = 0, depth }) => {
    count += 1;
    if (count === failAt) throw new Error("the source is gone");
    const matching = traces.filter(({ spans }) =>
      spans.some((one) => one.startUs >= fromUs && one.startUs <= toUs && one.durationUs >= minDurationUs),
    );
    const order = new Map(matching.map((one, at) => [one, Math.sin(seed + at * 7.3 + count)]));
    const page = matching.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0)).slice(0, depth);
    return { summaries: page.map(({ summary }) => summary), isFull: page.length >= depth };
  };
}

async function run(port: RankPort, options: Partial<RankOptions> & { by: SlowestBy; limit: number }) {
  const progress: SlowestProgress[] = [];
  const generator = rankTraces(port, { startUs: 0, endUs: END_US, ...options });
  for (;;) {
    const step = await generator.next();
    if (step.done) return { ranking: step.value, progress };
    progress.push(step.value);
  }
}

const small = { climbDepth: 4, pageDepth: 8, maxSweepTraces: 0, maxAsks: 5000 };
const valuesOf = ({ traces }: Ranking, by: SlowestBy) => traces.map((summary) => rankValue(summary, by));

const idsOf = (summaries: readonly TraceSummary[]) => summaries.map(({ traceId }) => traceId);
const summariesOf = (traces: readonly StoredTrace[]) => traces.map(({ summary }) => summary);

function truth(traces: StoredTrace[], by: SlowestBy, limit: number): number[] {
  const values = traces.map(({ summary }) => rankValue(summary, by));
  return values.sort((a, b) => b - a).slice(0, limit);
}

describe("rankTraces", () => {
  const input = fc.record({
    traces: fc.array(trace, { maxLength: 60 }).map((list) => list.map(toStored)),
    limit: fc.integer({ min: 1, max: 12 }),
    seed: fc.nat(1000),
  });

  it("finds exactly the longest when every trace has a span as long as itself", async () => {
    await fc.assert(
      fc.asyncProperty(input, async ({ traces, limit, seed }) => {
        const rooted = traces.filter(({ spans, summary }) =>
          spans.some(({ durationUs }) => durationUs === summary.durationUs),
        );
        const { ranking } = await run(store(rooted, seed), { by: "duration", limit, limits: small });
        if (ranking.proof === "none") expect(ranking.reason).toBe("slice_too_full");
        else expect(idsOf(ranking.traces)).toEqual(idsOf(sortByRank(summariesOf(rooted), "duration").slice(0, limit)));
      }),
      { numRuns: 300 },
    );
  });

  it("never claims more than it saw: what outranks the answer unseen has no span as long as the caveat says", async () => {
    await fc.assert(
      fc.asyncProperty(input, fc.constantFrom(0, 30, 1000), async ({ traces, limit, seed }, maxSweepTraces) => {
        const limits = { ...small, maxSweepTraces };
        const { ranking } = await run(store(traces, seed), { by: "duration", limit, limits });
        const ids = new Set(ranking.traces.map(({ traceId }) => traceId));
        const least = ranking.traces.length < limit ? -1 : (valuesOf(ranking, "duration").at(-1) ?? -1);
        const missed = traces.filter(({ summary }) => !ids.has(summary.traceId) && summary.durationUs > least);
        if (ranking.proof === "every-trace") expect(missed).toEqual([]);
        if (ranking.proof === "every-long-span") {
          // A span that starts after the window is found by no question about it.
          const spans = missed.flatMap((one) => one.spans.filter(({ startUs }) => startUs <= END_US));
          const longest = spans.map(({ durationUs }) => durationUs);
          expect(Math.max(-1, ...longest)).toBeLessThan(ranking.unseenBelowUs ?? 0);
        }
        expect(ranking.seenCount).toBeLessThanOrEqual(traces.length);
        if (ranking.isSeenWhole) expect(ranking.seenCount).toBe(traces.length);
      }),
      { numRuns: 300 },
    );
  });

  it("ranks by errors and by spans exactly once every stretch came whole", async () => {
    await fc.assert(
      fc.asyncProperty(
        input,
        fc.constantFrom<SlowestBy[]>("errors", "spans"),
        async ({ traces, limit, seed }, by: SlowestBy) => {
          const { ranking, progress } = await run(store(traces, seed), { by, limit, limits: small });
          if (ranking.proof === "none") return expect(ranking.reason).toBe("slice_too_full");
          expect(ranking.proof).toBe("every-trace");
          expect(idsOf(ranking.traces)).toEqual(idsOf(sortByRank(summariesOf(traces), by).slice(0, limit)));
          expect(progress.at(-1)?.sweptShare).toBe(1);
        },
      ),
      { numRuns: 200 },
    );
  });

  it("keeps to its number of questions and calls the rest a lower bound", async () => {
    await fc.assert(
      fc.asyncProperty(input, fc.integer({ min: 1, max: 4 }), async ({ traces, limit, seed }, maxAsks) => {
        const { ranking } = await run(store(traces, seed), { by: "spans", limit, limits: { ...small, maxAsks } });
        expect(ranking.ladder.length).toBeLessThanOrEqual(maxAsks);
        const best = truth(traces, "spans", limit);
        expect(valuesOf(ranking, "spans").every((value, at) => value <= (best[at] ?? 0))).toBe(true);
        if (ranking.proof === "none") expect(["too_many_questions", "slice_too_full"]).toContain(ranking.reason);
      }),
    );
  });

  it("answers a lower bound when the source fails midway, and rejects when it fails at once", async () => {
    const traces = Array.from({ length: 40 }, (_, at) =>
      toStored(
        { startUs: at * 10_000, spans: [{ offsetUs: 0, durationUs: at }], errorSpanCount: 0, hasRoot: true },
        at,
      ),
    );
    const { ranking } = await run(store(traces, 1, 3), { by: "spans", limit: 5, limits: small });
    expect(ranking).toMatchObject({ proof: "none", reason: "source_failed" });
    expect(ranking.seenCount).toBeGreaterThan(0);
    await expect(run(store(traces, 1, 1), { by: "spans", limit: 5, limits: small })).rejects.toThrow("is gone");
  });

  it("keeps a proven ladder when reading everything fails afterwards", async () => {
    const traces = Array.from({ length: 40 }, (_, at) =>
      toStored(
        { startUs: at * 10_000, spans: [{ offsetUs: 0, durationUs: at }], errorSpanCount: 0, hasRoot: true },
        at,
      ),
    );
    const whole = await run(store(traces, 1), { by: "duration", limit: 5, limits: small });
    const failAt = whole.ranking.ladder.findIndex(({ phase }) => phase === "sweep") + 1;
    const limits = { ...small, maxSweepTraces: 1000 };
    const { ranking } = await run(store(traces, 1, failAt), { by: "duration", limit: 5, limits });
    expect(ranking).toMatchObject({ proof: "every-long-span", reason: "proven" });
    expect(valuesOf(ranking, "duration")).toEqual([39, 38, 37, 36, 35]);
  });

  it("looks everywhere else when one moment holds more traces than the source gives, and calls that a lower bound", async () => {
    const rooted = (startUs: number, durationUs: number, at: number) =>
      toStored({ startUs, spans: [{ offsetUs: 0, durationUs }], errorSpanCount: durationUs, hasRoot: true }, at);
    // The newest moment is asked first.
    const crowd = Array.from({ length: 40 }, (_, at) => rooted(END_US - 10, 50, at));
    const rest = Array.from({ length: 30 }, (_, at) => rooted(at * 20_000, 10 + at, 40 + at));
    const longest = rooted(400_000, 9000, 80);
    for (const by of ["duration", "errors"] as const) {
      const limits = { ...small, maxSweepTraces: 1000 };
      const { ranking } = await run(store([...crowd, ...rest, longest], 3), { by, limit: 20, limits });
      expect(ranking, by).toMatchObject({ proof: "none", reason: "slice_too_full" });
      expect(ranking.traces[0]?.traceId, by).toBe(longest.summary.traceId);
    }
  });

  it("finds traces that tie with the last one though their span is a fraction shorter than the trace is told to be", async () => {
    // Both ends are floored to µs: 999.2 µs from 0.9 are told as 1,000.
    const tie = (at: number) => {
      const { summary } = toStored(
        { startUs: at * 1000, spans: [{ offsetUs: 0, durationUs: 1000 }], errorSpanCount: 0, hasRoot: true },
        at,
      );
      return { summary, spans: [{ startUs: at * 1000, durationUs: at < 6 ? 1000 : 999.2 }] };
    };
    const traces = Array.from({ length: 30 }, (_, at) => tie(at));
    const { ranking } = await run(store(traces, 5), { by: "duration", limit: 4, limits: small });
    expect(idsOf(ranking.traces)).toEqual(idsOf(sortByRank(summariesOf(traces), "duration").slice(0, 4)));
  });

  it("stops at the next question when cancelled", async () => {
    const abort = new AbortController();
    let asked = 0;
    const port: RankPort = async ({ depth }) => {
      asked += 1;
      if (asked === 2) abort.abort(new Error("enough"));
      return { summaries: [], isFull: depth > 0 };
    };
    await expect(run(port, { by: "spans", limit: 5, signal: abort.signal })).rejects.toThrow("enough");
    expect(asked).toBe(2);
  });

  it("proves nothing by length when the search is not for root spans", async () => {
    const traces = Array.from({ length: 40 }, (_, at) =>
      toStored(
        { startUs: at * 10_000, spans: [{ offsetUs: 0, durationUs: at }], errorSpanCount: 0, hasRoot: true },
        at,
      ),
    );
    const options = { by: "duration" as const, limit: 5, limits: small, isRootMatch: () => false };
    const { ranking } = await run(store(traces, 1), options);
    expect(ranking).toMatchObject({ proof: "none", reason: "filter_is_not_of_the_root" });
  });
});
