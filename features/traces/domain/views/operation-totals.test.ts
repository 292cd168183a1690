import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type LooseSpan, skeletonOf, skeletonOfLoose } from "@/tests/support/skeleton-of";
import { compileQuery } from "../waterfall/match-spans";
import { computeTracePlan } from "../waterfall/trace-plan";
import { parseTraceQuery } from "../waterfall/trace-query";
import { toOperationQuery } from "./operation-query";
import { computeOperations, sortOperations, stepKey } from "./operation-totals";
import { listSpans, orderSpans } from "./order-spans";
import { OPERATION_COLUMNS, parseSortText, SPAN_COLUMNS, toSortText } from "./trace-views";

const all = () => true;
const sum = (values: Iterable<number>) => [...values].reduce((a, b) => a + b, 0);

const page = skeletonOf({
  name: "GET /boards",
  kind: "server",
  duration: 1000,
  children: [
    ...[50, 10, 30, 20].map((duration, at) => ({
      name: "SELECT cards",
      kind: "client" as const,
      start: at * 100,
      duration,
      isError: at === 2,
    })),
    { name: "SELECT cards", start: 500, duration: 400, service: "worker" },
  ],
});

const loose: fc.Arbitrary<LooseSpan[]> = fc.array(
  fc.record({
    parent: fc.nat({ max: 12 }),
    start: fc.nat({ max: 500 }),
    duration: fc.nat({ max: 300 }),
    name: fc.constantFrom("a", "b", "c"),
  }),
  { maxLength: 12 },
);

describe("computeOperations", () => {
  it("tells spans of one name apart by service and kind, and says how often, how long and how many failed", () => {
    const totals = computeOperations({ trace: page, plan: computeTracePlan(page) }, all);
    expect(totals.map(({ count, errors, totalUs, p50Us, maxUs }) => [count, errors, totalUs, p50Us, maxUs])).toEqual([
      [1, 0, 1000, 1000, 1000],
      [4, 1, 110, 20, 50],
      [1, 0, 400, 400, 400],
    ]);
    expect(page.spanDurationUs[totals[1]?.longest ?? -1]).toBe(50);
  });

  it("has none for an empty trace", () => {
    const empty = skeletonOfLoose([]);
    expect(computeOperations({ trace: empty, plan: computeTracePlan(empty) }, all)).toEqual([]);
  });

  it("counts every span once: counts, durations, own work and path add up to those of the trace, whatever its shape", () => {
    fc.assert(
      fc.property(loose, (spans) => {
        const trace = skeletonOfLoose(spans);
        const plan = computeTracePlan(trace);
        const totals = computeOperations({ trace, plan }, all);
        expect(sum(totals.map(({ count }) => count))).toBe(trace.spanCount);
        expect(sum(totals.map(({ totalUs }) => totalUs))).toBeCloseTo(sum(trace.spanDurationUs));
        expect(sum(totals.map(({ selfUs }) => selfUs))).toBeCloseTo(sum(plan.selfUs));
        expect(sum(totals.map(({ pathUs }) => pathUs))).toBeCloseTo(sum(plan.path.ownUs));
        for (const { p50Us, maxUs, totalUs, count, longest } of totals) {
          expect(p50Us).toBeLessThanOrEqual(maxUs);
          expect(totalUs).toBeLessThanOrEqual(maxUs * count);
          expect(trace.spanDurationUs[longest]).toBe(maxUs);
        }
      }),
    );
  });

  it("takes half of the spans below the median and half above", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 50 }), { minLength: 1, maxLength: 20 }), (durations) => {
        const trace = skeletonOfLoose(durations.map((duration) => ({ parent: 0, start: 0, duration, name: "a" })));
        const [total] = computeOperations({ trace, plan: computeTracePlan(trace) }, all);
        const p50Us = total?.p50Us ?? -1;
        expect(durations).toContain(p50Us);
        expect(durations.filter((one) => one < p50Us).length).toBeLessThanOrEqual(durations.length / 2);
        expect(durations.filter((one) => one > p50Us).length).toBeLessThanOrEqual(durations.length / 2);
      }),
    );
  });
});

