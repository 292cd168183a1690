import { describe, expect, it } from "vitest";
import { toOtlpRequest } from "@/features/sample-data/domain/otlp";
import { sampleHour } from "@/features/sample-data/domain/sample-hour";
import type { TraceSummary } from "@/features/traces/contract";
import { AppError } from "@/lib/errors";
import type { SourceSearch } from "../trace-source";
import { Baselines } from "./baselines";
import { SampleReader } from "./sample-reader";
import type { DatedSample, StoredSample } from "./sample-store";

const NOW_MS = Date.parse("2026-11-22T12:00:00Z");
const MINUTE_MS = 60_000;
const OF = { rootService: "circuitverse-web", rootOperation: "GET /users/:id", atUs: NOW_MS * 1000 };

/** A source that has an hour of traffic, a store, and a clock that stands until it is moved. */
function world({ traceCount = 400, firstOnly = 0 } = {}) {
  const placed = [...sampleHour({ seed: 9, endUnixUs: NOW_MS * 1000, traceCount })];
  const bodies = new Map(placed.map((one) => [one.trace.traceId, Buffer.from(JSON.stringify(toOtlpRequest([one])))]));
  const operations = new Map(placed.map(({ trace }) => [trace.traceId, new Set(trace.spans.map(({ name }) => name))]));
  const state = {
    nowMs: NOW_MS,
    isDown: false,
    searches: [] as SourceSearch[],
    reads: 0,
    shown: firstOnly || traceCount,
  };
  const summaries = placed.map(
    ({ trace, startUnixUs }): TraceSummary => ({
      traceId: trace.traceId,
      rootService: trace.spans[0]?.service ?? "",
      rootOperation: trace.spans[0]?.name ?? "",
      startUs: startUnixUs,
      durationUs: 1,
      spanCount: trace.spans.length,
      errorSpanCount: 0,
      orphanSpanCount: 0,
      services: [],
    }),
  );
  const source = {
    searchTraces: async (search: SourceSearch) => {
      state.searches.push(search);
      if (state.isDown) throw new AppError("upstream_unreachable", "Down.");
      const found = summaries
        .slice(0, state.shown)
        .filter(({ startUs }) => startUs >= search.startUs && startUs < search.endUs)
        .filter(({ traceId }) => search.operation === undefined || operations.get(traceId)?.has(search.operation))
        .reverse()
        .slice(0, search.depth);
      return { summaries: found, isFull: found.length >= search.depth, notes: [], latencyMs: 1 };
    },
    readTrace: async (traceId: string) => {
      state.reads += 1;
      return { bytes: bodies.get(traceId) ?? Buffer.alloc(0), latencyMs: 1 };
    },
  };
  const kept = new Map<string, DatedSample>();
  const store = {
    find: async (key: string) => kept.get(key),
    save: async (key: string, sample: StoredSample, sampledAtMs: number) => {
      const dated = { ...sample, sampledAtMs, sizeBytes: 1000 };
      kept.set(key, dated);
      return dated;
    },
  };
  const now = () => state.nowMs;
  const make = () =>
    new Baselines({ source, sourceName: () => "jaeger", reader: new SampleReader(source, { now }), store, now });
  return { state, make, baselines: make(), summaries };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

describe("Baselines", () => {
  it("samples the operation once and answers from memory, then from what is kept", async () => {
    const { baselines, make, state } = world();
    const first = await baselines.get(OF);
    expect(first.baseline.traceCount).toBeGreaterThan(50);
    const { reads } = state;
    await baselines.get(OF);
    expect((await make().get(OF)).baseline).toEqual(first.baseline);
    expect(state.reads).toBe(reads);
  });

  it("leaves the trace that asks out of what is usual", async () => {
    const { baselines, summaries } = world({ traceCount: 200 });
    const all = await baselines.get(OF);
    const one = summaries.find(({ rootOperation }) => rootOperation === OF.rootOperation);
    const others = await baselines.get({ ...OF, exceptTraceId: one?.traceId });
    expect(others.baseline.traceCount).toBe(all.baseline.traceCount - 1);
  });

  it("answers an old sample at once and reads a newer one behind it", async () => {
    const { baselines, state } = world();
    const first = await baselines.get(OF);
    state.nowMs += 11 * MINUTE_MS;
    const old = await baselines.get({ ...OF, atUs: state.nowMs * 1000 });
    expect(old).toMatchObject({ sampledAtMs: first.sampledAtMs, isRefreshing: true });
    for (let turn = 0; turn < 500; turn += 1) {
      if (!(await baselines.get(OF)).isRefreshing) break;
      await settled();
    }
    expect((await baselines.get(OF)).sampledAtMs).toBe(state.nowMs);
  });

  it("reads again soon when there were few traces: the others may just be coming", async () => {
    const { baselines, state } = world({ firstOnly: 12 });
    const few = await baselines.get(OF);
    expect(few.baseline.traceCount).toBeLessThan(10);
    state.shown = 400;
    state.nowMs += 11_000;
    expect((await baselines.get(OF)).baseline.traceCount).toBeGreaterThan(50);
  });

  it("answers what it has while the source is down, and says so when it has nothing", async () => {
    const { baselines, make, state } = world({ traceCount: 30 });
    const before = await baselines.get(OF);
    state.isDown = true;
    state.nowMs += MINUTE_MS;
    expect((await baselines.get(OF)).baseline).toEqual(before.baseline);
    await expect(make().get({ ...OF, rootOperation: "GET /about" })).rejects.toMatchObject({
      code: "upstream_unreachable",
    });
  });

  it("asks for the quarters of the day when the recent traces fill the answer", async () => {
    const { baselines, state } = world({ traceCount: 3000 });
    await baselines.get(OF);
    const [recent, ...quarters] = state.searches;
    const dayBefore = quarters.pop();
    expect(quarters).toHaveLength(4);
    expect(dayBefore?.endUs).toBe(recent?.startUs);
  });

  it("looks through the whole service when the operation's name holds an id", async () => {
    const { baselines, state } = world({ traceCount: 50 });
    const { baseline } = await baselines.get({ ...OF, rootOperation: "GET /users/42" });
    expect(baseline.traceCount).toBe(0);
    expect(state.searches.map(({ operation }) => operation)).toEqual(["GET /users/42", undefined]);
  });

  it("knows a step's operation by the requests that have it", async () => {
    const { baselines, summaries } = world();
    const { baseline } = await baselines.get(OF);
    const step = baseline.tree.find(({ presentIn, parent }) => parent !== -1 && presentIn === baseline.traceCount);
    const of = { service: OF.rootService, operation: OF.rootOperation, atUs: OF.atUs };
    expect((await baselines.ofStep(of)).baseline).toEqual(baseline);
    const ofInner = await baselines.ofStep({ ...of, operation: step?.name ?? "" });
    expect(ofInner.baseline.traceCount).toBeGreaterThan(0);
    expect(summaries.map(({ rootOperation }) => rootOperation)).toContain(ofInner.baseline.rootOperation);
    expect((await baselines.ofStep({ ...of, operation: "unheard of" })).baseline.traceCount).toBe(0);
  });

  it("asks nothing for a trace without a root", async () => {
    const { baselines, state } = world({ traceCount: 20 });
    const { baseline } = await baselines.get({ ...OF, rootService: "", rootOperation: "" });
    expect(baseline.traceCount).toBe(0);
    expect(state.searches).toEqual([]);
  });

  it("samples another day for a trace of another day", async () => {
    const { baselines, state } = world({ traceCount: 20 });
    const { baseline } = await baselines.get({ ...OF, atUs: (NOW_MS - 72 * 60 * MINUTE_MS) * 1000 });
    expect(baseline.traceCount).toBe(0);
    expect((state.searches[0]?.endUs ?? 0) / 1000).toBeLessThan(NOW_MS - 60 * 60 * MINUTE_MS);
  });
});
