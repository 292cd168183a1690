import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startConsole, type TestConsole } from "../support/console";
import { type CuttingProxy, startCuttingProxy } from "../support/cutting-proxy";
import { expect, test } from "../support/e2e";
import { type E2eS3, makeManyFiles, startE2eS3 } from "../support/e2e-s3";

test.describe.configure({ mode: "serial" });
test.use({ expectedErrors: /ERR_|Failed to load resource/ });

let root: string;
let ops: TestConsole;
let proxy: CuttingProxy;
let s3: E2eS3;

test.beforeAll(async () => {
  test.setTimeout(180_000);
  root = mkdtempSync(path.join(tmpdir(), "e2e-lost-"));
  mkdirSync(path.join(root, "local"));
  writeFileSync(path.join(root, "local/deploy.md"), "# Deploy it\n\n- [ ] Take the lock\n- [ ] Ship it\n- [ ] Look\n");
  proxy = await startCuttingProxy(() => ops.url);
  const env = { RUNBOOKS: `local=${root}/local`, OPS_ALLOWED_ORIGINS: proxy.url };
  [ops, s3] = await Promise.all([startConsole({ env }), startE2eS3()]);
});

test.afterEach(() => proxy.set("pass"));
test.afterAll(async () => {
  await proxy?.stop();
  await Promise.all([ops?.stop(), s3?.stop()]);
  rmSync(root, { recursive: true, force: true });
});

const post = (address: string, body: unknown): Promise<Response> =>
  fetch(new URL(address, ops.url), {
    method: "POST",
    headers: { "content-type": "application/json", cookie: "ops-name=Asha" },
    body: JSON.stringify(body),
  });

async function startRun(): Promise<string> {
  const reply = await post("/api/runs", { runbookId: "local/deploy" });
  expect(reply.status, await reply.clone().text()).toBe(201);
  return (await reply.json()).run.id;
}

/** Somebody else's browser, which the fault does not concern. */
async function tickFirst(id: string): Promise<void> {
  const event = { type: "tick", stepId: "1", text: "", idempotencyKey: randomUUID(), expectedSequence: 0 };
  const reply = await post(`/api/runs/${id}/events`, event);
  expect(reply.ok, await reply.clone().text()).toBe(true);
}

for (const [fault, silence] of [
  ["cut", 5_000],
  ["hush", 12_000],
] as const) {
  test(`a run page whose stream is lost (${fault}) says how old it is and comes back`, async ({ page }) => {
    test.setTimeout(90_000);
    const id = await startRun();
    await page.goto(`${proxy.url}/runs/${id}`);
    const status = page.getByRole("main").getByRole("status");
    await expect(page.getByRole("banner").getByText("Live")).toBeVisible();
    await expect(status.filter({ hasText: /Connecting|Lost/ })).toBeHidden();
    proxy.set(fault);
    await expect(status.filter({ hasText: "The console does not answer" })).toContainText(/As of \d+/, {
      timeout: silence + 20_000,
    });
    await tickFirst(id);
    proxy.set("cut");
    proxy.set("pass");
    await expect(page.getByRole("checkbox", { name: /^Step 1: / })).toBeChecked({ timeout: 15_000 });
    await expect(status.filter({ hasText: "Lost" })).toBeHidden({ timeout: 15_000 });
    await expect(page.getByRole("banner").getByText("Live")).toBeVisible();
  });
}

test("a run page in a browser without a network nowhere says that it is live", async ({ page, context }) => {
  test.setTimeout(60_000);
  const id = await startRun();
  await page.goto(`${proxy.url}/runs/${id}`);
  await expect(page.getByRole("banner").getByText("Live")).toBeVisible();
  await context.setOffline(true);
  await expect(page.getByRole("main").getByRole("status").filter({ hasText: "Lost, trying" })).toBeVisible();
  await expect(page.getByRole("banner").getByText("Last heard")).toBeVisible();
  await expect(page.getByText("Live", { exact: true })).toHaveCount(0);
  await context.setOffline(false);
  await expect(page.getByRole("main").getByRole("status").filter({ hasText: "Lost" })).toBeHidden();
  await expect(page.getByRole("banner").getByText("Live")).toBeVisible();
  await tickFirst(id);
  await expect(page.getByRole("checkbox", { name: /^Step 1: / })).toBeChecked();
});

test("a run page whose stream alone is refused asks instead, and says so", async ({ page }) => {
  test.setTimeout(60_000);
  const id = await startRun();
  await page.route(`**/api/runs/${id}/events`, (route) =>
    route.request().method() === "GET" ? route.abort() : route.continue(),
  );
  await page.goto(`${proxy.url}/runs/${id}`);
  await expect(page.getByText("Live updates do not get through.")).toBeVisible({ timeout: 20_000 });
  await tickFirst(id);
  await expect(page.getByRole("checkbox", { name: /^Step 1: / })).toBeChecked({ timeout: 12_000 });
});

for (const fault of ["cut", "hush"] as const) {
  test(`an S3 migration page whose stream is lost (${fault}) says how old it is and comes back`, async ({ page }) => {
    test.setTimeout(120_000);
    const source = await s3.makeFiles({});
    makeManyFiles(source, 100);
    const created = await post("/api/s3-migrations", {
      name: `Lost ${fault}`,
      source: { kind: "local", path: source },
      destination: { kind: "s3", endpoint: s3.endpoint, bucket: await s3.makeBucket(), profile: "ops-console-local" },
      options: { limits: { objectsPerSecond: 4 } },
      start: true,
    });
    expect(created.ok, await created.clone().text()).toBe(true);
    const { id } = await created.json();
    await page.goto(`${proxy.url}/s3-migrations/${id}`);
    await expect(page.getByRole("status").getByText("Copying", { exact: true })).toBeVisible({ timeout: 20_000 });
    await expect(page.getByRole("heading", { name: "Throughput" })).toBeVisible();
    proxy.set(fault);
    await expect(page.getByRole("status").filter({ hasText: /As of \d+.*: the console does not answer/ })).toBeVisible({
      timeout: 30_000,
    });
    const paused = await post(`/api/s3-migrations/${id}/commands`, { verb: "pause", idempotencyKey: randomUUID() });
    expect(paused.ok, await paused.clone().text()).toBe(true);
    proxy.set("cut");
    proxy.set("pass");
    await expect(page.getByRole("status").getByText("Paused", { exact: true })).toBeVisible({ timeout: 20_000 });
    await expect(page.getByText("the console does not answer")).toBeHidden();
  });
}
