import { describe, expect, it } from "vitest";
import { bubbleUp } from "./bubble-up";
import { bubbleUpResultSchema } from "./bubble-up-schema";
import { seededRandom } from "./statistics";
import { SEPARATOR, type TraceFeatures } from "./trace-features";

type Random = () => number;
const pick = (random: Random, values: readonly string[]) => values[Math.floor(random() * values.length)] ?? "";

/** A trace like any other: what it has is chance and does not depend on which side it is on. */
function noise(random: Random, traceId: string): TraceFeatures {
  const attributes = new Set<string>();
  const put = (key: string, value: string) => attributes.add(`${key}${SEPARATOR}${value}`);
  put("http.method", "GET");
  put("host.name", pick(random, ["web-1", "web-2", "web-3"]));
  put("http.route", pick(random, ["/users/:id", "/projects", "/simulator/:id", "/search"]));
  put("user.locale", pick(random, ["en", "de", "hi", "fr", "es"]));
  put("request.id", `r${random()}`);
  for (let key = 0; key < 30; key += 1) if (random() < 0.4) put(`app.flag_${key}`, pick(random, ["on", "off"]));
  const steps = new Map<string, number>([[`web${SEPARATOR}GET /`, 1]]);
  for (let step = 0; step < 20; step += 1) {
    if (random() < 0.6) steps.set(`web${SEPARATOR}step ${step}`, 1 + Math.floor(random() * 8));
  }
  const failedSteps = new Set<string>(random() < 0.05 ? [`web${SEPARATOR}GET /`] : []);
  const spanCount = [...steps.values()].reduce((sum, count) => sum + count, 0);
  return { traceId, spanCount, attributes, steps, failedSteps };
}

const noises = (random: Random, count: number, side: string) =>
  Array.from({ length: count }, (_, at) => noise(random, `${side}${at}`));

describe("bubbleUp", () => {
  it("tells nothing about pure noise in at least 95 % of seeds", () => {
    const seeds = Array.from({ length: 200 }, (_, seed) => seed);
    const quiet = seeds.filter((seed) => {
      const random = seededRandom(seed);
      const sides = { selected: noises(random, 100, "s"), baseline: noises(random, 100, "b") };
      return bubbleUp(sides).standouts.length === 0;
    });
    expect(quiet.length / seeds.length).toBeGreaterThanOrEqual(0.95);
  });

  it.each([
    [100, 100],
    [8, 100],
    [100, 12],
    [40, 40],
  ])("tells nothing about noise that goes together, %i traces beside %i, in at least 95 %% of seeds", (few, many) => {
    // One cause moves many features at once, on both sides alike: a tenant with its host, flag, steps and errors.
    const related = (random: Random, count: number, side: string) =>
      noises(random, count, side).map((trace) => {
        if (random() > 0.3) return trace;
        const own = Array.from({ length: 12 }, (_, at) => `tenant.fact_${at}${SEPARATOR}acme`);
        const steps = Array.from({ length: 6 }, (_, at): [string, number] => [`billing${SEPARATOR}step ${at}`, 12]);
        return {
          ...trace,
          spanCount: trace.spanCount + 72,
          attributes: new Set([...trace.attributes, ...own]),
          steps: new Map([...trace.steps, ...steps]),
          failedSteps: new Set([`billing${SEPARATOR}step 0`]),
        };
      });
    const seeds = Array.from({ length: 100 }, (_, seed) => seed);
    const quiet = seeds.filter((seed) => {
      const random = seededRandom(seed + 1000);
      return (
        bubbleUp({ selected: related(random, few, "s"), baseline: related(random, many, "b") }).standouts.length === 0
      );
    });
    expect(quiet.length / seeds.length).toBeGreaterThanOrEqual(0.95);
  });

  it("finds a planted attribute, a planted repetition and a planted step, with the counts of both sides", () => {
    const random = seededRandom(11);
    const selected = noises(random, 100, "s").map((trace, at) => ({
      ...trace,
      attributes: new Set([...trace.attributes, `service.version${SEPARATOR}${at < 98 ? "v3.14.2" : "v3.14.1"}`]),
      steps: new Map([...trace.steps, [`web${SEPARATOR}SELECT projects`, at < 95 ? 30 + at : 1]]),
    }));
    const baseline = noises(random, 100, "b").map((trace, at) => ({
      ...trace,
      attributes: new Set([...trace.attributes, `service.version${SEPARATOR}${at < 39 ? "v3.14.2" : "v3.14.1"}`]),
      steps: new Map([...trace.steps, [`web${SEPARATOR}SELECT projects`, at < 1 ? 40 : 1]]),
    }));
    const result = bubbleUpResultSchema.parse(bubbleUp({ selected, baseline }));
    const [first] = result.standouts;
    expect(first).toMatchObject({
      kind: "repeated-step",
      text: "≥ 20 × SELECT projects",
      selected: { hits: 95, of: 100 },
      baseline: { hits: 1, of: 100 },
    });
    expect(first?.lift).toBeGreaterThan(50);
    expect(result.standouts.find(({ key }) => key === "service.version")).toMatchObject({
      value: "v3.14.2",
      selected: { hits: 98, of: 100 },
      baseline: { hits: 39, of: 100 },
    });
    expect(result.alike).toEqual(expect.arrayContaining(["host.name", "http.method"]));
    expect(result.tooVaried).toEqual(["request.id"]);
    expect(result.standouts.every(({ qValue }) => qValue <= 0.05)).toBe(true);
  });

  it("tells features of the very same traces once, the shape first", () => {
    const random = seededRandom(5);
    const selected = noises(random, 60, "s").map((trace) => ({
      ...trace,
      attributes: new Set([...trace.attributes, `http.route${SEPARATOR}/slow`]),
      failedSteps: new Set([`yosys${SEPARATOR}POST /`]),
      steps: new Map([...trace.steps, [`yosys${SEPARATOR}POST /`, 1]]),
    }));
    const baseline = noises(random, 60, "b").map((trace) => ({ ...trace, failedSteps: new Set<string>() }));
    const [first, ...rest] = bubbleUp({ selected, baseline }).standouts;
    expect(first).toMatchObject({ kind: "error", selected: { hits: 60, of: 60 }, baseline: { hits: 0, of: 60 } });
    expect(first?.alsoKnownAs).toEqual(expect.arrayContaining(["http.route = /slow", "has POST /"]));
    expect(rest).toEqual([]);
  });

  it("gives the same answer for the same traces", () => {
    const sidesOf = () => {
      const random = seededRandom(2);
      return { selected: noises(random, 30, "s"), baseline: noises(random, 50, "b") };
    };
    expect(bubbleUp(sidesOf())).toEqual(bubbleUp(sidesOf()));
  });

  it("tells nothing when a side is empty", () => {
    const selected = noises(seededRandom(1), 20, "s");
    expect(bubbleUp({ selected, baseline: [] })).toMatchObject({ standouts: [], alike: [] });
    expect(bubbleUp({ selected: [], baseline: [] })).toMatchObject({ standouts: [], askedCount: 0 });
  });
});
