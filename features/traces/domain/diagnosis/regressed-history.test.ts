import { describe, expect, it } from "vitest";
import { diagnoseRecorded, historyOf, loudOf } from "@/tests/support/diagnosed";
import { TraceRecorder } from "@/tests/support/trace-recorder";

const ROWS = { "db.system": "postgresql", "db.statement": "SELECT * FROM seats WHERE show = $1" };

/** A request for free seats: usually about 45 ms; with a bad plan its query takes ten times as long. */
function seats(seed: number, { queryUs = 18_000, checkUs = 0, renderUs = 9_000 } = {}): TraceRecorder {
  const rec = new TraceRecorder(seed);
  rec.span({ name: "GET /shows/:id/seats", service: "tickets", kind: "server" }, () => {
    rec.work(4_000);
    rec.span({ name: "SELECT seats", kind: "client", attributes: ROWS }, () => rec.work(queryUs));
    if (checkUs > 0) rec.span({ name: "check holds" }, () => rec.work(checkUs));
    rec.span({ name: "render plan" }, () => rec.work(renderUs));
    rec.work(3_000);
  });
  return rec;
}

const SLOW = { queryUs: 210_000, checkUs: 45_000 };
const range = (count: number) => Array.from({ length: count }, (_, at) => at);
/** Requests of two releases, of the second of which every `each`-th is slow. */
const released = (count: number, each: number) =>
  range(count).map((at) => {
    const isNew = at >= count / 2;
    return { rec: seats(1000 + at, isNew && at % each === 0 ? SLOW : {}), version: isNew ? "2.0" : "1.0" };
  });

describe("a request that is slow since a release, of which the history is full", () => {
  it.each([2, 1])("has a cause, whether each second or every request of the release is slow (%i)", async (each) => {
    const baseline = await historyOf(released(80, each));
    for (const seed of [1, 2, 3]) {
      const diagnosis = await diagnoseRecorded(seats(seed, SLOW), baseline);
      expect(loudOf(diagnosis)[0]).toMatchObject({ kind: "slow-query", operation: "SELECT seats" });
      expect(diagnosis.findings[0]?.usual?.p95Us).toBeLessThan(40_000);
      expect(diagnosis.verdict.sentence).not.toMatch(/as usual|nothing in it stands out/);
    }
  });

  it("is told how many are as slow, and what the others take", async () => {
    const { verdict } = await diagnoseRecorded(seats(1, SLOW), await historyOf(released(80, 2)));
    expect(verdict.sentence).toMatch(
      /20 of 80 such requests are as slow as this; the others take 3\d(\.\d)?\u202fms\./,
    );
    expect(verdict.standing).toMatchObject({ isSlow: true, slowCount: 20, traceCount: 80 });
  });

  it("is counted with those slow by the same step, not with all that are slow", async () => {
    const renders = { renderUs: 240_000 };
    const mixed = range(100).map((at) => ({
      rec: seats(3000 + at, at < 60 || at % 3 !== 0 ? {} : at % 2 === 0 ? SLOW : renders),
    }));
    const history = await historyOf(mixed);
    const { verdict } = await diagnoseRecorded(seats(1, SLOW), history);
    expect(verdict.standing).toMatchObject({ slowCount: 14, alikeCount: 7 });
    const { verdict: other } = await diagnoseRecorded(seats(1, renders), history);
    expect(other.standing).toMatchObject({ slowCount: 14, alikeCount: 7 });
  });

  it("has a cause where the history has no releases and the slow ones began within it", async () => {
    const begun = range(100).map((at) => ({ rec: seats(2000 + at, at > 55 && at % 3 === 0 ? SLOW : {}) }));
    const diagnosis = await diagnoseRecorded(seats(1, SLOW), await historyOf(begun));
    expect(loudOf(diagnosis)[0]).toMatchObject({ kind: "slow-query", operation: "SELECT seats" });
  });

  it("leaves the quick ones alone", async () => {
    const baseline = await historyOf(released(80, 1));
    for (const seed of range(20)) expect(loudOf(await diagnoseRecorded(seats(seed), baseline))).toEqual([]);
  });
});

describe("an operation that mostly takes its time", () => {
  it("is not slow because some of its requests end early", async () => {
    const cached = range(100).map((at) => ({ rec: seats(3000 + at, at % 4 === 0 ? {} : SLOW) }));
    const baseline = await historyOf(cached);
    for (const seed of range(10)) expect(loudOf(await diagnoseRecorded(seats(seed, SLOW), baseline))).toEqual([]);
  });
});

