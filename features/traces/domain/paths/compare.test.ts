import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type SpanSpec, skeletonOf } from "@/tests/support/skeleton-of";
import { computeSelfTime } from "../self-time";
import { compareSamples, type SideInput } from "./compare-samples";
import { compareReplySchema } from "./compare-schema";
import { compareSteps, MAX_STEPS } from "./compare-steps";
import { type FoldedTrace, foldTrace } from "./fold-trace";
import { PathTree } from "./path-tree";
import { seededRandom } from "./statistics";

const WINDOW_US = 3_600_000_000;

function fold(spec: SpanSpec, tree: PathTree, traceId: string, traits?: Record<string, string>): FoldedTrace {
  const trace = skeletonOf(spec);
  return foldTrace({ traceId, trace, onPathUs: computeSelfTime(trace), traits }, tree);
}

function sideOf(traces: FoldedTrace[], changes: Partial<SideInput> = {}): SideInput {
  const seen = traces.map((trace) => ({ ...trace }));
  return { seen, traces, skippedCount: 0, isWholeSearch: true, windowUs: WINDOW_US, ...changes };
}

/** A page with `queries` calls of 7 ms and a render whose length varies. */
function page(queries: number, renderUs: number): SpanSpec {
  const calls = Array.from({ length: queries }, (_, at) => ({
    name: "SELECT projects",
    kind: "client" as const,
    waitsFor: "postgresql",
    category: "database" as const,
    detail: `SELECT * FROM projects WHERE id = ${at}`,
    start: 1000 + at * 7000,
    duration: 7000,
  }));
  const render = { name: "render", start: 1000 + queries * 7000, duration: renderUs };
  return { name: "GET /users/:id", duration: 1000 + queries * 7000 + renderUs, children: [...calls, render] };
}

const random = seededRandom(3);
const aroundUs = (us: number) => Math.round(us * (0.8 + 0.4 * random()));
const pages = (count: number, queries: number, renderUs: number, tree: PathTree, side: string) =>
  Array.from({ length: count }, (_, at) => fold(page(queries, aroundUs(renderUs)), tree, `${side}${at}`));

