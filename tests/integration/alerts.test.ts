import { fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { markAlertsRead, readAlerts, readReceivers, sendTestAlert } from "@/features/console/server";
import { createS3Migration } from "@/features/s3-migrations/server";
import { checkAlerts } from "@/server/alerts/check-alerts";
import { createAlertTask } from "@/server/alerts/deliver-alerts";
import { signatureOf } from "@/server/alerts/send-webhook";
import { addSettings, env } from "@/server/config/env";
import { pool, transaction } from "@/server/db/client";
import { startSmtpServer, startWebhookReceiver } from "@/tests/support/alert-receiver";
import { waitFor } from "@/tests/support/s3-engine";
import { setS3Stage } from "@/tests/support/s3-stage";
import { until } from "@/tests/support/until";

const stage = setS3Stage();
const ada = { id: "local", name: "ada" };
const SECRET = "a secret of the receiver";
const stops: (() => unknown)[] = [];

afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
  await pool().query("truncate alerts.alert, alerts.delivery, alerts.read_mark, alerts.receiver");
  addSettings({ OPS_ALERT_WEBHOOKS: "", OPS_ALERT_EMAIL_TO: "", OPS_SMTP_URL: "", OPS_ALERT_ALLOW_LOOPBACK: "" });
});

/** The sender of a worker, with its times shortened; ends with the test. */
function runSender(settings: Record<string, string>, times = {}) {
  addSettings({ OPS_ALERT_WEBHOOK_SECRET: SECRET, ...settings });
  const abort = new AbortController();
  const running = createAlertTask({ pollMs: 20, leaseMs: 1000, firstRetryMs: 40, ...times }).run(abort.signal);
  const stop = async () => {
    abort.abort();
    await running;
  };
  stops.push(stop);
  return stop;
}

/** As `until`, telling what alerts there are when nothing comes. */
const untilAlerted = (isTrue: () => boolean | Promise<boolean>): Promise<void> =>
  until("what was to be sent", isTrue, 30_000).catch(async (error: Error) => {
    throw new Error(`${error.message}: ${JSON.stringify(await readAlerts(ada))}`);
  });

/** A migration's row without any work to do, and what an engine would write into it. */
async function makeRow(): Promise<string> {
  const id = randomUUID();
  await pool().query(
    `insert into s3_migration (id, name, source, destination, options, state, desired_state, phase, created_by, sealed_at)
     values ($1, 'previews', '{}', '{}', '{}', 'running', 'paused', 'copy', 'ada', now())`,
    [id],
  );
  return id;
}
const stopIt = (id: string, stopClass = "transient") =>
  pool().query(
    "update s3_migration set stopped_at = now(), stop_class = $2, stop_message = 'It was $<b>bad.' where id = $1",
    [id, stopClass],
  );
const kinds = async () => (await readAlerts(ada)).alerts.map(({ kind }) => kind);
const deliveries = async () => (await readAlerts(ada)).alerts[0]?.deliveries ?? [];

describe("an alert", () => {
  it("is raised in the transaction of its cause, or not at all", async () => {
    const id = await makeRow();
    const failing = transaction(async (client) => {
      await client.query("update s3_migration set stopped_at = now(), stop_class = 'auth' where id = $1", [id]);
      throw new Error("rolled back");
    });
    await expect(failing).rejects.toThrow("rolled back");
    await expect(kinds()).resolves.toEqual([]);
    await stopIt(id, "auth");
    await stopIt(id, "auth");
    await expect(kinds()).resolves.toEqual(["credentials"]);
  });

  it("is raised once for a stall, a throttling, a spent budget and an end each", async () => {
    const id = await makeRow();
    const set = (progress: object) =>
      pool().query("update s3_migration set progress = $2 where id = $1", [id, progress]);
    const since = new Date().toISOString();
    for (const _again of [1, 2]) await set({ eta: { kind: "stalled", since } });
    for (const _again of [1, 2]) await set({ eta: { kind: "range" }, engine: { throttledSince: since } });
    await stopIt(id);
    await pool().query("update s3_migration set stopped_at = null, state = 'verified' where id = $1", [id]);
    await expect(kinds()).resolves.toEqual(["done", "error_budget", "throttle", "stall"]);
  });

  it("comes of a real run that ends, and of no sample", async () => {
    const root = await stage.world.makeFiles({ a: "1" });
    stage.runEngine();
    const plan = async () => ({
      name: "real",
      source: { kind: "local" as const, path: root },
      destination: stage.world.destination(await stage.world.makeBucket()),
      start: true,
    });
    const sample = await createS3Migration(await plan(), ada, { isSample: true });
    await waitFor(sample.id, ({ state }) => state === "verified");
    const { id } = await createS3Migration(await plan(), ada);
    await waitFor(id, ({ state }) => state === "verified");
    expect((await readAlerts(ada)).alerts).toMatchObject([
      { kind: "done", severity: "info", subject: `s3-migration:${id}`, title: "real is verified" },
    ]);
  });

  it("is unread until its reader says so, for each reader apart", async () => {
    await stopIt(await makeRow());
    await stopIt(await makeRow());
    const { alerts, unread } = await readAlerts(ada);
    expect(unread).toBe(2);
    const after = await markAlertsRead(alerts[1]?.id ?? 0, ada);
    expect(after.unread).toBe(1);
    expect(after.alerts.map(({ isRead }) => isRead)).toEqual([false, true]);
    expect((await markAlertsRead(0, ada)).unread).toBe(1);
    expect((await readAlerts({ id: "local", name: "bob" })).unread).toBe(2);
  });
});

