import { describe, expect, it } from "vitest";
import { sendCommand } from "@/features/s3-migrations/server";
import { listFailures } from "@/features/s3-migrations/server/failure-repository";
import { getSnapshot } from "@/features/s3-migrations/server/migration-repository";
import { reportText } from "@/features/s3-migrations/server/report/answer-report";
import { pool } from "@/server/db/client";
import { openReport, reporter } from "@/tests/support/report-stage";
import { waitFor } from "@/tests/support/s3-engine";
import { setS3Stage } from "@/tests/support/s3-stage";

const stage = setS3Stage();
const ada = { name: "ada" };

describe("a reported migration on the screen", () => {
  it("is reported from its first batch to its end, with nothing proven", async () => {
    stage.runEngine();
    const report = await openReport();
    const { ref, token, stream, epoch, id } = report;
    const items = [
      { key: "a", state: "verified", size: 5 },
      { key: "b", state: "failed", error: { message: "no" } },
    ];
    await reporter.batch(ref, stream, { token, json: { epoch, seq: 1, items } });
    const running = await waitFor(id, ({ inventory }) => inventory.objects === 2);
    expect(running).toMatchObject({
      state: "running",
      inventory: { sealedAt: null },
      tiers: [{ tier: "reported", objects: 1, bytes: 5 }],
      reported: { externalRef: ref, grade: "items", streams: [{ writer: "default", status: "running", nextSeq: 2 }] },
    });
    await reporter.complete(ref, { token, json: { stream, epoch, claimed: { objects: 2 } } });
    const done = await waitFor(id, ({ state }) => state === "reported");
    expect(done).toMatchObject({ allowedVerbs: [], tiers: [{ tier: "reported" }] });
    expect(done.finishedAt).not.toBeNull();
    await expect(reportText(id, "manifest")).rejects.toMatchObject({ code: "conflict" });
  });

  it("has what failed by the causes the job gave, with nothing to retry here", async () => {
    const { ref, token, stream, epoch, id } = await openReport();
    const failed = (key: string, code: string) => ({
      key,
      state: "failed",
      error: { class: "transient", code, message: key },
    });
    const items = [
      failed("a", "Timeout"),
      failed("b", "Timeout"),
      failed("c", "Weird"),
      { key: "d", state: "copied", size: 1 },
    ];
    await reporter.batch(ref, stream, { token, json: { epoch, seq: 1, items } });
    const { groups, failures } = await listFailures(id, { limit: 10 });
    expect(groups.map(({ code, objects, example }) => [code, objects, example.key])).toEqual([
      ["Timeout", 2, "a"],
      ["Weird", 1, "c"],
    ]);
    expect(failures.map(({ key }) => key)).toEqual(["a", "b", "c"]);
    expect((await listFailures(id, { code: "Weird", limit: 10 })).failures.map(({ key }) => key)).toEqual(["c"]);
  });

  it("is paused when the job says so, and stalled when it says nothing", async () => {
    stage.runEngine();
    const { ref, token, stream, epoch, id } = await openReport();
    await waitFor(id, ({ state }) => state === "running");
    await sendCommand(id, { verb: "pause" }, ada);
    const beat = await reporter.heartbeat(ref, { token, json: { stream, epoch, status: "paused", current_key: "k" } });
    expect(beat.body.desired_state).toBe("paused");
    await waitFor(id, ({ state }) => state === "paused");
    await sendCommand(id, { verb: "resume" }, ada);
    await reporter.heartbeat(ref, { token, json: { stream, epoch } });
    await waitFor(id, ({ state }) => state === "running");
    await pool().query("update s3.reporter_stream set last_heard_at = now() - interval '2 min' where id = $1", [
      stream,
    ]);
    expect((await waitFor(id, ({ eta }) => eta.kind === "stalled")).state).toBe("running");
    await sendCommand(id, { verb: "cancel" }, ada);
    await waitFor(id, ({ state }) => state === "cancelled");
    expect((await getSnapshot(id)).reported?.streams[0]?.currentKey).toBe("k");
  });
});