describe("compareSamples", () => {
  it("names the step that is new, and the sentence adds up", () => {
    const tree = new PathTree();
    const before = sideOf(pages(60, 0, 200_000, tree, "a"));
    const after = sideOf(pages(60, 66, 200_000, tree, "b"));
    const reply = compareReplySchema.parse(compareSamples(tree.nodes, before, after));
    const [clause] = reply.verdict.clauses;
    expect(clause).toMatchObject({ kind: "new", changeUs: 66 * 7000, text: "in a new step, 66 × SELECT projects" });
    expect(reply.verdict.sentence).toMatch(
      /^\+4\d\d\u202fms a request = 462\u202fms in a new step, 66 × SELECT projects/,
    );
    expect(reply.verdict.isSignificant).toBe(true);
    expect(reply.steps.map(({ state }) => state)).toEqual(["alike", "new", "alike"]);
    expect(reply.after.perRequest).toMatchObject({ queries: 66, spans: 68 });
    expect(reply.after.systems).toEqual([{ name: "postgresql", calls: 66, busyUs: 66 * 7000 }]);
    expect(reply.checks.every(({ isOk }) => isOk)).toBe(true);
  });

  it("calls two samples of one thing alike", () => {
    const tree = new PathTree();
    const before = sideOf(pages(80, 5, 300_000, tree, "a"));
    const after = sideOf(pages(80, 5, 300_000, tree, "b"));
    const { verdict, steps } = compareSamples(tree.nodes, before, after);
    expect(steps.filter(({ state }) => state !== "alike")).toEqual([]);
    expect(verdict.sentence).toMatch(/^About the same/);
  });

  /** A request of 30 ms and a render; one in fifteen takes 900 ms, which moves the mean by chance. */
  const heavyTail = (chance: () => number, extraUs: number): SpanSpec => {
    const renderUs = chance() < 0.065 ? 900_000 : Math.round(20_000 + 30_000 * chance());
    const audit = { name: "audit write", start: renderUs, duration: extraUs };
    return {
      name: "GET /a",
      duration: renderUs + extraUs + 1_000,
      children: [{ name: "render", start: 0, duration: renderUs }, ...(extraUs > 0 ? [audit] : [])],
    };
  };
  const verdictOf = (seed: number, extraUs: number) => {
    const chance = seededRandom(seed);
    const tree = new PathTree();
    const side = (name: string, us: number) =>
      sideOf(Array.from({ length: 100 }, (_, at) => fold(heavyTail(chance, us), tree, `${name}${at}`)));
    return compareSamples(tree.nodes, side("a", 0), side("b", extraUs)).verdict;
  };
  const seeds = Array.from({ length: 100 }, (_, seed) => seed);

  it("tells a planted step with its own sign and size, however a long tail moves the means", () => {
    const told = seeds.map((seed) => verdictOf(seed, 22_000));
    expect(told.every(({ changeUs }) => changeUs > 0)).toBe(true);
    const exact = told.filter(({ changeUs, isSignificant }) => isSignificant && changeUs === 22_000);
    expect(exact.length).toBeGreaterThanOrEqual(95);
    expect(exact[0]?.sentence).toBe(
      "+22\u202fms a request = 22\u202fms in a new step, audit write; the rest is within chance.",
    );
  });

  it("tells no change of two samples of one long tail in at least 95 % of seeds", () => {
    const quiet = seeds.filter((seed) => /^About the same/.test(verdictOf(seed, 0).sentence));
    expect(quiet.length).toBeGreaterThanOrEqual(95);
  });

  it("names no changed step in pure chance in at least 95 % of seeds", () => {
    const noisy = (chance: () => number): SpanSpec => {
      let at = 0;
      const steps = "abcdefghijkl".split("").filter((name) => name < "g" || chance() < 0.5);
      const children = steps.map((name) => {
        const duration = Math.round(500 * Math.exp(2 * chance()));
        at += duration;
        return { name, start: at - duration, duration };
      });
      return { name: "root", duration: at + Math.round(300 * chance()), children };
    };
    const quiet = Array.from({ length: 100 }, (_, seed) => seed).filter((seed) => {
      const chance = seededRandom(seed);
      const tree = new PathTree();
      const side = (name: string) =>
        sideOf(Array.from({ length: 50 }, (_, at) => fold(noisy(chance), tree, `${name}${at}`)));
      return compareSamples(tree.nodes, side("a"), side("b")).steps.every(({ state }) => state === "alike");
    });
    expect(quiet.length).toBeGreaterThanOrEqual(95);
  });

  it("finds what grew and what is gone", () => {
    const tree = new PathTree();
    const before = sideOf(pages(40, 3, 100_000, tree, "a"));
    const after = sideOf(pages(40, 0, 400_000, tree, "b"));
    const { verdict, steps } = compareSamples(tree.nodes, before, after);
    expect(verdict.clauses.map(({ kind }) => kind).slice(0, 2)).toEqual(["grew", "gone"]);
    expect(steps.find(({ name }) => name === "SELECT projects")).toMatchObject({ state: "gone", changeUs: -21_000 });
    expect(verdict.sentence).toContain(" − 21\u202fms of a step that is gone, 3 × SELECT projects");
  });

  it("compares two single traces by size alone, and says so", () => {
    const tree = new PathTree();
    const single = (spec: SpanSpec, id: string) => sideOf([fold(spec, tree, id)], { windowUs: null });
    const reply = compareSamples(tree.nodes, single(page(2, 50_000), "a"), single(page(40, 50_000), "b"));
    expect(reply.verdict.isSignificant).toBeNull();
    expect(reply.verdict.sentence).toBe("+266\u202fms = 266\u202fms in SELECT projects, called 40 × instead of 2 ×.");
    expect(reply.before.perRequest.perMinute).toBeNull();
  });

  it("does not say of a step that hardly any of them has that it is called 0 times", () => {
    const tree = new PathTree();
    const usual = sideOf([...pages(39, 0, 50_000, tree, "a"), ...pages(1, 1, 50_000, tree, "x")]);
    const one = sideOf([fold(page(1, 50_000), tree, "b")], { windowUs: null });
    expect(compareSamples(tree.nodes, usual, one).verdict.sentence).toContain("called 1 × instead of hardly ever");
  });

  it("warns of few traces, other traffic, other hosts and an unfinished search", () => {
    const tree = new PathTree();
    const one = fold(page(1, 1000), tree, "a", { "host.name": "web-1" });
    const other = fold({ ...page(1, 1000), name: "GET /about" }, tree, "b", { "host.name": "web-2" });
    const { checks } = compareSamples(tree.nodes, sideOf([one]), sideOf([other], { isWholeSearch: false }));
    expect(checks.filter(({ isOk }) => !isOk).map(({ code }) => code)).toEqual([
      "enough_traces",
      "same_traffic",
      "same_hosts",
      "whole_search",
    ]);
  });

  it("has an answer for sides without traces", () => {
    const reply = compareReplySchema.parse(compareSamples([], sideOf([]), sideOf([])));
    expect(reply).toMatchObject({ steps: [], verdict: { changeUs: 0 } });
    // Of no requests none is alike, whole or of the same traffic.
    expect(reply.checks).toEqual([{ code: "enough_traces", isOk: false, text: "No request on either side" }]);
    const tree = new PathTree();
    const { checks } = compareSamples(tree.nodes, sideOf([]), sideOf([fold(page(1, 1000), tree, "a")]));
    expect(checks).toMatchObject([{ isOk: false, text: "No request before: there is nothing to compare" }]);
  });
});