describe("a webhook", () => {
  it("is signed so that its receiver can tell it is ours", async () => {
    const receiver = await startWebhookReceiver();
    stops.push(receiver.stop);
    runSender({ OPS_ALERT_WEBHOOKS: receiver.url, OPS_ALERT_ALLOW_LOOPBACK: "true" });
    const id = await makeRow();
    await stopIt(id, "auth");
    await untilAlerted(() => receiver.received.length > 0);
    const [first] = receiver.received;
    const seconds = Number(/^t=(\d+),/.exec(first?.signature ?? "")?.[1]);
    expect(first?.signature).toBe(signatureOf(first?.body ?? "", SECRET, seconds));
    expect(JSON.parse(first?.body ?? "{}")).toMatchObject({
      id: first?.id,
      kind: "credentials",
      title: "previews stopped by itself",
      url: expect.stringContaining(`/s3-migrations/${id}`),
    });
    await untilAlerted(async () => (await deliveries())[0]?.state === "delivered");
    expect(JSON.stringify(await readAlerts(ada))).not.toContain("/hook");
  });

  it("is repeated with the same id until it is taken, and follows no redirect", async () => {
    const receiver = await startWebhookReceiver((at) => [500, 302, 204][at] ?? 204);
    stops.push(receiver.stop);
    runSender({ OPS_ALERT_WEBHOOKS: receiver.url, OPS_ALERT_ALLOW_LOOPBACK: "true" });
    await stopIt(await makeRow());
    await untilAlerted(async () => (await deliveries())[0]?.state === "delivered");
    expect(receiver.received).toHaveLength(3);
    expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(1);
    expect((await deliveries())[0]).toMatchObject({ attempts: 3, error: null });
  });

  it("can be tried: a test goes to every receiver, and each shows its last delivery or what is wrong", async () => {
    const receiver = await startWebhookReceiver();
    stops.push(receiver.stop);
    const settings = { OPS_ALERT_WEBHOOKS: receiver.url, OPS_ALERT_ALLOW_LOOPBACK: "true" };
    runSender({ ...settings, OPS_ALERT_EMAIL_TO: "ops@example.org" });
    await until("both are told of", async () => (await readReceivers()).receivers.length === 2);
    await sendTestAlert("ada");
    await untilAlerted(async () => (await readReceivers()).receivers[0]?.deliveredAt !== null);
    const { receivers } = await readReceivers();
    expect(receivers).toMatchObject([
      { channel: "webhook", problem: null, error: null, waiting: 0, givenUp: 0 },
      { channel: "email", target: "ops@example.org", problem: "OPS_SMTP_URL is not set", deliveredAt: null },
    ]);
    expect(JSON.stringify(receivers)).not.toContain(SECRET);
    expect(await kinds()).toEqual(["test"]);
  });

  it("is given up in the end, and says why", async () => {
    const receiver = await startWebhookReceiver(() => 410);
    stops.push(receiver.stop);
    runSender({ OPS_ALERT_WEBHOOKS: receiver.url, OPS_ALERT_ALLOW_LOOPBACK: "true" }, { maxAttempts: 3 });
    await stopIt(await makeRow());
    await untilAlerted(async () => (await deliveries())[0]?.state === "given_up");
    expect((await deliveries())[0]).toMatchObject({ attempts: 3, error: "the receiver answered 410" });
  });

  it.each([
    "http://127.0.0.1:9/",
    "http://localhost:9/",
    "http://[::1]:9/",
    "http://169.254.169.254/latest/",
    "http://2852039166/",
  ])("goes nowhere near %s unless loopback is allowed", async (url) => {
    runSender({ OPS_ALERT_WEBHOOKS: url }, { maxAttempts: 1 });
    await stopIt(await makeRow());
    await untilAlerted(async () => (await deliveries())[0]?.state === "given_up");
    expect((await deliveries())[0]?.error).toMatch(/this machine|surroundings/);
  });

  it("is sent by another worker after the one that had it was killed", { timeout: 60_000 }, async () => {
    // Killed between the sending and the writing down, which is held up here.
    const receiver = await startWebhookReceiver();
    stops.push(receiver.stop);
    const settings = {
      OPS_ALERT_WEBHOOKS: receiver.url,
      OPS_ALERT_ALLOW_LOOPBACK: "true",
      OPS_ALERT_WEBHOOK_SECRET: SECRET,
    };
    await pool().query("create table hold (n int)");
    await pool().query(`create function hold_settle() returns trigger language plpgsql as $$
      begin if new.delivered_at is not null and exists (select 1 from hold) then perform pg_sleep(30); end if; return new; end $$`);
    await pool().query(
      "create trigger hold before update on alerts.delivery for each row execute function hold_settle()",
    );
    await pool().query("insert into hold values (1)");
    const child = fork(path.join(import.meta.dirname, "../support/alert-worker-child.ts"), [], {
      execArgv: ["--conditions=react-server", "--import", "tsx"],
      env: { ...process.env, ...settings, NODE_OPTIONS: "" },
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    await stopIt(await makeRow());
    await untilAlerted(() => receiver.received.length === 1);
    // Killed only once it waits there: what it sent off before its end, the server would still do.
    const held = "wait_event = 'PgSleep' and datname = current_database()";
    await untilAlerted(async () => {
      const { rowCount } = await pool().query(`select 1 from pg_stat_activity where ${held}`);
      return rowCount === 1;
    });
    child.kill("SIGKILL");
    await once(child, "exit");
    await pool().query(`select pg_terminate_backend(pid) from pg_stat_activity where ${held}`);
    await pool().query("truncate hold");
    expect((await deliveries())[0]?.state).not.toBe("delivered");
    runSender(settings);
    await untilAlerted(async () => (await deliveries())[0]?.state === "delivered");
    expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(1);
    expect(receiver.received.length).toBe(2);
    await pool().query("drop trigger hold on alerts.delivery");
  });
});

describe("e-mail", () => {
  let smtp: Awaited<ReturnType<typeof startSmtpServer>>;
  beforeAll(async () => {
    smtp = await startSmtpServer();
  });
  afterAll(() => smtp.stop());

  it("comes through a mail server, once it takes it, with the id of the alert", async () => {
    smtp.state.isOpen = false;
    runSender({
      OPS_ALERT_EMAIL_TO: "ops@example.org",
      OPS_ALERT_EMAIL_FROM: "console@example.org",
      OPS_SMTP_URL: smtp.url,
    });
    await stopIt(await makeRow());
    await untilAlerted(async () => (await deliveries())[0]?.error?.includes("451") === true);
    smtp.state.isOpen = true;
    await untilAlerted(async () => (await deliveries())[0]?.state === "delivered");
    const [{ uid } = { uid: "" }] = (await readAlerts(ada)).alerts;
    expect(smtp.messages).toHaveLength(1);
    expect(smtp.messages[0]?.to.join()).toContain("ops@example.org");
    expect(smtp.messages[0]?.data).toContain("Subject: [ops-console] previews stopped by itself");
    expect(smtp.messages[0]?.data).toContain(`<${uid}@ops-console>`);
  });
});

describe("the doctor", () => {
  it("names a webhook without a secret, one that leads inside, and a mail server that does not answer", async () => {
    addSettings({ OPS_ALERT_WEBHOOKS: "http://169.254.169.254/", OPS_ALERT_WEBHOOK_SECRET: "" });
    expect(await checkAlerts(env())).toContainEqual(
      expect.objectContaining({ name: "OPS_ALERT_WEBHOOK_SECRET", status: "fail" }),
    );
    addSettings({
      OPS_ALERT_WEBHOOK_SECRET: SECRET,
      OPS_ALERT_EMAIL_TO: "a@example.org",
      OPS_SMTP_URL: "smtp://u:hunter2@127.0.0.1:1",
    });
    const findings = await checkAlerts(env());
    expect(findings).toMatchObject([
      { name: "OPS_ALERT_WEBHOOKS", status: "fail" },
      { name: "OPS_SMTP_URL", status: "fail" },
    ]);
    expect(JSON.stringify(findings)).not.toContain("hunter2");
  });

  it("is content with receivers that are there", async () => {
    const smtp = await startSmtpServer();
    stops.push(smtp.stop);
    addSettings({
      OPS_ALERT_WEBHOOKS: "https://hooks.example.org/x",
      OPS_ALERT_WEBHOOK_SECRET: SECRET,
      OPS_ALERT_EMAIL_TO: "a@example.org",
      OPS_SMTP_URL: smtp.url,
    });
    expect((await checkAlerts(env())).map(({ status }) => status)).toEqual(["ok", "ok"]);
  });
});
