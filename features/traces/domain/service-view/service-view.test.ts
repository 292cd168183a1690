import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bins, change, clock, operation, quantiles, redReply, totals } from "@/tests/support/red-reply";
import type { RedReply } from "../facts/red-schema";
import { callsOf } from "./call-list";
import { placeOnHistogram, toMiniHistogram } from "./mini-histogram";
import { toOperationRows } from "./operation-rows";
import { RED_BANDS, toRedChart } from "./red-chart";
import { toRedHeadline } from "./red-headline";
import { changeOfService, serviceStateOf, sortServices, toSparkline } from "./service-rows";

describe("toOperationRows", () => {
  it("puts the operation by which most is waited more first, and says which got worse", () => {
    const rows = toOperationRows({
      operations: [
        operation("same", 1.02, [0, 100, 0], [0, 100, 0]),
        operation("slower", 6, [0, 0, 0, 0, 100], [100, 0, 0, 0, 0]),
        operation("faster", 0.5, [100, 0, 0], [0, 0, 100]),
      ],
    });
    expect(rows.map((row) => [row.operation, row.state])).toEqual([
      ["slower", "worse"],
      ["same", "same"],
      ["faster", "better"],
    ]);
    expect(rows[0]?.addedWaitPerMinute).toBeGreaterThan(0);
    expect(rows[2]?.addedWaitPerMinute).toBeLessThan(0);
    expect(rows[0]?.now.quantiles?.p95Us).toBe(600_000);
  });

  it("judges nothing by a handful of requests", () => {
    const few = { ...operation("few", 9, [0, 9], [9, 0]), change: change(9, { isEnough: false }) };
    expect(toOperationRows({ operations: [few] })[0]).toMatchObject({ state: "unknown", addedWaitPerMinute: 0 });
  });
});