const specArbitrary = fc
  .array(fc.record({ name: fc.constantFrom("a", "b", "c", "d"), duration: fc.nat(5000), gap: fc.nat(900) }), {
    maxLength: 6,
  })
  .map((steps): SpanSpec => {
    let at = 0;
    const children = steps.map(({ name, duration, gap }) => {
      const start = at + gap;
      at = start + duration;
      return { name, start, duration };
    });
    return { name: "root", duration: at + 7, children };
  });
const groupArbitrary = fc.array(specArbitrary, { minLength: 1, maxLength: 9 });

describe("compareSteps", () => {
  it("sums the changes of all steps exactly to the change of the whole, in the list and in the sentence", () => {
    fc.assert(
      fc.property(groupArbitrary, groupArbitrary, (first, second) => {
        const tree = new PathTree();
        const before = first.map((spec, at) => fold(spec, tree, `a${at}`));
        const after = second.map((spec, at) => fold(spec, tree, `b${at}`));
        const mean = (traces: FoldedTrace[]) =>
          traces.reduce((sum, { durationUs }) => sum + durationUs, 0) / traces.length;
        const wholeUs = mean(after) - mean(before);
        const { steps, leftOut, changeUs } = compareSteps({ nodes: tree.nodes, before, after });
        expect(Math.abs(changeUs - wholeUs)).toBeLessThanOrEqual(0.5 + 1e-6);
        expect(steps.reduce((sum, step) => sum + step.changeUs, leftOut.changeUs)).toBe(changeUs);
        const { verdict } = compareSamples(tree.nodes, sideOf(before), sideOf(after));
        expect(verdict.clauses.reduce((sum, clause) => sum + clause.changeUs, 0)).toBe(verdict.changeUs);
        for (const [index, { parent }] of steps.entries()) expect(parent).toBeLessThan(index);
        const roots = steps.filter(({ parent }) => parent === -1);
        expect(roots.reduce((sum, root) => sum + root.changeBelowUs, 0)).toBe(changeUs);
      }),
    );
  });

  it("shows numbers that add up by eye in every sentence", () => {
    fc.assert(
      fc.property(groupArbitrary, groupArbitrary, (first, second) => {
        const tree = new PathTree();
        const before = sideOf(first.map((spec, at) => fold(spec, tree, `a${at}`)));
        const after = sideOf(second.map((spec, at) => fold(spec, tree, `b${at}`)));
        const { sentence } = compareSamples(tree.nodes, before, after).verdict;
        const [, whole = "", parts = ""] = /^(.*?) a request = (.*)\.$/.exec(sentence) ?? [];
        if (parts === "") return;
        const numberOf = (text: string) => Number(text.replace("−", "-").replace(/[+, ]|\u202f.*$/g, ""));
        const sum = parts.split(/(?= [+−] )/).reduce((all, part) => all + numberOf(part), 0);
        expect(sum).toBe(numberOf(whole));
      }),
    );
  });

  it("keeps the largest of too many steps, with the steps they hang below, and sums the rest", () => {
    const tree = new PathTree();
    const letters = (at: number) => [...String(at)].map((digit) => "abcdefghij"[Number(digit)]).join("");
    const wide = (us: number): SpanSpec => ({
      name: "root",
      duration: 1500 * us,
      children: Array.from({ length: 1500 }, (_, at) => ({ name: letters(at), start: at * us, duration: us })),
    });
    const before = [fold(wide(10), tree, "a")];
    const after = [fold(wide(20), tree, "b")];
    const { steps, leftOut, changeUs } = compareSteps({ nodes: tree.nodes, before, after });
    expect(steps).toHaveLength(MAX_STEPS);
    expect(leftOut.count).toBe(501);
    expect(steps.reduce((sum, step) => sum + step.changeUs, leftOut.changeUs)).toBe(changeUs);
  });
});
