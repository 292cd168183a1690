import { createHash } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { revokeToken } from "@/features/s3-migrations/server/reporter/token-repository";
import { closeDatabase, pool } from "@/server/db/client";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { forgetLimit, openReport, reporter } from "@/tests/support/report-stage";

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(forgetLimit);
afterAll(async () => {
  await closeDatabase();
  await db.drop();
});

describe("a token", () => {
  it("opens its own migration until it is over or revoked, and nothing else", async () => {
    const report = await openReport();
    const other = await openReport();
    const status = async (token: string | undefined, ref = report.ref) => (await reporter.put(ref, { token })).status;
    expect(await status(report.token)).toBe(200);
    expect(await status(report.token, other.ref)).toBe(403);
    expect(await status(undefined)).toBe(401);
    expect(await status("opsr_0000000000000000000000000000000000000000000")).toBe(401);
    expect((await reporter.put(report.ref, {})).headers.get("www-authenticate")).toBe("Bearer");
    await revokeToken(report.tokenId, "ada");
    expect(await status(report.token)).toBe(401);
    await pool().query("update s3.report_token set expires_at = now() where id = $1", [other.tokenId]);
    expect(await status(other.token, other.ref)).toBe(401);
  });

  it("of one migration opens no stream of another", async () => {
    const [mine, foreign] = [await openReport(), await openReport()];
    const json = { epoch: 1, seq: 1, items: [{ key: "a", state: "copied" }] };
    expect(await reporter.batch(mine.ref, foreign.stream, { token: mine.token, json })).toMatchObject({ status: 404 });
    expect(await reporter.batch(foreign.ref, foreign.stream, { token: mine.token, json })).toMatchObject({
      status: 403,
    });
    const { body } = await reporter.stream(foreign.ref, foreign.stream, { token: foreign.token });
    expect(body.counts.objects).toBe(0);
  });

  it("is kept as a hash only, and notes when it was last used", async () => {
    const { token, tokenId } = await openReport();
    const { rows } = await pool().query("select * from s3.report_token where id = $1", [tokenId]);
    expect(rows[0].hash.equals(createHash("sha256").update(token).digest())).toBe(true);
    expect(JSON.stringify(rows[0])).not.toContain(token.slice(5));
    expect(rows[0].last_used_at).not.toBeNull();
  });

  it("that asks ten times too often is told to wait, and others are not", async () => {
    const [busy, calm] = [await openReport(), await openReport()];
    const beat = { stream: busy.stream, epoch: 1 };
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => reporter.heartbeat(busy.ref, { token: busy.token, json: beat })),
    );
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(50);
    expect(refused[0]).toMatchObject({ body: { code: "too_many_requests" } });
    expect(Number(refused[0]?.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
    expect(answers.every(({ status }) => status === 200 || status === 429)).toBe(true);
    expect((await reporter.put(calm.ref, { token: calm.token })).status).toBe(200);
  });

  it("that is none is told to wait when it is tried too often, and true ones are not", async () => {
    const { ref, token } = await openReport();
    const wrong = "opsr_0000000000000000000000000000000000000000000";
    const answers = await Promise.all(Array.from({ length: 200 }, () => reporter.put(ref, { token: wrong })));
    expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThan(50);
    expect(answers.every(({ status }) => status === 401 || status === 429)).toBe(true);
    expect((await reporter.put(ref, { token })).status).toBe(200);
  });

  it("does not open anything to a page in a browser", async () => {
    const { ref, token } = await openReport();
    for (const headers of [{ origin: "http://127.0.0.1:3000" }, { "sec-fetch-site": "same-origin" }]) {
      expect((await reporter.put(ref, { token, headers: headers as Record<string, string> })).status).toBe(403);
    }
    expect((await reporter.put(ref, { token, headers: { host: "evil.example" } })).status).toBe(421);
  });
});
