import { describe, expect, it } from "vitest";
import { diagnoseRecorded, historyOf, loudOf } from "@/tests/support/diagnosed";
import { TraceRecorder } from "@/tests/support/trace-recorder";

const GET = { "db.system": "redis", "db.statement": "GET board:?" };
const ROWS = { "db.system": "postgresql", "db.statement": "SELECT * FROM boards WHERE id = $1" };

/** A board from the cache in 25 ms, or from the database in 300 ms when the cache has none. */
function board(seed: number, { isMiss = false, queryUs = 270_000, cacheUs = 2_000, version = "" } = {}): TraceRecorder {
  const rec = new TraceRecorder(seed);
  rec.span({ name: "GET /boards/:id", service: "boards", kind: "server" }, () => {
    rec.work(6_000);
    rec.span({ name: "redis GET", kind: "client", attributes: GET }, () => rec.work(cacheUs));
    if (isMiss) rec.span({ name: "SELECT boards", kind: "client", attributes: ROWS }, () => rec.work(queryUs));
    rec.span({ name: `render board${version}` }, () => rec.work(12_000));
    rec.work(3_000);
  });
  return rec;
}

const range = (count: number) => Array.from({ length: count }, (_, at) => at);
const everyThird = () => historyOf(range(90).map((at) => ({ rec: board(100 + at, { isMiss: at % 3 === 0 }) })));

describe("an operation that is quick from the cache and slow without it", () => {
  it("is not told as slow when the cache has none, and says that this is a way such requests go", async () => {
    const baseline = await everyThird();
    for (const seed of range(10)) {
      const { verdict, findings } = await diagnoseRecorded(board(seed, { isMiss: true }), baseline);
      expect(loudOf({ verdict, findings } as never)).toEqual([]);
      expect(verdict.standing).toMatchObject({ isSlow: false, wayCount: 30, traceCount: 90 });
      expect(verdict.sentence).toMatch(
        /30 of 90 such requests go this longer way at any time and usually take (2[89]|30)\d/,
      );
    }
  });

  it("is told as slow when the query takes longer than it does without the cache", async () => {
    const slow = await diagnoseRecorded(board(1, { isMiss: true, queryUs: 1_400_000 }), await everyThird());
    expect(loudOf(slow)[0]).toMatchObject({ kind: "slow-query", operation: "SELECT boards" });
  });

  it("is told as slow when the cache itself takes the time", async () => {
    const slow = await diagnoseRecorded(board(1, { cacheUs: 400_000 }), await everyThird());
    expect(loudOf(slow)[0]).toMatchObject({ kind: "slow-query", operation: "redis GET" });
  });

  it("leaves those the cache answers alone", async () => {
    const baseline = await everyThird();
    for (const seed of range(10)) expect(loudOf(await diagnoseRecorded(board(seed), baseline))).toEqual([]);
  });
});

describe("what only looks like a second way", () => {
  const missOf = async (isMiss: (at: number) => boolean, versionOf?: (at: number) => string) => {
    const recorded = range(90).map((at) => ({
      rec: board(500 + at, { isMiss: isMiss(at) }),
      ...(versionOf === undefined ? {} : { version: versionOf(at) }),
    }));
    return diagnoseRecorded(board(1, { isMiss: true }), await historyOf(recorded));
  };

  it("is told where it came with a release", async () => {
    const diagnosis = await missOf(
      (at) => at % 4 >= 2 && at % 2 === 1,
      (at) => (at % 2 === 1 ? "2.0" : "1.0"),
    );
    expect(loudOf(diagnosis)[0]).toMatchObject({ kind: "slow-query" });
  });

  it("is told where it began in the middle of the time", async () => {
    expect(loudOf(await missOf((at) => at > 60 && at % 2 === 0))[0]).toMatchObject({ kind: "slow-query" });
  });

  it("is not told where it was so from the first, however seldom", async () => {
    for (const each of [5, 8, 12]) expect(loudOf(await missOf((at) => at % each === 3))).toEqual([]);
  });
});

describe("a request that the cache answers, and that takes as long as one that misses", () => {
  it("is measured by those the cache answers", async () => {
    const rec = new TraceRecorder(3);
    rec.span({ name: "GET /boards/:id", service: "boards", kind: "server" }, () => {
      rec.work(6_000);
      rec.span({ name: "redis GET", kind: "client", attributes: GET }, () => rec.work(2_000));
      rec.span({ name: "render board" }, () => rec.work(260_000));
      rec.work(3_000);
    });
    const { findings, verdict } = await diagnoseRecorded(rec, await everyThird());
    expect(findings[0]).toMatchObject({ kind: "heavy-span", operation: "render board", severity: "warning" });
    expect(verdict.standing).toMatchObject({ isSlow: true });
    expect(verdict.standing?.wayCount).toBeUndefined();
    expect(verdict.standing?.typicalUs).toBeLessThan(40_000);
  });
});
