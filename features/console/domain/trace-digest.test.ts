import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TraceList } from "./neighbours";
import { digestTraces } from "./trace-digest";

const WINDOW = { fromMs: 1000, toMs: 11_000 };
type Summary = TraceList["summaries"][number];
const summary = (over: Partial<Summary> = {}): Summary => ({
  traceId: "a1",
  rootService: "web",
  rootOperation: "GET /",
  startUs: 2_000_000,
  durationUs: 100,
  spanCount: 3,
  errorSpanCount: 0,
  services: [{ name: "web" }],
  ...over,
});
const digest = (summaries: Summary[]) => digestTraces({ summaries, truncated: false }, WINDOW, 10);

describe("digestTraces", () => {
  it("gives zeros and empty lists for no traces", () => {
    expect(digest([])).toMatchObject({ count: 0, errorCount: 0, oldestMs: null, operations: [] });
    expect(digest([]).buckets).toHaveLength(10);
  });

  it("leaves the console's own traces out, and only those", () => {
    const own = ["ops-console-web", "ops-console"].map((rootService) => summary({ rootService }));
    expect(digest([...own, summary({ rootService: "ops-consoles" })]).count).toBe(1);
  });

  it("judges a trace without a root by the services in it, and says what is missing", () => {
    const rootless = { rootService: "", rootOperation: "" };
    const own = summary({ ...rootless, services: [{ name: "ops-console-web" }] });
    const { operations } = digest([own, summary(rootless)]);
    expect(operations.map(({ service, operation }) => [service, operation])).toEqual([["web", "(root span missing)"]]);
  });

  it("puts the operation with the most time together first", () => {
    const many = Array.from({ length: 30 }, () => summary({ rootOperation: "many", durationUs: 10 }));
    const { operations } = digest([summary({ rootOperation: "one", durationUs: 200 }), ...many]);
    expect(operations.map(({ operation, totalUs }) => [operation, totalUs])).toEqual([
      ["many", 300],
      ["one", 200],
    ]);
  });

  it("names no p95 below 100 traces, and a measured duration from there", () => {
    const traces = Array.from({ length: 100 }, (_, at) => summary({ durationUs: at + 1 }));
    expect(digest(traces.slice(1)).operations[0]?.p95Us).toBeNull();
    expect(digest(traces).operations[0]).toMatchObject({ p50Us: 50, p95Us: 95, maxUs: 100 });
  });

  it("counts every trace inside the window in exactly one bucket", () => {
    const startUs = fc.integer({ min: WINDOW.fromMs * 1000, max: WINDOW.toMs * 1000 - 1 });
    fc.assert(
      fc.property(fc.array(fc.record({ startUs, errorSpanCount: fc.nat(2) })), (partials) => {
        const result = digest(partials.map((partial) => summary(partial)));
        expect(result.buckets.reduce((sum, { count }) => sum + count, 0)).toBe(partials.length);
        expect(result.buckets.reduce((sum, { errorCount }) => sum + errorCount, 0)).toBe(result.errorCount);
      }),
    );
  });
});
