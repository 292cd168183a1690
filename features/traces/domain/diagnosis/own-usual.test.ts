import { describe, expect, it } from "vitest";
import { diagnoseRecorded, historyOf, loudOf } from "@/tests/support/diagnosed";
import { TraceRecorder } from "@/tests/support/trace-recorder";

const ROWS = { "db.system": "postgresql", "db.statement": "SELECT * FROM bookings WHERE day = $1" };

/** A list of bookings, whose query takes `queryUs`, more or less. */
function bookings(seed: number, queryUs: number, { hasCheck = false } = {}): TraceRecorder {
  const rec = new TraceRecorder(seed);
  rec.span({ name: "GET /bookings", service: "desk", kind: "server" }, () => {
    rec.work(9_000);
    if (hasCheck) rec.span({ name: "check rights" }, () => rec.work(6_000));
    rec.span({ name: "SELECT bookings", kind: "client", attributes: ROWS }, () => rec.work(queryUs));
    rec.work(14_000);
  });
  return rec;
}

const range = (count: number) => Array.from({ length: count }, (_, at) => at);
const days = (queryUs: number, seed = 100) => range(60).map((at) => ({ rec: bookings(seed + at, queryUs) }));

describe("an operation that was slow all the day that is known", () => {
  it("is told as long as usual, since when, and that nothing is known from before", async () => {
    const { verdict, findings } = await diagnoseRecorded(bookings(1, 900_000), await historyOf(days(900_000)));
    expect(findings).toEqual([]);
    expect(verdict.sentence).toContain(
      "It has taken as long in the 60 such requests since 20 Nov, 09:00 UTC; there is nothing from before that to compare with.",
    );
    expect(verdict.standing).toMatchObject({ sinceUs: Date.parse("2026-11-20T09:00:00Z") * 1000, isSlow: false });
  });

  it("is told what the day before took, where that was no less", async () => {
    const baseline = await historyOf(days(900_000), days(880_000, 400));
    const diagnosis = await diagnoseRecorded(bookings(1, 900_000), baseline);
    expect(loudOf(diagnosis)).toEqual([]);
    expect(diagnosis.verdict.sentence).toMatch(
      /since 20 Nov, 09:00 UTC; the day before they took 9\d\d\u202fms \(60 requests\)/,
    );
  });

  it("is measured by the day before, where that was quicker, also by steps that it had alone", async () => {
    const before = range(60).map((at) => ({ rec: bookings(400 + at, 60_000, { hasCheck: at % 2 === 0 }) }));
    const diagnosis = await diagnoseRecorded(bookings(1, 900_000), await historyOf(days(900_000), before));
    expect(loudOf(diagnosis)).toEqual([{ kind: "slow-query", operation: "SELECT bookings", severity: "critical" }]);
    expect(diagnosis.findings[0]?.usual?.p95Us).toBeLessThan(150_000);
    expect(diagnosis.verdict.standing).toMatchObject({ isSlow: true, slowCount: 60, traceCount: 60 });
    expect(diagnosis.verdict.sentence).toMatch(
      /60 of 60 such requests since 20 Nov, 09:00 UTC are as slow as this; the day before they took \d\d(\.\d)?\u202fms \(60 requests\)\./,
    );
  });

  it("says none of it of short requests, nor where it has a cause", async () => {
    const short = await diagnoseRecorded(bookings(1, 130_000), await historyOf(days(130_000)));
    expect(short.verdict.sentence).not.toContain("since");
    const slow = await diagnoseRecorded(bookings(1, 3_000_000), await historyOf(days(900_000)));
    expect(loudOf(slow)).not.toEqual([]);
    expect(slow.verdict.sentence).not.toContain("since");
  });
});

describe("trouble that is in one request of twenty", () => {
  const rare = () => range(90).map((at) => ({ rec: bookings(700 + at, at % 18 === 4 ? 150_000 : 45_000) }));

  it("does not make itself usual, though it is the 95th percentile", async () => {
    const baseline = await historyOf(rare());
    for (const seed of range(20)) {
      const [first] = loudOf(await diagnoseRecorded(bookings(seed, 150_000), baseline));
      expect(first).toMatchObject({ kind: "slow-query", operation: "SELECT bookings" });
    }
  });

  it("leaves the others alone", async () => {
    const baseline = await historyOf(rare());
    for (const seed of range(40)) expect(loudOf(await diagnoseRecorded(bookings(seed, 45_000), baseline))).toEqual([]);
  });
});
