import { describe, expect, it } from "vitest";
import { diagnoseRecorded, historyOf, loudOf, openRecorded } from "@/tests/support/diagnosed";
import { type SpanOptions, TraceRecorder } from "@/tests/support/trace-recorder";
import { nameOf } from "../span-text";
import { computeCriticalPath } from "./critical-path";

const FIND = { "db.system": "postgresql", "db.statement": "SELECT * FROM guests WHERE id = $1" };

type Visit = { findUs?: number; flushUs?: number; flush?: SpanOptions; isBelowQuery?: boolean; isInService?: boolean };

const FLUSH: SpanOptions = { name: "flush events" };

/** A request that starts to flush what it noted, and does not wait for it. */
function visit(seed: number, { findUs = 9_000, flushUs = 0, flush = FLUSH, ...where }: Visit = {}): TraceRecorder {
  const rec = new TraceRecorder(seed);
  const start = () => {
    if (flushUs > 0) rec.later(300, () => rec.span(flush, () => rec.work(flushUs)));
  };
  const handle = () => {
    rec.work(1_000);
    if (where.isBelowQuery !== true) start();
    rec.span({ name: "SELECT guests", kind: "client", attributes: FIND }, () => {
      if (where.isBelowQuery === true) start();
      rec.work(findUs);
    });
    rec.work(4_000);
  };
  rec.span({ name: "GET /guests/:id", service: "hotel", kind: "server" }, () => {
    rec.work(2_000);
    if (where.isInService !== true) return handle();
    rec.span({ name: "GET", kind: "client" }, () => {
      rec.span({ name: "GET /guest", service: "people", kind: "server" }, handle);
    });
    rec.work(1_000);
  });
  return rec;
}

const range = (count: number) => Array.from({ length: count }, (_, at) => at);
const CALL: SpanOptions = { name: "POST", kind: "client", attributes: { "http.url": "https://events.example/v1" } };

describe("work that outlives the answer", () => {
  it.each([
    ["of the process", {}],
    ["as a call", { flush: CALL }],
    ["begun below the query", { isBelowQuery: true }],
    ["of a service that was called", { isInService: true }],
  ])("does not hide a slow query (%s)", async (_, where) => {
    const baseline = await historyOf(range(40).map((at) => ({ rec: visit(300 + at, where) })));
    for (const usual of [baseline, undefined]) {
      const diagnosis = await diagnoseRecorded(visit(1, { findUs: 1_000_000, flushUs: 8_000_000, ...where }), usual);
      expect(loudOf(diagnosis)).toEqual([{ kind: "slow-query", operation: "SELECT guests", severity: "critical" }]);
      expect(diagnosis.verdict.durationUs).toBeLessThan(1_500_000);
      expect(diagnosis.findings.map(({ sentence }) => sentence).join(" ")).toMatch(
        /went on for \d(\.\d+)?\u202fs after/,
      );
    }
  });

  it("is nobody's fault beside a healthy answer", async () => {
    for (const seed of range(5))
      expect(loudOf(await diagnoseRecorded(visit(seed, { flushUs: 20_000_000 })))).toEqual([]);
  });

  it("is not on the way to the answer", async () => {
    const { skeleton } = await openRecorded(visit(1, { flushUs: 8_000_000 }));
    const { ownUs } = computeCriticalPath(skeleton);
    const onTheWay = Array.from(ownUs, (us, row) => (us > 0 ? nameOf(skeleton, row) : "")).filter(
      (name) => name !== "",
    );
    expect(onTheWay).toEqual(["GET /guests/:id", "SELECT guests"]);
  });
});

describe("a call that a request gave up waiting for", () => {
  it("is what the request waited for until then", async () => {
    const rec = new TraceRecorder(4);
    rec.span({ name: "GET /rooms", service: "hotel", kind: "server" }, () => {
      rec.work(2_000);
      rec.later(0, () => rec.span(CALL, () => rec.pass(7_000_000)));
      rec.pass(5_000_000);
    });
    const [top] = loudOf(await diagnoseRecorded(rec));
    expect(top).toMatchObject({ kind: "slow-external-call", operation: "POST" });
  });
});
