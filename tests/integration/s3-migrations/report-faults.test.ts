import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createReportToken, deleteS3Migration } from "@/features/s3-migrations/server";
import { closeDatabase, pool } from "@/server/db/client";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { forgetLimit, openReport, packed, reporter, wrongSums } from "@/tests/support/report-stage";

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(forgetLimit);
afterAll(async () => {
  await closeDatabase();
  await db.drop();
});

type Report = Awaited<ReturnType<typeof openReport>>;
const item = (key: unknown, more: Record<string, unknown> = {}) => ({ key, state: "copied", size: 3, ...more });
const send = (report: Report, seq: number, items: unknown, more: Record<string, unknown> = {}) =>
  reporter.batch(report.ref, report.stream, {
    token: report.token,
    json: { epoch: report.epoch, seq, items, ...more },
  });
const seen = async ({ ref, stream, token }: Report) => (await reporter.stream(ref, stream, { token })).body;

/** Nothing of a refused batch is there: place, items and sums as before. */
async function expectUntouched(report: Report, work: () => Promise<unknown>) {
  const { server_time: _, ...before } = await seen(report);
  const result = await work();
  const { server_time: __, ...after } = await seen(report);
  expect(after).toEqual(before);
  expect(await wrongSums(report.id)).toEqual([]);
  return result;
}

