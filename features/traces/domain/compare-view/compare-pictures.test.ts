import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ComparedSide, ComparedStep, CompareReply } from "../paths/compare-schema";
import { toChangeLedger } from "./change-ledger";
import { movedUs, shareText } from "./change-share";
import { calls, ratioText, signed, toCompareReport } from "./compare-report";
import { countStates, nextChange, parseToggled, toGrownRows, toGrownStates, toToggledText } from "./grown-tree";
import { toRequestDensity } from "./request-density";
import { toRequestRows } from "./request-table";
import { markOfStep } from "./step-mark";

const side = (ticksUs: number[], meanUs = 1000): ComparedSide => {
  const at = (share: number) => ticksUs[Math.min(ticksUs.length - 1, Math.floor(share * ticksUs.length))] ?? 0;
  return {
    seenCount: ticksUs.length,
    readCount: ticksUs.length,
    skippedCount: 0,
    sinceUs: 0,
    untilUs: 1,
    ticksUs,
    quantiles: {
      p5Us: at(0.05),
      p50Us: at(0.5),
      p75Us: at(0.75),
      p90Us: at(0.9),
      p95Us: at(0.95),
      p99Us: at(0.99),
      meanUs,
    },
    perRequest: { durationUs: meanUs, queries: 2, spans: 10, errorShare: 0, perMinute: 3 },
    systems: [{ name: "postgresql", calls: 2, busyUs: 12_000 }],
    exemplars: ["aa"],
  };
};
const step = (parent: number, state: ComparedStep["state"], changeUs: number, name = "step"): ComparedStep => ({
  service: "web",
  name,
  detail: "",
  parent,
  before: { presentIn: 9, calls: 1, timeUs: 100, ownUs: 100 },
  after: { presentIn: 9, calls: 1, timeUs: 100 + changeUs, ownUs: 100 + changeUs },
  changeUs,
  changeBelowUs: changeUs,
  state,
  qValue: 0.001,
});
const clause = (changeUs: number, kind: "new" | "gone" | "grew" | "fell" | "rest" = "grew") => ({
  kind,
  text: "",
  changeUs,
  step: kind === "rest" ? null : 0,
});
const spread = (count: number, fromUs: number) => Array.from({ length: count }, (_, at) => fromUs * (1 + at / count));

describe("toChangeLedger", () => {
  it("makes the pieces after sum to the bar, and never shows less than nothing", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -900, max: 9000 }), { minLength: 1, maxLength: 5 }),
        fc.nat(5000),
        (changes, beforeUs) => {
          const changeUs = changes.reduce((sum, value) => sum + value, 0);
          fc.pre(beforeUs + Math.min(0, ...[changes.filter((us) => us < 0).reduce((a, b) => a + b, 0)]) >= 0);
          const clauses = changes.map((us) => clause(us));
          const verdict = { sentence: "", changeUs, beforeUs, clauses, isSignificant: true };
          const ledger = toChangeLedger({ verdict });
          const [before, after] = ledger.bars;
          const length = (bar: typeof before) => bar?.pieces.reduce((sum, { fromUs, toUs }) => sum + toUs - fromUs, 0);
          expect(length(before)).toBeCloseTo(beforeUs, 5);
          expect(length(after)).toBeCloseTo(beforeUs + changeUs, 5);
          for (const { pieces } of ledger.bars)
            for (const { toUs } of pieces) expect(toUs).toBeLessThanOrEqual(ledger.scaleUs);
        },
      ),
    );
  });

  it("takes the largest addition that has a name back, never the rest", () => {
    const verdict = {
      sentence: "",
      changeUs: 900,
      beforeUs: 100,
      clauses: [clause(300, "new"), clause(600, "rest")],
      isSignificant: true,
    };
    const ledger = toChangeLedger({ verdict });
    expect(ledger.fixed).toEqual({ clause: 0, savesUs: 300 });
    expect(ledger.bars[2]).toMatchObject({ id: "fixed", totalUs: 700 });
    const fallen = { ...verdict, changeUs: -50, clauses: [clause(-50, "fell")] };
    expect(toChangeLedger({ verdict: fallen }).bars).toHaveLength(2);
  });
});

describe("shareText", () => {
  it("gives every step its part of all that changed, small steps included, so that the parts make a whole", () => {
    const steps = [step(-1, "grew", 600), step(0, "fell", -500), step(0, "alike", 20)];
    const allUs = movedUs({ steps, leftOut: { count: 9, changeUs: -80 } });
    expect(allUs).toBe(1200);
    expect(steps.map(({ changeUs }) => shareText(changeUs, allUs))).toEqual(["+50\u202f%", "−42\u202f%", "+2\u202f%"]);
  });

  it("says nothing of a share that rounds to none, and of nothing at all", () => {
    expect([shareText(4, 1000), shareText(0, 0)]).toEqual(["", ""]);
  });
});

