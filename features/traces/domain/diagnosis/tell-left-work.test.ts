import { describe, expect, it } from "vitest";
import { loudOf, openRecorded } from "@/tests/support/diagnosed";
import { TraceRecorder } from "@/tests/support/trace-recorder";
import { diagnose } from "./diagnose";
import { MAX_EVIDENCE_SPANS } from "./finding";

const MESSAGING = { "messaging.system": "rabbitmq", "messaging.operation.type": "process" };
const INSERT = { "db.system": "mysql", "db.statement": "INSERT INTO invoices VALUES (?)" };

function job(calls = 1): TraceRecorder {
  const rec = new TraceRecorder(21);
  rec.span({ name: "invoices process", service: "billing", kind: "consumer", attributes: MESSAGING }, () => {
    for (let call = 0; call < calls; call += 1)
      rec.span({ name: "INSERT invoices", kind: "client", attributes: INSERT }, () => rec.pass(180_000 / calls));
    rec.work(5_000);
  });
  return rec;
}

describe("work that a span of another trace left in a queue", () => {
  const left = (trace: { startUs: number }, agoUs: number) => ({
    traceId: "0af7651916cd43dd8448eb211c80319c",
    service: "shop",
    name: "invoices publish",
    endedAtUs: trace.startUs - agoUs,
  });

  it("waited there before the trace began: that is told first, and takes none of the trace's time", async () => {
    const { skeleton } = await openRecorded(job());
    const diagnosis = diagnose(skeleton, { left: left(skeleton, 90e6) });
    expect(loudOf(diagnosis)[0]).toEqual({ kind: "queue-wait", operation: "invoices process", severity: "critical" });
    const { findings, savedDurationsUs, verdict } = diagnosis;
    expect(findings[0]).toMatchObject({ savesUs: 90e6, shareOfTrace: 0 });
    expect(findings[0]?.sentence).toContain("90.0\u202fs after invoices publish of shop had left it in the queue");
    expect(savedDurationsUs[0]).toBe(verdict.durationUs);
    expect(verdict.sentence).toContain("Its work lay in the queue for 90.0\u202fs before it began.");
  });

  it("is nothing where it was taken up soon, or the clocks make no sense of it", async () => {
    const { skeleton } = await openRecorded(job());
    for (const agoUs of [30_000, -5e6, 30 * 24 * 3600e6]) {
      const kinds = diagnose(skeleton, { left: left(skeleton, agoUs) }).findings.map(({ kind }) => kind);
      expect(kinds).not.toContain("queue-wait");
    }
  });
});

describe("evidence", () => {
  it("says how many spans a finding is about where it carries fewer", async () => {
    const { skeleton } = await openRecorded(job(3_000));
    const { findings, spanCounts } = diagnose(skeleton);
    expect(findings[0]?.kind).toBe("n-plus-one");
    expect(findings[0]?.spanIds).toHaveLength(MAX_EVIDENCE_SPANS);
    expect(spanCounts[0]).toBe(3_000);
  });
});
