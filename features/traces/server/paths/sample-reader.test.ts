import { describe, expect, it } from "vitest";
import { toOtlpRequest } from "@/features/sample-data/domain/otlp";
import { sampleHour } from "@/features/sample-data/domain/sample-hour";
import { AppError } from "@/lib/errors";
import { SampleReader } from "./sample-reader";

const END_US = Date.parse("2026-11-22T12:00:00Z") * 1000;
const placed = [...sampleHour({ seed: 1, endUnixUs: END_US, traceCount: 30 })];
const bodies = new Map(placed.map((one) => [one.trace.traceId, Buffer.from(JSON.stringify(toOtlpRequest([one])))]));
const wanted = placed.map(({ trace }) => ({ traceId: trace.traceId, spanCount: trace.spans.length }));

/** A source that answers in turns of the event loop and counts what is under way. */
function fakeSource({ fail = () => undefined as AppError | undefined } = {}) {
  const state = { underWay: 0, most: 0, asked: [] as string[] };
  const readTrace = async (traceId: string, signal?: AbortSignal) => {
    state.asked.push(traceId);
    state.underWay += 1;
    state.most = Math.max(state.most, state.underWay);
    for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    state.underWay -= 1;
    signal?.throwIfAborted();
    const error = fail();
    if (error !== undefined) throw error;
    return { bytes: bodies.get(traceId) ?? Buffer.alloc(0), latencyMs: 1 };
  };
  return { readTrace, state };
}

async function readAll(source: ReturnType<typeof fakeSource>, limits = {}, asked = wanted) {
  const visited: string[] = [];
  const reader = new SampleReader(source, { limits });
  const outcome = await reader.read(asked, ({ traceId }) => void visited.push(traceId));
  return { ...outcome, visited };
}

describe("SampleReader", () => {
  it("gives the traces in the order asked for, with only a few reads under way", async () => {
    const source = fakeSource();
    const { visited, readCount, skippedCount } = await readAll(source);
    expect(visited).toEqual(wanted.map(({ traceId }) => traceId));
    expect({ readCount, skippedCount }).toEqual({ readCount: 30, skippedCount: 0 });
    expect(source.state.most).toBeLessThanOrEqual(4);
  });

  it("reads a settled trace once for several samples", async () => {
    const source = fakeSource();
    const reader = new SampleReader(source);
    await reader.read(wanted, () => {});
    await reader.read(wanted, () => {});
    expect(source.state.asked).toHaveLength(30);
  });

  it("leaves out traces that are too big, and stops when it has read enough bytes", async () => {
    const few = await readAll(fakeSource(), { maxSpans: 12 });
    expect(few.readCount).toBe(wanted.filter(({ spanCount }) => spanCount <= 12).length);
    expect(few.readCount + few.skippedCount).toBe(30);
    const short = await readAll(fakeSource(), { maxBytes: 1 });
    expect(short.readCount).toBe(1);
  });

  it("goes on past a trace that is gone or makes no sense", async () => {
    let at = 0;
    const source = fakeSource({
      fail: () => {
        at += 1;
        return at % 3 === 0 ? new AppError(at % 2 === 0 ? "not_found" : "upstream_invalid", "No.") : undefined;
      },
    });
    expect(await readAll(source)).toMatchObject({ readCount: 20, skippedCount: 10 });
  });

  it("says so when the source fails at once, and keeps what it has when it fails later", async () => {
    const down = new AppError("upstream_unreachable", "Down.");
    await expect(readAll(fakeSource({ fail: () => down }))).rejects.toBe(down);
    let at = 0;
    const source = fakeSource({
      fail: () => {
        at += 1;
        return at > 10 ? down : undefined;
      },
    });
    const { readCount, skippedCount } = await readAll(source);
    expect(readCount).toBe(10);
    expect(skippedCount).toBe(20);
    expect(source.state.asked.length).toBeLessThanOrEqual(14);
  });

  it("stops asking when the caller leaves", async () => {
    const source = fakeSource();
    const leaving = new AbortController();
    const reader = new SampleReader(source);
    const reading = reader.read(wanted, () => leaving.abort(), leaving.signal);
    await expect(reading).rejects.toMatchObject({ name: "AbortError" });
    expect(source.state.asked.length).toBeLessThanOrEqual(5);
  });

  it("keeps what it has when the time is up", async () => {
    const source = fakeSource();
    const reader = new SampleReader(source, { limits: { timeMs: 1 } });
    const slow = async () => {
      const until = performance.now() + 2;
      while (performance.now() < until) await new Promise((resolve) => setImmediate(resolve));
    };
    const { readCount, skippedCount } = await reader.read(wanted, slow);
    expect(readCount).toBeLessThan(30);
    expect(readCount + skippedCount).toBe(30);
  });
});