describe("toRequestDensity", () => {
  it("puts every tick and quantile inside the plot, and the curves under its top", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(9e6), { minLength: 1, maxLength: 60 }),
        fc.array(fc.nat(9e6), { maxLength: 60 }),
        (a, b) => {
          const density = toRequestDensity(side([...a].sort((x, y) => x - y)), side([...b].sort((x, y) => x - y)));
          const places = [
            ...density.before.ticks,
            ...density.after.ticks,
            ...density.links.flatMap(({ from, to }) => [from, to]),
          ];
          for (const place of places) {
            expect(place).toBeGreaterThanOrEqual(0);
            expect(place).toBeLessThanOrEqual(1);
          }
          for (const value of [...density.before.curve, ...density.after.curve]) expect(value).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  it("draws no curve and names no quantile from a handful of requests", () => {
    const density = toRequestDensity(side([10, 20]), side([30, 40]));
    expect(density.before.curve).toEqual([]);
    expect(density.links).toEqual([]);
    expect(density.beyond).toBeNull();
  });

  it("counts the requests that are slower than nearly all before", () => {
    const density = toRequestDensity(side(spread(200, 1000)), side([...spread(150, 1000), ...spread(50, 90_000)]));
    expect(density.beyond).toMatchObject({ of: 200 });
    expect(density.beyond?.count).toBeGreaterThanOrEqual(50);
    expect(density.links.map(({ name }) => name)).toEqual(["p5", "p50", "p95", "p99"]);
  });
});

describe("toRequestRows", () => {
  it("leaves out quantiles that too few requests have, and calls small differences alike", () => {
    const labels = (count: number) =>
      toRequestRows({ before: side(spread(count, 1000)), after: side(spread(count, 1020)) });
    expect(labels(5).map(({ label }) => label)).not.toContain("p95");
    expect(labels(120).map(({ label }) => label)).toContain("p99");
    expect(labels(120).find(({ label }) => label === "p50")).toMatchObject({ isAlike: true });
    expect(labels(120).find(({ label }) => label === "Time in postgresql")).toMatchObject({ before: "12\u202fms" });
  });
});

describe("the tree of what changed", () => {
  // root > (alike, alike, grew > (alike), alike)
  const steps = [
    step(-1, "alike", 0, "root"),
    step(0, "alike", 0, "a"),
    step(0, "alike", 0, "b"),
    step(0, "grew", 500, "c"),
    step(3, "alike", 0, "d"),
    step(0, "alike", 0, "e"),
  ];
  const options = { order: "runs" as const, showsAlike: false, toggled: new Set<string>() };
  const ids = (over: Partial<typeof options>) => toGrownRows(steps, { ...options, ...over }).map(({ id }) => id);

  it("folds neighbours that are alike into one row, and keeps a lone one", () => {
    expect(ids({})).toEqual(["s0", "f1", "s3", "s4", "s5"]);
    expect(ids({ toggled: new Set(["f1"]) })).toEqual(["s0", "f1", "s1", "s2", "s3", "s4", "s5"]);
    expect(ids({ showsAlike: true })).toEqual(["s0", "s1", "s2", "s3", "s4", "s5"]);
    expect(ids({ toggled: new Set(["s0"]) })).toEqual(["s0"]);
  });

  it("shows every step once when nothing is folded, at its depth", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ up: fc.nat(3), changes: fc.boolean() }), { minLength: 1, maxLength: 40 }),
        (shape) => {
          const tree = shape.map(({ up, changes }, at) =>
            step(at === 0 ? -1 : Math.max(0, at - 1 - up), changes ? "grew" : "alike", 1),
          );
          const rows = toGrownRows(tree, { ...options, showsAlike: true });
          expect(rows.flatMap((row) => (row.kind === "step" ? [row.step] : row.steps)).sort((a, b) => a - b)).toEqual(
            tree.map((_, at) => at),
          );
          const folded = toGrownRows(tree, options);
          const visible = folded.flatMap((row) => (row.kind === "step" ? [row.step] : []));
          for (const [at, { state }] of tree.entries()) if (state !== "alike") expect(visible).toContain(at);
        },
      ),
    );
  });

  it("lists what changed most first, by growth", () => {
    expect(
      toGrownRows([step(-1, "grew", 5), step(0, "fell", -900)], { ...options, order: "growth" }).map(({ id }) => id),
    ).toEqual(["s1", "s0"]);
  });

  it("says of a step whether it changed, or only something below it", () => {
    expect(toGrownStates(steps)).toEqual(["below", "alike", "alike", "grew", "alike", "alike"]);
    const beside = {
      ...step(-1, "new", 0),
      before: { presentIn: 0, calls: 0, timeUs: 0, ownUs: 0 },
      after: { presentIn: 9, calls: 1, timeUs: 5000, ownUs: 0 },
    };
    expect(toGrownStates([beside])).toEqual(["beside"]);
    expect(countStates(steps)).toEqual({ new: 0, gone: 0, grew: 1, fell: 0, alike: 5 });
  });

  it("goes to the next change and round again", () => {
    const rows = toGrownRows([step(-1, "grew", 5), step(0, "alike", 0), step(0, "new", 9)], options);
    expect(nextChange(rows, [step(-1, "grew", 5), step(0, "alike", 0), step(0, "new", 9)], undefined)?.id).toBe("s0");
    expect(nextChange(rows, [step(-1, "grew", 5), step(0, "alike", 0), step(0, "new", 9)], "s0")?.id).toBe("s2");
    expect(nextChange(rows, [step(-1, "grew", 5), step(0, "alike", 0), step(0, "new", 9)], "s2")?.id).toBe("s0");
  });
});

