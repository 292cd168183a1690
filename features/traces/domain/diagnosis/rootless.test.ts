import { describe, expect, it } from "vitest";
import { diagnoseRecorded, historyOf, loudOf } from "@/tests/support/diagnosed";
import { TraceRecorder } from "@/tests/support/trace-recorder";
import { companyText } from "./doubt-text";

const BEDS = { "db.system": "postgresql", "db.statement": "SELECT * FROM beds WHERE ward = $1" };

/** A request of a ward, whose own span may not have come. */
function ward(seed: number, { bedsUs = 8_000, hasRoot = true } = {}): TraceRecorder {
  const rec = new TraceRecorder(seed);
  rec.span({ name: "GET /wards/:id", service: "clinic", kind: "server" }, () => {
    rec.work(2_000);
    rec.span({ name: "SELECT beds", kind: "client", attributes: BEDS }, () => rec.work(bedsUs));
    rec.span({ name: "render ward" }, () => rec.work(12_000));
  });
  if (!hasRoot) rec.spans.shift();
  return rec;
}

const range = (count: number) => Array.from({ length: count }, (_, at) => at);

describe("a trace without its root", () => {
  it("has a cause where history knows the step, with the caveat that the whole is not there", async () => {
    const baseline = await historyOf(range(40).map((at) => ({ rec: ward(500 + at) })));
    const slow = await diagnoseRecorded(ward(1, { bedsUs: 400_000, hasRoot: false }), baseline);
    expect(loudOf(slow)[0]).toMatchObject({ kind: "slow-query", operation: "SELECT beds" });
    expect(slow.findings[0]?.usual?.p50Us).toBeLessThan(12_000);
    expect(slow.verdict.sentence).toContain("The request's own span is not here");
    expect(slow.verdict.standing).toBeUndefined();
    const healthy = await diagnoseRecorded(ward(2, { hasRoot: false }), baseline);
    expect(loudOf(healthy).map(({ kind }) => kind)).toEqual(["missing-spans"]);
  });

  it("has one without history too, where a query took seconds of what came", async () => {
    const slow = await diagnoseRecorded(ward(1, { bedsUs: 5_000_000, hasRoot: false }));
    expect(loudOf(slow).map(({ kind }) => kind)).toEqual(["slow-query", "missing-spans"]);
    const long = await diagnoseRecorded(ward(1, { bedsUs: 400_000, hasRoot: false }));
    expect(loudOf(long).map(({ kind }) => kind)).toEqual(["missing-spans"]);
  });

  it("says beside the length of its longest part how long all of it runs", async () => {
    const rec = new TraceRecorder(3);
    rec.span({ name: "gone", service: "clinic" }, () => {
      for (let at = 0; at < 12; at += 1) {
        rec.span({ name: `orphan ${at}` }, () => rec.pass(9_000));
        rec.pass(1_000);
      }
    });
    rec.spans.shift();
    const { verdict } = await diagnoseRecorded(rec);
    expect(verdict).toMatchObject({ durationUs: 9_000, partOfUs: 119_000 });
    const text =
      "The request's own span is not here: this is the longest part of it that came; all that came runs for 119\u202fms.";
    expect(companyText(verdict)).toBe(text);
    expect(verdict.sentence).toContain(text);
  });
});