describe("an operation whose requests always went one of two ways", () => {
  it.each([3, 4, 7, 12])("is not slow when it goes the slow one, as one of %i did", async (each) => {
    const mixed = range(100).map((at) => ({ rec: seats(2000 + at, at % each === 0 ? SLOW : {}) }));
    const baseline = await historyOf(mixed);
    for (const seed of range(10)) {
      const { verdict, findings } = await diagnoseRecorded(seats(seed, SLOW), baseline);
      expect(findings.filter(({ severity }) => severity !== "info")).toEqual([]);
      expect(verdict.standing).toMatchObject({ isSlow: false, slowCount: Math.ceil(100 / each) });
      expect(verdict.sentence).toMatch(/as usual.* such requests take as long, at any time; the others take 3\d/);
    }
  });

  it("has a step now and then that few of them have", async () => {
    const exported = (at: number) => at % 27 === 5;
    const rare = range(100).map((at) => ({ rec: seats(2000 + at, exported(at) ? { checkUs: 300_000 } : {}) }));
    expect(loudOf(await diagnoseRecorded(seats(1, { checkUs: 310_000 }), await historyOf(rare)))).toEqual([]);
    const begun = range(100).map((at) => ({ rec: seats(2000 + at, at > 95 ? { checkUs: 300_000 } : {}) }));
    expect(loudOf(await diagnoseRecorded(seats(1, { checkUs: 310_000 }), await historyOf(begun)))).toMatchObject([
      { kind: "heavy-span", operation: "check holds" },
    ]);
  });

  it("is never called slower than a usual that is longer than it took", async () => {
    // A third ends early, and what the others take varies: the two overlap.
    const early = range(100).map((at) => ({
      rec: at % 3 === 0 ? seats(at, { queryUs: 500, renderUs: 500 }) : seats(at, { queryUs: 20_000 + 900 * (at % 80) }),
    }));
    const baseline = await historyOf(early);
    for (const queryUs of [10_000, 25_000, 40_000, 60_000, 90_000]) {
      const { verdict } = await diagnoseRecorded(seats(1, { queryUs }), baseline);
      const { typicalUs = 0, isSlow } = verdict.standing ?? {};
      if (isSlow === true) expect(verdict.durationUs).toBeGreaterThan(typicalUs);
    }
  });
});

describe("a request of which one step takes more than usual", () => {
  it("is measured by what it takes more, not by all its time", async () => {
    const baseline = await historyOf(range(60).map((at) => ({ rec: seats(5000 + at, { renderUs: 130_000 }) })));
    const slow = await diagnoseRecorded(seats(1, { renderUs: 130_000, queryUs: 75_000 }), baseline);
    expect(slow.verdict.sentence).toMatch(/the \d\d\.\d\u202fms more than usual are in SELECT seats/);
    expect(slow.verdict.sentence).not.toContain("unexplained");
    expect(slow.verdict.isConfident).toBe(true);
    expect(slow.verdict.unexplainedUs).toBeLessThan(10_000);
  });

  it("adds up where only part of that is found", async () => {
    const baseline = await historyOf(range(60).map((at) => ({ rec: seats(5000 + at, { renderUs: 130_000 }) })));
    const { verdict } = await diagnoseRecorded(seats(1, { renderUs: 190_000, queryUs: 78_000 }), baseline);
    const said = /of the (\d+)\u202fms more than usual (\d+)\u202fms are in .+, and (\d+)\u202fms are unexplained/.exec(
      verdict.sentence,
    );
    expect(said).not.toBeNull();
    expect(Number(said?.[2]) + Number(said?.[3])).toBe(Number(said?.[1]));
  });
});

describe("a request slower than its healthy usual without a cause", () => {
  it("is never called usual", async () => {
    const baseline = await historyOf(range(60).map((at) => ({ rec: seats(4000 + at) })));
    // Every step takes a little too long for chance, none of them enough to be a cause.
    const { verdict, findings } = await diagnoseRecorded(
      seats(1, { queryUs: 33_000, checkUs: 12_000, renderUs: 24_000 }),
      baseline,
    );
    expect(findings.filter(({ severity }) => severity !== "info")).toEqual([]);
    expect(verdict.sentence).not.toMatch(/as usual|nothing in it stands out/);
    expect(verdict.standing?.isSlow).toBe(true);
  });
});