describe("markOfStep", () => {
  it("is the system waited for where the step tells it, else the service", () => {
    const systems = ["postgresql", "redis", "yosys-api"];
    const mark = (name: string, detail = "") => markOfStep({ service: "web", name, detail }, systems);
    expect(mark("SELECT users", "SELECT * FROM users")).toBe("postgresql");
    expect(mark("EXECUTE production")).toBe("postgresql");
    expect(mark("HGETALL flipper")).toBe("redis");
    expect(mark("HTTP POST", "yosys-api")).toBe("yosys-api");
    expect(mark("GET /users/:id")).toBe("web");
    expect(markOfStep({ service: "web", name: "SELECT users", detail: "" }, [])).toBe("web");
  });
});

describe("toCompareReport", () => {
  it("has the sentence, the numbers and the steps, with nothing in a name read as Markdown", () => {
    const reply: CompareReply = {
      verdict: {
        sentence: "+5 ms a request.",
        changeUs: 5000,
        beforeUs: 1000,
        clauses: [clause(5000)],
        isSignificant: true,
      },
      before: side(spread(30, 1000)),
      after: side(spread(30, 6000)),
      steps: [step(-1, "grew", 5000, "a|b `c` <img>")],
      leftOut: { count: 0, changeUs: 0 },
      checks: [{ code: "enough_traces", isOk: true, text: "Enough requests" }],
    };
    const text = toCompareReport(reply, { title: "GET /", before: "v1", after: "v2", url: "http://127.0.0.1:3000/x" });
    expect(text).toContain("+5 ms a request.");
    expect(text).toContain("web: a\\|b \\`c\\` \\<img\\>");
    expect(text).toContain("- [x] Enough requests");
    expect(text).toContain("http://127.0.0.1:3000/x");
  });

  it("calls nobody and links nowhere by the name of an operation or a version", () => {
    const hostile = "@admin #12 [a](javascript:b) https://evil.example\n## head";
    const reply: CompareReply = {
      verdict: {
        sentence: `+5 ms in ${hostile}`,
        changeUs: 5000,
        beforeUs: 1000,
        clauses: [clause(5000)],
        isSignificant: true,
      },
      before: side(spread(30, 1000)),
      after: side(spread(30, 6000)),
      steps: [step(-1, "grew", 5000, hostile)],
      leftOut: { count: 0, changeUs: 0 },
      checks: [{ code: "enough_traces", isOk: true, text: `same ${hostile}` }],
    };
    const text = toCompareReport(reply, { title: hostile, before: hostile, after: "v2", url: "http://127.0.0.1/x" });
    expect(text).not.toMatch(/@admin|#12|https:\/\/evil|(^|[^\\])\[a\]/);
    expect(text.split("\n").filter((line) => line.startsWith("#"))).toHaveLength(1);
  });

  it("spells changes, calls and ratios", () => {
    expect([signed(-4100), signed(0), signed(503_000)]).toEqual(["−4.1\u202fms", "0", "+503\u202fms"]);
    expect([calls(66), calls(0.44), calls(12.6)]).toEqual(["66", "0.4", "13"]);
    expect([calls(0.01), calls(0)]).toEqual(["< 0.1", "0"]);
    expect(ratioText({ ratio: 0, isAlike: false })).toBe("none");
    expect(ratioText({ ratio: 2.44, isAlike: false })).toBe("2.4\u202f×");
    expect(ratioText({ ratio: null, isAlike: false })).toBe("–");
  });
});

describe("toToggledText", () => {
  it("opens a row, closes it again, and reads what it wrote", () => {
    const one = parseToggled(toToggledText(new Set(), "f3"));
    const two = parseToggled(toToggledText(one, "s12"));
    expect([...two]).toEqual(["f3", "s12"]);
    expect(toToggledText(parseToggled(toToggledText(two, "f3")), "s12")).toBe("");
  });

  it("takes no address for rows that is none", () => {
    expect([...parseToggled("x1..s.sx.s12345.<b>.f9")]).toEqual(["f9"]);
  });
});