describe("a batch", () => {
  it("is applied once, however often it comes, and as itself only", async () => {
    const report = await openReport();
    const items = [item("a"), item("b", { state: "failed", error: { code: "EACCES", message: "no" } })];
    expect(await send(report, 1, items)).toMatchObject({
      status: 200,
      body: { applied: 2, duplicate: false, next_seq: 2 },
    });
    expect(await send(report, 1, items)).toMatchObject({
      status: 200,
      body: { applied: 0, duplicate: true, next_seq: 2 },
    });
    const other = await expectUntouched(report, () => send(report, 1, [item("c")]));
    expect(other).toMatchObject({ status: 422, body: { code: "seq_reused_with_other_body", expected_seq: 2 } });
    expect((await seen(report)).counts).toMatchObject({ objects: 2, bytes: 6, states: { copied: 1, failed: 1 } });
  });

  it("is told what comes next after a gap, a reorder, or one from nowhere", async () => {
    const report = await openReport();
    for (const seq of [2, 3, 2 ** 53 - 1]) {
      const answer = await expectUntouched(report, () => send(report, seq, [item("a")]));
      expect(answer).toMatchObject({ status: 409, body: { code: "seq_gap", expected_seq: 1, status: 409 } });
    }
  });

  it("of a writer that was shut out days ago is refused, unless it was applied then", async () => {
    const report = await openReport();
    await send(report, 1, [item("a")]);
    const { body: next } = await reporter.open(report.ref, { token: report.token });
    expect(next).toMatchObject({ stream: report.stream, epoch: 2, next_seq: 2 });
    await pool().query("update s3.reporter_batch set applied_at = now() - interval '3 days'");
    expect((await send(report, 1, [item("a")])).body.duplicate).toBe(true);
    const late = await expectUntouched(report, () => send(report, 2, [item("z")]));
    expect(late).toMatchObject({ status: 409, body: { code: "epoch_superseded", epoch: 2 } });
    const other = await send(report, 1, [item("other")]);
    expect(other).toMatchObject({ status: 409, body: { code: "epoch_superseded" } });
    const future = await send({ ...report, epoch: 9 }, 2, [item("z")]);
    expect(future.body.code).toBe("epoch_superseded");
    expect((await send({ ...report, epoch: 2 }, 1, [item("a")])).body.duplicate).toBe(true);
  });

  it("takes items forward only; back needs to be said, and a token that may", async () => {
    const report = await openReport();
    await send(report, 1, [item("a"), item("b", { state: "failed" })]);
    const back = await expectUntouched(report, () => send(report, 2, [item("n"), item("a", { state: "pending" })]));
    expect(back).toMatchObject({
      status: 409,
      body: { code: "state_regression", items: [{ index: 1, from: "copied", to: "pending" }] },
    });
    expect(await send(report, 2, [item("a", { state: "pending" })], { reset: true })).toMatchObject({ status: 403 });
    expect((await send(report, 2, [item("b"), item("a", { state: "verified" })])).status).toBe(200);
    const resetting = await openReport({ mayReset: true });
    await send(resetting, 1, [item("a")]);
    expect((await send(resetting, 2, [item("a", { state: "pending" })], { reset: true })).status).toBe(200);
    expect((await seen(resetting)).counts.states).toMatchObject({ pending: 1, copied: 0 });
    expect(await wrongSums(resetting.id)).toEqual([]);
  });

  it.each([
    ["NaN as text", { size: "NaN" }, "size"],
    ["a negative size", { size: -1 }, "size"],
    ["2^63", { size: 2 ** 63 }, "size"],
    ["half a byte", { size: 0.5 }, "size"],
    ["more than any S3 server holds", { size: 2 ** 52 }, "size"],
    ["a NUL in a key", { key: "a\0b" }, "key"],
    ["half of a surrogate pair", { key: "\ud800" }, "key"],
    ["a key longer than 1,024 bytes", { key: "é".repeat(513) }, "key"],
    ["an empty key", { key: "" }, "key"],
    ["a key that is no text", { key: { toString: "x" } }, "key"],
    ["a state nobody knows", { state: "proven" }, "state"],
    ["a state that only we give", { state: "retired" }, "state"],
    ["a member nobody knows", { sizee: 1 }, ""],
    ["a year before Postgres", { at: "0000-01-01T00:00:00Z" }, "at"],
    ["a NUL in a message", { state: "failed", error: { message: "\0" } }, "error.message"],
    ["nothing", null, ""],
  ])("with %s is refused whole, naming the item and its field", async (_what, more, field) => {
    const report = await openReport();
    const bad = more === null ? null : { ...item("bad"), ...more };
    const answer = await expectUntouched(report, () => send(report, 1, [item("good"), bad]));
    expect(answer).toMatchObject({ status: 422, body: { code: "invalid_items", items: [{ index: 1, field }] } });
  });

  it("whose sizes add up to more than a number can count is refused, alone or with what is there", async () => {
    const report = await openReport();
    const huge = 50 * 1024 ** 4;
    const many = (from: number, count: number) =>
      Array.from({ length: count }, (_, at) => item(`k${from + at}`, { size: huge }));
    const alone = await expectUntouched(report, () => send(report, 1, many(0, 1000)));
    expect(alone).toMatchObject({ status: 422, body: { code: "invalid_items" } });
    expect((await send(report, 1, many(0, 80))).status).toBe(200);
    expect(await expectUntouched(report, () => send(report, 2, many(80, 80)))).toMatchObject({ status: 422 });
  });

  it("keeps keys that would run elsewhere as the text they are", async () => {
    const report = await openReport();
    const keys = [
      "<script>alert(1)</script>",
      "=cmd|' /C calc'!A0",
      "../../etc/passwd",
      "a\nb\tc",
      "\u00e9",
      "e\u0301",
      "🎉",
    ];
    expect(
      (
        await send(
          report,
          1,
          keys.map((key) => item(key)),
        )
      ).status,
    ).toBe(200);
    const { rows } = await pool().query(
      "select key from s3.reported_object where migration_no = (select no from s3_migration where id = $1)",
      [report.id],
    );
    expect(rows.map(({ key }) => key).sort()).toEqual([...keys].sort());
  });

  it("that is no batch is refused by the code of what is wrong", async () => {
    const report = await openReport();
    const raw = (body: BodyInit, headers: Record<string, string> = {}) =>
      reporter.batch(report.ref, report.stream, { token: report.token, raw: body, headers });
    const good = { epoch: 1, seq: 1, items: [item("a")] };
    const cases: [string, Promise<{ status: number; body: { code: string } }>, number, string][] = [
      ["cut JSON", raw('{"epoch":1,'), 400, "malformed"],
      ["a number JSON does not know", raw('{"epoch":1,"seq":NaN,"items":[]}'), 400, "malformed"],
      ["no number at all", raw(JSON.stringify({ ...good, seq: undefined })), 400, "malformed"],
      ["seq 2^63", raw('{"epoch":1,"seq":9223372036854775808,"items":[{}]}'), 400, "malformed"],
      ["epoch 1e400", raw('{"epoch":1e400,"seq":1,"items":[{}]}'), 400, "malformed"],
      ["a negative seq", raw(JSON.stringify({ ...good, seq: -1 })), 400, "malformed"],
      ["no items", raw(JSON.stringify({ ...good, items: [] })), 400, "malformed"],
      ["bytes that are no text", raw(new Uint8Array([0xff, 0xfe, 0x7b])), 400, "malformed"],
      ["depth", raw("[".repeat(100_000)), 400, "malformed"],
      ["no gzip under that name", raw("{}", { "content-encoding": "gzip" }), 400, "malformed"],
      [
        "cut gzip",
        raw(gzipSync(JSON.stringify(good)).subarray(0, 20), { "content-encoding": "gzip" }),
        400,
        "malformed",
      ],
      ["another packing", raw("{}", { "content-encoding": "br" }), 415, "unsupported_media_type"],
      ["another type", raw("a=b", { "content-type": "text/plain" }), 415, "unsupported_media_type"],
      ["50 MB", raw(new Uint8Array(50 * 1024 * 1024)), 413, "payload_too_large"],
      [
        "a zip bomb",
        raw(gzipSync(Buffer.alloc(64 * 1024 * 1024, 32)), { "content-encoding": "gzip" }),
        413,
        "payload_too_large",
      ],
      [
        "1,001 items",
        send(
          report,
          1,
          Array.from({ length: 1001 }, (_, at) => item(`k${at}`)),
        ),
        413,
        "payload_too_large",
      ],
    ];
    await expectUntouched(report, async () => {
      for (const [what, answer, status, code] of cases) {
        const { body, ...rest } = await answer;
        expect({ status: rest.status, code: body.code }, what).toEqual({ status, code });
      }
    });
    const { headers } = await raw("x");
    expect(headers.get("content-type")).toBe("application/problem+json");
    const answer = await reporter.batch(report.ref, report.stream, { token: report.token, ...packed(good) });
    expect(answer.status).toBe(200);
  });
});