describe("toRedHeadline", () => {
  const say = (reply: RedReply) => toRedHeadline(reply, toOperationRows(reply), clock);

  it("names the operation that got slower where the service as a whole did not", () => {
    const operations = [operation("GET /users", 6, [0, 0, 9], [9, 0, 0]), operation("GET /", 1, [9], [9])];
    const { tone, strong, rest } = say(redReply({ operations, operationCount: 2 }));
    expect(tone).toBe("bad");
    expect(strong).toBe(
      "GET /users is slower since the deploy at 12:52: p95 600\u202fms, before the deploy 100\u202fms.",
    );
    expect(rest).toBe("1 of 2 operations carries it; the other one, the error share and the rate are as before.");
  });

  it("says that every operation got slower, by the middle of each, and names no p95 that chance moved", () => {
    const against = redReply().against;
    if (against === null) throw new Error("the reply compares");
    // The tail is as it was; one operation's p95 fell on its edge: 6 of 179 requests before, 13 of 175 now.
    const names = ["GET /a", "GET /b", "PUT /d"];
    const moved = names.map((name) => ({
      ...operation(name, 1.6, [20, 80, 62, 0, 0, 0, 13], [100, 73, 0, 0, 0, 0, 6]),
      change: change(name === "PUT /d" ? 5 : 1.05, { p50Ratio: 1.6 }),
    }));
    const reply = redReply({
      operations: moved,
      operationCount: 3,
      against: {
        ...against,
        now: { ...against.now, totals: { ...totals(900_000), quantiles: { ...quantiles(900_000), p50Us: 62_000 } } },
        before: {
          ...against.before,
          totals: { ...totals(890_000), quantiles: { ...quantiles(890_000), p50Us: 38_000 } },
        },
        change: change(1.01, { p50Ratio: 1.63 }),
        histogramNow: bins([60, 240, 186, 0, 0, 0, 39]),
        histogramBefore: bins([300, 219, 0, 0, 0, 0, 18]),
      },
    });
    expect(say(reply)).toEqual({
      tone: "bad",
      strong:
        "Every operation is slower since the deploy at 12:52: half of the requests take over 62\u202fms, before the deploy 38\u202fms.",
      rest: "The p95 is as before, within chance.",
    });
  });

  it("names no operation whose p95 chance moved", () => {
    const edge = {
      ...operation("PUT /d", 5, [100, 62, 0, 0, 0, 0, 13], [100, 73, 0, 0, 0, 0, 6]),
      change: change(5, { p50Ratio: 1 }),
    };
    const { strong } = say(redReply({ operations: [edge, operation("GET /", 1, [9], [9])], operationCount: 2 }));
    expect(strong).toMatch(/^As before/);
    expect(serviceStateOf(redReply({ operations: [edge] }))).toBe("same");
  });

  it("counts every operation: which changed, which did not, and which cannot be compared", () => {
    const few = (name: string) => ({ ...operation(name, 9, [0, 9], [9, 0]), change: change(9, { isEnough: false }) });
    const operations = [
      operation("GET /users", 6, [0, 0, 9], [9, 0, 0]),
      ...["GET /", "GET /a", "GET /b", "GET /c"].map((name) => operation(name, 1, [9], [9])),
      few("GET /x"),
      few("GET /y"),
    ];
    expect(say(redReply({ operations, operationCount: 7 })).rest).toBe(
      "1 of 7 operations carries it; 4 others, the error share and the rate are as before. 2 have too few requests to compare.",
    );
  });

  it("tells slower, more errors, faster and as before apart", () => {
    const against = redReply().against;
    if (against === null) throw new Error("the reply compares");
    const withChange = (one: ReturnType<typeof change>) => {
      const [slow, quick] = [bins([0, 0, 9, 40]), bins([9, 40, 0, 0])];
      const [histogramNow, histogramBefore] = (one.p95Ratio ?? 1) < 1 ? [quick, slow] : [slow, quick];
      return say(redReply({ against: { ...against, change: one, histogramNow, histogramBefore } }));
    };
    expect(withChange(change(3)).strong).toMatch(/^Slower since/);
    expect(withChange(change(1, { errorShareDelta: 0.1 })).strong).toMatch(/^More errors since/);
    expect(withChange(change(0.5))).toMatchObject({ tone: "ok", strong: expect.stringMatching(/^Faster/) });
    expect(withChange(change(1)).strong).toMatch(/^As before: p95/);
    expect(withChange(change(9, { isEnough: false })).tone).toBe("neutral");
  });

  it("counts the operations that are slower, and says apart that requests fail more", () => {
    const against = redReply().against;
    if (against === null) throw new Error("the reply compares");
    const failing = change(1, { errorShareDelta: 0.07 });
    const operations = [
      { ...operation("GET /p", 1.45, [0, 0, 9], [9, 0, 0]), change: change(1.45, { errorShareDelta: 0.07 }) },
      { ...operation("GET /q", 1, [9], [9]), change: failing },
    ];
    const both = redReply({ operations, against: { ...against, change: change(1.45, { errorShareDelta: 0.07 }) } });
    const { strong, rest } = say(both);
    expect(strong).toMatch(/^Slower since the deploy/);
    expect(rest).toMatch(/^1 of 2 operations carries it; the rate is as before\. It fails more, too: /);
    expect(rest).toContain("in 2 of 2 operations.");
  });

  it("names a time only where something happened: the deploy, or a jump of the numbers", () => {
    const against = redReply().against;
    if (against === null) throw new Error("the reply compares");
    const previous = { ...against, kind: "previous" as const, deploy: null, change: change(3) };
    expect(say(redReply({ against: previous, series: [] })).strong).toMatch(/^Slower in this window: /);
  });

  it("does not call a window empty that is still being read", () => {
    const coverage = { complete: 0.2, filling: "running" } as NonNullable<RedReply["coverage"]>;
    const unread = redReply({ totals: { ...totals(1), count: 0, perSecond: 0 }, coverage });
    expect(say(unread).strong).toBe("Its traces are still being read.");
  });

  it("claims nothing without requests or without a before", () => {
    expect(say(redReply({ totals: { ...totals(1), count: 0, perSecond: 0 } })).strong).toBe(
      "No requests in this window.",
    );
    expect(say(redReply({ against: null }))).toMatchObject({ tone: "neutral" });
  });
});

describe("toRedChart", () => {
  it("keeps everything inside its band, on one time axis", () => {
    const chart = toRedChart({ reply: redReply(), left: 0, right: 400, clockOffsetMs: 0 });
    for (const { x, y, width, height, level } of chart.cells) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x + width).toBeLessThanOrEqual(400.001);
      expect(y).toBeGreaterThanOrEqual(RED_BANDS.duration.top - 0.001);
      expect(y + height).toBeLessThanOrEqual(RED_BANDS.duration.bottom + 0.001);
      expect(level).toBeGreaterThanOrEqual(1);
    }
    expect(chart.cells).toHaveLength(15);
    expect(chart.deploys[0]?.x).toBe(200);
    expect(chart.splitX).toBe(200);
    expect(chart.errorBars).toHaveLength(1);
    expect(chart.lines.map(({ name }) => name)).toEqual(["p50", "p95", "p99"]);
    expect(chart.bars).toHaveLength(4);
  });

  it("has a shape without a single request", () => {
    const empty = redReply({ series: [], histogram: [], heatmap: null, against: null, deploys: [] });
    const chart = toRedChart({ reply: empty, left: 0, right: 300, clockOffsetMs: 0 });
    expect(chart).toMatchObject({ cells: [], ratePath: "", bars: [], outline: [], topRate: 1 });
    expect(chart.durationTicks.length).toBeGreaterThan(1);
  });

  it("leaves the bucket the window cut out of the rate, which a few seconds would make a spike", () => {
    const series = redReply().series.map((point, at) =>
      at === 0 ? { ...point, startUs: point.endUs - 1_000_000, perSecond: 900 } : point,
    );
    expect(toRedChart({ reply: redReply({ series }), left: 0, right: 300, clockOffsetMs: 0 }).topRate).toBe(10);
  });
});

