import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { transform } from "esbuild";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { KeyDigest, Reporter } from "@/clients/typescript/ops-console-reporter";
import { createReportToken, sendCommand } from "@/features/s3-migrations/server";
import { closeDatabase, pool } from "@/server/db/client";
import { allowedOrigins } from "@/server/http/origin";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { type Mishap, startReportServer } from "@/tests/support/report-server";
import { reporter as api, forgetLimit, wrongSums } from "@/tests/support/report-stage";

const ROOT = path.join(import.meta.dirname, "../..");
let db: TestDatabase;
let server: Awaited<ReturnType<typeof startReportServer>>;
let mishap: (path: string) => Mishap = () => undefined;
const dirs: string[] = [];
beforeAll(async () => {
  db = await createTestDatabase();
  server = await startReportServer((where) => {
    forgetLimit();
    return mishap(where);
  });
  process.env.OPS_ALLOWED_ORIGINS = server.url;
  expect(allowedOrigins()).toContain(server.url);
});
afterEach(() => {
  mishap = () => undefined;
  for (const dir of dirs.splice(0)) fs.rmSync(dir, { recursive: true, force: true });
});
afterAll(async () => {
  await server?.stop();
  await closeDatabase();
  await db.drop();
});

let made = 0;
async function begin() {
  made += 1;
  const ref = `client-${made}`;
  const { token } = await createReportToken({ externalRef: ref }, { name: "ada" });
  const spoolDir = fs.mkdtempSync(path.join(os.tmpdir(), "spool-"));
  dirs.push(spoolDir);
  const troubles: string[] = [];
  const options = {
    url: server.url,
    ref,
    token,
    spoolDir,
    heartbeatMs: 300,
    onTrouble: (text: string) => troubles.push(text),
  };
  const counts = async () => {
    const { rows } = await pool().query("select * from s3.reported where external_ref = $1", [ref]);
    return rows[0];
  };
  const idOf = async () => {
    const { rows } = await pool().query(
      "select m.id from s3_migration m join s3.reported r on r.migration_no = m.no where external_ref = $1",
      [ref],
    );
    return rows[0].id as string;
  };
  return { ref, token, spoolDir, options, troubles, counts, idOf };
}