describe("sortOperations", () => {
  const totals = computeOperations({ trace: page, plan: computeTracePlan(page) }, all);

  it("orders by every column both ways without losing one", () => {
    for (const by of OPERATION_COLUMNS) {
      const up = sortOperations(totals, { by, direction: "ascending" }, page);
      const down = sortOperations(totals, { by, direction: "descending" }, page);
      expect(new Set(up)).toEqual(new Set(totals));
      expect(down).toHaveLength(totals.length);
    }
    expect(sortOperations(totals, { by: "count", direction: "descending" }, page)[0]?.count).toBe(4);
    expect(sortOperations(totals, { by: "errors", direction: "descending" }, page)[0]?.errors).toBe(1);
  });
});

describe("toOperationQuery", () => {
  it("finds exactly the spans of an operation, whatever signs its name holds", () => {
    const text = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.constantFrom("SELECT cards", "SELECT cards_archive", 'say "hi"', "back\\", "", "//x", "error", "a\nb", "-x"),
    );
    const span = fc.record({ name: text, service: text, kind: fc.constantFrom("client", "server", "internal") });
    fc.assert(
      fc.property(fc.array(span, { minLength: 1, maxLength: 8 }), (children) => {
        const trace = skeletonOf(
          children.map((child) => ({ ...child, duration: 5 })) as Parameters<typeof skeletonOf>[0],
        );
        const plan = computeTracePlan(trace);
        for (const total of computeOperations({ trace, plan }, all)) {
          const query = parseTraceQuery(toOperationQuery(trace, total));
          expect(query.mistakes).toEqual([]);
          const isMatch = compileQuery(query, { trace });
          const key = stepKey(trace, total.longest);
          for (let row = 0; row < trace.spanCount; row += 1) expect(isMatch(row)).toBe(stepKey(trace, row) === key);
        }
      }),
    );
  });
});

describe("orderSpans", () => {
  it("lists every span once, in order of the column, equal ones by start", () => {
    fc.assert(
      fc.property(loose, fc.constantFrom(...SPAN_COLUMNS), fc.boolean(), (spans, by, isUp) => {
        const trace = skeletonOfLoose(spans);
        const { selfUs } = computeTracePlan(trace);
        const listed = listSpans(trace.spanCount, all);
        const rows = orderSpans({ trace, selfUs }, listed, { by, direction: isUp ? "ascending" : "descending" });
        expect([...rows].sort((a, b) => a - b)).toEqual([...listed]);
        const amountOf = (row: number) =>
          ({ start: trace.spanStartUs, duration: trace.spanDurationUs, self: selfUs })[by as "start"]?.[row] ?? 0;
        for (let at = 1; at < rows.length; at += 1) {
          const before = amountOf(rows[at - 1] ?? 0);
          const after = amountOf(rows[at] ?? 0);
          expect(isUp ? before <= after : before >= after).toBe(true);
        }
      }),
    );
  });

  it("orders names as a reader does and puts what failed together", () => {
    const { selfUs } = computeTracePlan(page);
    const listed = listSpans(page.spanCount, all);
    const byName = orderSpans({ trace: page, selfUs }, listed, { by: "name", direction: "ascending" });
    expect(page.names[page.nameIndex[byName[0] ?? 0] ?? 0]).toBe("GET /boards");
    const failed = orderSpans({ trace: page, selfUs }, listed, { by: "status", direction: "descending" });
    expect(page.spanDurationUs[failed[0] ?? 0]).toBe(30);
  });

  it("leaves out what is not listed", () => {
    const { selfUs } = computeTracePlan(page);
    const listed = listSpans(page.spanCount, (span) => span === 2);
    expect([...orderSpans({ trace: page, selfUs }, listed, { by: "start", direction: "ascending" })]).toEqual([2]);
  });
});

describe("sort in an address", () => {
  it("comes back as it went, and is nothing for a column that is not there", () => {
    for (const by of SPAN_COLUMNS) {
      for (const direction of ["ascending", "descending"] as const) {
        expect(parseSortText(toSortText({ by, direction }), SPAN_COLUMNS)).toEqual({ by, direction });
      }
    }
    expect(parseSortText("size-", SPAN_COLUMNS)).toBeUndefined();
  });
});