describe("small pictures", () => {
  it("draws both distributions as shares on one scale", () => {
    const { bars, outline } = toMiniHistogram(bins([0, 10, 10]), bins([90, 0, 10]));
    expect(bars).toHaveLength(2);
    expect(Math.max(...outline.map(({ height }) => height))).toBe(1);
    expect(toMiniHistogram([], [])).toEqual({ bars: [], outline: [] });
  });

  it("places a duration on a histogram, and none outside of it", () => {
    expect(placeOnHistogram(bins([1, 1]), 20_000)).toBeCloseTo(0.5);
    expect(placeOnHistogram(bins([1, 1]), 9)).toBeUndefined();
    expect(placeOnHistogram([], 9)).toBeUndefined();
  });

  it("breaks a line where a value is missing", () => {
    expect(toSparkline([1, 2, null, 2, 1], { width: 40, height: 10 })).toBe("M0.0 5.0L10.0 0.0M30.0 0.0L40.0 5.0");
    expect(toSparkline([1, null, 2], { width: 40, height: 10 })).toBe("M0.0 5.0h0M40.0 0.0h0");
    expect(toSparkline([0, 0], { width: 40, height: 10 })).toBe("");
  });
});

describe("services", () => {
  it("got worse when one operation that matters did, though their own p95 did not move", () => {
    const red = redReply({ operations: [operation("GET /", 1, [9], [9]), operation("GET /users", 6, [0, 0, 9], [9])] });
    expect(changeOfService(red)).toMatchObject({ state: "worse", operation: "GET /users", text: "p95 ×6.0" });
  });

  it("got worse by the middle of their requests too, as their own page says", () => {
    const { against } = redReply();
    if (against === null) throw new Error("the reply compares");
    const red = redReply({
      against: {
        ...against,
        change: change(1, { p50Ratio: 1.6 }),
        histogramNow: bins([60, 240, 186, 0, 0, 0, 39]),
        histogramBefore: bins([300, 219, 0, 0, 0, 0, 18]),
      },
    });
    expect(changeOfService(red)).toMatchObject({ state: "worse", text: "p50 ×1.6" });
    expect(toRedHeadline(red, toOperationRows(red), clock).tone).toBe("bad");
  });

  it("have the state that the headline of their page has, whatever changed", () => {
    const { against } = redReply();
    if (against === null) throw new Error("the reply compares");
    const histograms = [bins([100, 20, 4]), bins([10, 100, 14]), bins([4, 20, 100]), []];
    const states = { bad: "worse", warn: "worse", neutral: "unknown", ok: /better|same/ };
    fc.assert(
      fc.property(
        fc.record({
          p50Ratio: fc.double({ min: 0.2, max: 5, noNaN: true }),
          p95Ratio: fc.double({ min: 0.2, max: 5, noNaN: true }),
          errorShareDelta: fc.constantFrom(-0.1, 0, 0.005, 0.1),
          isEnough: fc.boolean(),
        }),
        fc.constantFrom(...histograms),
        fc.constantFrom(...histograms),
        fc.array(fc.double({ min: 0.2, max: 8, noNaN: true }), { maxLength: 4 }),
        (moved, histogramNow, histogramBefore, ratios) => {
          const red = redReply({
            operations: ratios.map((ratio, at) => operation(`GET /${at}`, ratio, [0, 0, 90], [90])),
            against: { ...against, change: change(1, moved), histogramNow, histogramBefore },
          });
          const { tone } = toRedHeadline(red, toOperationRows(red), clock);
          expect(serviceStateOf(red)).toMatch(states[tone]);
        },
      ),
    );
  });

  it("stand by what got worse, then by how busy they are", () => {
    const row = (service: string, ratio: number) => {
      const { against } = redReply();
      const red = redReply({ service, against: against && { ...against, change: change(ratio) } });
      return { service, red, failure: undefined, state: serviceStateOf(red) };
    };
    const loading = { service: "a", red: undefined, failure: undefined, state: "unknown" as const };
    expect(sortServices([loading, row("b", 1), row("c", 2), row("d", 8)]).map(({ service }) => service)).toEqual([
      "d",
      "c",
      "b",
      "a",
    ]);
  });
});

const edge = (parent: string, child: string) => ({
  parent,
  child,
  callCount: 1,
  perSecond: 1,
  sampledCalls: 1,
  errorShare: 0,
  p95Us: 1,
  perTrace: 1,
});

describe("the map", () => {
  it("tells whom a service calls and who calls it", () => {
    const edges = [edge("web", "db"), edge("proxy", "web")];
    expect(callsOf({ edges }, "web")).toEqual({ callers: [edges[1]], called: [edges[0]] });
  });
});