describe("the TypeScript client", () => {
  it("brings everything through lost answers, 429 and 503, and ends with the same count", async () => {
    const job = await begin();
    let asked = 0;
    mishap = (where) => {
      if (!where.endsWith("/batches")) return undefined;
      asked += 1;
      if (asked % 4 === 1) return "lose the answer";
      return asked % 4 === 2 ? { status: asked % 8 === 2 ? 429 : 503, retryAfter: "0" } : undefined;
    };
    const reporter = new Reporter(job.options);
    const digest = new KeyDigest();
    for (let at = 0; at < 1200; at += 1) {
      digest.add(`k${at}`);
      expect(reporter.report({ key: `k${at}`, state: "copied", size: 2 })).toBe(true);
    }
    expect(await reporter.flush()).toBe(true);
    expect(await reporter.complete({ objects: 1199 })).toMatchObject({ isComplete: false, code: "incomplete" });
    expect(await reporter.complete({ objects: 1200, bytes: 2400 }, `${digest}`)).toEqual({ isComplete: true });
    await reporter.close();
    expect(await job.counts()).toMatchObject({ objects: 1200, bytes: 2400, copied: 1200 });
    expect(await wrongSums(await job.idOf())).toEqual([]);
  });

  it("goes on where it was after kill -9, with nothing lost and nothing twice", async () => {
    const job = await begin();
    const script = path.join(job.spoolDir, "job.mjs");
    const client = path.join(job.spoolDir, "client.mjs");
    const source = fs.readFileSync(path.join(ROOT, "clients/typescript/ops-console-reporter.ts"), "utf8");
    fs.writeFileSync(client, (await transform(source, { loader: "ts" })).code);
    fs.writeFileSync(
      script,
      `import { Reporter } from ${JSON.stringify(client)};
       const { onTrouble, ...options } = JSON.parse(process.argv[2]);
       const reporter = new Reporter(options);
       for (let at = 0; ; at += 1) {
         reporter.report({ key: "k" + at, state: "copied", size: 1 });
         if (at % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
       }`,
    );
    for (let life = 0; life < 3; life += 1) {
      const before = (await job.counts())?.objects ?? 0;
      const child = spawn(process.execPath, [script, JSON.stringify(job.options)], {
        stdio: "ignore",
      });
      await expect
        .poll(async () => (await job.counts())?.revision ?? 0, { timeout: 60_000 })
        .toBeGreaterThan(life * 4 + 2);
      await expect
        .poll(async () => (await job.counts())?.objects ?? 0, { timeout: 60_000 })
        .toBeGreaterThanOrEqual(Math.max(before, 100));
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    const last = new Reporter(job.options);
    expect(await last.flush()).toBe(true);
    await last.close();
    const lines = fs.readFileSync(path.join(job.spoolDir, "spool.ndjson"), "utf8").trimEnd().split("\n");
    const keys = new Set(lines.map((line) => JSON.parse(line).key));
    expect((await job.counts()).objects).toBe(keys.size);
    expect(await wrongSums(await job.idOf())).toEqual([]);
    expect(fs.existsSync(path.join(job.spoolDir, "refused.ndjson"))).toBe(false);
  });

  it("takes its stream back when somebody opened it after it", async () => {
    const job = await begin();
    const reporter = new Reporter(job.options);
    reporter.report({ key: "a", state: "copied" });
    expect(await reporter.flush()).toBe(true);
    expect((await api.open(job.ref, { token: job.token })).body.epoch).toBe(2);
    reporter.report({ key: "b", state: "copied" });
    expect(await reporter.flush()).toBe(true);
    await reporter.close();
    expect((await job.counts()).objects).toBe(2);
  });

  it("keeps what the console will never take beside the spool, and sends the rest", async () => {
    const job = await begin();
    const reporter = new Reporter(job.options);
    reporter.report({ key: "good", state: "copied" });
    reporter.report({ key: "bad\0key", state: "copied" });
    reporter.report({ key: "worse", state: "copied", size: -1 });
    expect(await reporter.flush()).toBe(true);
    await reporter.close();
    expect((await job.counts()).objects).toBe(1);
    const refused = fs.readFileSync(path.join(job.spoolDir, "refused.ndjson"), "utf8").trimEnd().split("\n");
    expect(refused.map((line) => JSON.parse(line).item.key)).toEqual(["bad\0key", "worse"]);
  });

  it("tells the job to wait while people pause and to stop when they cancel", async () => {
    const job = await begin();
    const reporter = new Reporter(job.options);
    reporter.report({ key: "a", state: "copied" });
    expect(await reporter.flush()).toBe(true);
    const id = await job.idOf();
    await pool().query("update s3_migration set state = 'running' where id = $1", [id]);
    await sendCommand(id, { verb: "pause" }, { name: "ada" });
    await expect.poll(() => reporter.desired, { timeout: 20_000 }).toBe("paused");
    const isOn = reporter.mayGoOn();
    await sendCommand(id, { verb: "cancel" }, { name: "ada" });
    expect(await isOn).toBe(false);
    await reporter.close();
    const { rows } = await pool().query("select status from s3.reporter_stream");
    expect(rows.at(-1).status).toBe("stopped");
  });

  it("never throws into the job: no console, no disk", async () => {
    const job = await begin();
    const alone = new Reporter({ ...job.options, url: "http://127.0.0.1:9" });
    expect(alone.report({ key: "a", state: "copied" })).toBe(true);
    expect(await alone.flush(300)).toBe(false);
    await alone.close(100);
    const file = path.join(job.spoolDir, "file");
    fs.writeFileSync(file, "");
    const diskless = new Reporter({ ...job.options, spoolDir: path.join(file, "below") });
    expect(diskless.report({ key: "a", state: "copied" })).toBe(false);
    await diskless.close(100);
    expect(job.troubles.length).toBeGreaterThan(1);
  });
});