describe("a report", () => {
  it("ends only when the job counted what arrived, and stays ended", async () => {
    const report = await openReport();
    await send(report, 1, [item("a"), item("b"), item("c", { state: "missing_source", size: 0 })]);
    const end = (claimed: unknown, key_digest?: string) =>
      reporter.complete(report.ref, {
        token: report.token,
        json: { stream: report.stream, epoch: report.epoch, claimed, ...(key_digest && { key_digest }) },
      });
    const less = await end({ objects: 4 });
    expect(less).toMatchObject({
      status: 409,
      body: { code: "incomplete", claimed: { objects: 4 }, seen: { objects: 3 } },
    });
    expect((await end({ objects: 3, states: { copied: 3 } })).body.code).toBe("incomplete");
    expect((await end({ objects: 3 }, "0".repeat(64))).body.code).toBe("incomplete");
    const digest = ["a", "b", "c"]
      .map((key) => createHash("sha256").update(key).digest())
      .reduce((all, hash) => Buffer.from(all.map((byte, at) => byte ^ hash.readUInt8(at))));
    const claimed = { objects: 3, bytes: 6, states: { copied: 2, missing_source: 1 } };
    expect(await end(claimed, digest.toString("hex"))).toMatchObject({ status: 200, body: { state: "reported" } });
    expect((await end(claimed)).status).toBe(200);
    expect((await send(report, 2, [item("z")])).body.code).toBe("stream_closed");
    expect((await reporter.open(report.ref, { token: report.token })).body.code).toBe("stream_closed");
    const again = await send(report, 1, [item("a"), item("b"), item("c", { state: "missing_source", size: 0 })]);
    expect(again.body.duplicate).toBe(true);
  });

  it("that was never made is unknown, and one that was removed is gone", async () => {
    const { token } = await createReportToken({ externalRef: "never-made" }, { name: "ada" });
    expect((await reporter.open("never-made", { token })).status).toBe(404);
    const report = await openReport();
    await send(report, 1, [item("a")]);
    await deleteS3Migration(report.id, { name: "ada" });
    for (const answer of [
      await send(report, 2, [item("b")]),
      await reporter.put(report.ref, { token: report.token }),
    ]) {
      expect(answer).toMatchObject({ status: 410, body: { code: "gone" } });
    }
  });

  it("is made once when two begin it at the same time", async () => {
    const { token } = await createReportToken({ externalRef: "twice" }, { name: "ada" });
    const answers = await Promise.all([1, 2, 3].map(() => reporter.put("twice", { token })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 201]);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  });
});
