import { describe, expect, it } from "vitest";
import { diagnoseRecorded, historyOf, loudOf } from "@/tests/support/diagnosed";
import { type Attributes, TraceRecorder } from "@/tests/support/trace-recorder";

const INSERT: Attributes = {
  "db.system.name": "postgresql",
  "db.query.text": 'INSERT INTO "ledger" ("a","b") VALUES ($1,$2) RETURNING "id"',
  "server.address": "db-1",
};

/** A job that writes rows in a loop; the tries of one of them fail, with a pause after each. */
function reconcile(seed: number, tries: number, pauseUs = 60_000) {
  const rec = new TraceRecorder(seed);
  const insert = (isError: boolean) =>
    rec.span({ name: "INSERT", kind: "client", attributes: INSERT, isError }, () => rec.work(6_000));
  rec.span({ name: "reconcile accounts", service: "recon" }, () => {
    rec.work(60_000);
    for (let row = 0; row < 6; row += 1) {
      for (let at = 0; row === 2 && at < tries; at += 1) {
        insert(true);
        rec.pass(pauseUs * (at + 1));
      }
      insert(false);
      rec.pass(400);
    }
    rec.work(40_000);
  });
  return rec;
}

describe("a call tried again within a loop that is always there", () => {
  it.each([2, 3, 4])("is told as tries, not as a loop (%i in vain)", async (tries) => {
    const usual = await historyOf(Array.from({ length: 30 }, (_none, at) => ({ rec: reconcile(100 + at, 0) })));
    for (const baseline of [usual, undefined]) {
      const { findings } = await diagnoseRecorded(reconcile(tries, tries), baseline);
      expect(findings[0]).toMatchObject({ kind: "retries", operation: "INSERT" });
      expect(findings.map(({ kind }) => kind)).not.toContain("n-plus-one");
    }
  });

  it("is none where the loop goes on after a failure as after any call", async () => {
    const findings = loudOf(await diagnoseRecorded(reconcile(7, 2, 200)));
    expect(findings.map(({ kind }) => kind)).not.toContain("retries");
  });
});
