import { describe, expect, it } from "vitest";
import { LATE_AFTER_MS, TraceStarts, traceKey } from "./trace-starts";

const NOW_MS = Date.parse("2026-11-20T12:00:30Z");
const MINUTE_MS = 60_000;
const minuteOf = (atMs: number) => Math.floor(atMs / MINUTE_MS);
const fragment = (name: string, startMs: number, hasRoot = false) => ({
  hasRoot,
  traceId: Buffer.from(name.padEnd(16, " ")),
  minStartNs: BigInt(startMs) * 1_000_000n,
});

describe("TraceStarts", () => {
  it("calls nothing late that has only just started", () => {
    const starts = new TraceStarts();
    const batch = [fragment("a", NOW_MS), fragment("b", NOW_MS - LATE_AFTER_MS), fragment("c", NOW_MS + MINUTE_MS)];
    starts.meet(batch);
    expect(starts.lateMinutes(batch, NOW_MS)).toEqual([]);
  });

  it("names the minutes of spans that started long ago, each once, in order", () => {
    const starts = new TraceStarts();
    const batch = [5, 3, 3, 500].map((minutes, at) => fragment(`t${at}`, NOW_MS - minutes * MINUTE_MS));
    starts.meet(batch);
    expect(starts.lateMinutes(batch, NOW_MS)).toEqual([500, 5, 3].map((ago) => minuteOf(NOW_MS - ago * MINUTE_MS)));
  });

  it("names the minute a trace started in when it goes on long after, whoever remembers the start", () => {
    const starts = new TraceStarts();
    starts.meet([fragment("met", NOW_MS - 10 * MINUTE_MS)]);
    const batch = [fragment("met", NOW_MS), fragment("stored", NOW_MS), fragment("new", NOW_MS)];
    expect([...starts.meet(batch)]).toEqual(["stored", "new"].map((name) => name.padEnd(16, " ")));
    starts.learn(traceKey(fragment("stored", 0).traceId), NOW_MS - 20 * MINUTE_MS);
    expect(starts.lateMinutes(batch, NOW_MS)).toEqual([20, 10].map((ago) => minuteOf(NOW_MS - ago * MINUTE_MS)));
  });

  it("looks up no trace whose root is here", () => {
    const starts = new TraceStarts();
    expect([...starts.meet([fragment("root", NOW_MS, true), fragment("part", NOW_MS)])]).toEqual([
      "part".padEnd(16, " "),
    ]);
    expect(starts.meet([fragment("root", NOW_MS)]).size).toBe(0);
  });

  it("asks again about traces it has had to forget, and forgets no newer ones", () => {
    const starts = new TraceStarts(4);
    const batch = Array.from({ length: 9 }, (_, at) => fragment(`t${at}`, NOW_MS));
    expect(starts.meet(batch).size).toBe(9);
    expect(starts.meet(batch.slice(5)).size).toBe(0);
    expect(starts.meet(batch.slice(0, 1)).size).toBe(1);
  });
});
