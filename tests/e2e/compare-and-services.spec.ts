import type { Page } from "@playwright/test";
import { expect, expectAccessible, test } from "../support/e2e";

const OTLP_URL = process.env.OPS_E2E_OTLP_URL ?? "";
const SERVICE = "press-web";
const OPERATION = "GET /articles/:id";
const MINUTE_MS = 60_000;
/** Requests a side: enough for a p95 and for telling change from chance. */
const COUNT = 40;
const DEPLOY_MINUTES_AGO = 20;

const hex = (value: number, length: number) => value.toString(16).padStart(length, "0");
const text = (key: string, value: string) => ({ key, value: { stringValue: value } });

type Request = { id: number; startMs: number; version: string; queries: number; renderMs: number };

/** A page that asks `queries` times for 8 ms each and then renders. */
function spansOf({ id, startMs, queries, renderMs }: Request): object[] {
  const traceId = `feed${hex(id, 28)}`;
  const span = (at: number, name: string, fromMs: number, lengthMs: number, rest: object = {}) => ({
    traceId,
    spanId: hex(id * 100 + at + 1, 16),
    name,
    kind: 1,
    startTimeUnixNano: `${Math.round((startMs + fromMs) * 1000)}000`,
    endTimeUnixNano: `${Math.round((startMs + fromMs + lengthMs) * 1000)}000`,
    status: {},
    ...rest,
  });
  const parentSpanId = hex(id * 100 + 1, 16);
  const statement = 'SELECT * FROM "comments" WHERE "article_id" = $1';
  const calls = Array.from({ length: queries }, (_, at) =>
    span(at + 1, "SELECT comments", 2 + at * 8, 8, {
      kind: 3,
      parentSpanId,
      attributes: [text("db.system", "postgresql"), text("db.statement", statement)],
    }),
  );
  const render = span(90, "render article", 2 + queries * 8, renderMs, { parentSpanId });
  return [span(0, OPERATION, 0, 2 + queries * 8 + renderMs, { kind: 2 }), ...calls, render];
}

async function send(requests: readonly Request[]): Promise<void> {
  const resourceSpans = requests.map((request) => ({
    resource: {
      attributes: [
        text("service.name", SERVICE),
        text("service.version", request.version),
        text("host.name", `press-${(request.id % 2) + 1}`),
      ],
    },
    scopeSpans: [{ scope: { name: "e2e" }, spans: spansOf(request) }],
  }));
  const response = await fetch(`${OTLP_URL}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ resourceSpans }),
  });
  expect(response.status).toBe(200);
}

/** Half an hour of a page that asks twenty times since its release, where it asked twice before. */
async function sendReleases(): Promise<void> {
  const nowMs = Date.now();
  const requestsOf = (version: string, fromMs: number, queries: number, offset: number): Request[] =>
    Array.from({ length: COUNT }, (_, at) => ({
      id: offset + at,
      startMs: fromMs + at * 20_000,
      version,
      queries,
      renderMs: 20 + (at % 9) * 4,
    }));
  await send(requestsOf("v1", nowMs - (DEPLOY_MINUTES_AGO + 15) * MINUTE_MS, 2, 1));
  await send(requestsOf("v2", nowMs - DEPLOY_MINUTES_AGO * MINUTE_MS, 20, 1001));
}

async function reportDeploy(page: Page): Promise<void> {
  const at = Date.now() - (DEPLOY_MINUTES_AGO + 1) * MINUTE_MS;
  const response = await page.request.post("/api/deploys", { data: { service: SERVICE, version: "v2", at } });
  expect(response.ok()).toBe(true);
}

const sideOf = (search: object) =>
  encodeURIComponent(JSON.stringify({ service: SERVICE, operation: OPERATION, ...search }));

test.describe.configure({ mode: "serial" });

test.beforeAll(sendReleases);
test.beforeEach(() => test.setTimeout(90_000));

test("before and after a release: the sentence names the step that grew, and leads to it", async ({ page }) => {
  const versionOf = (version: string) => sideOf({ attributes: { "service.version": version } });
  await page.goto(`/traces/compare?a=${versionOf("v1")}&b=${versionOf("v2")}`);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("before and after v2");
  const sum = page.getByRole("region", { name: "What changed" });
  await expect(sum).toContainText("a request =", { timeout: 20_000 });
  const clause = sum.getByRole("button", { name: /SELECT comments/ });
  await expect(clause).toContainText("called 20 × instead of 2 ×");
  await clause.click();
  await expect(page.getByRole("region", { name: "Step SELECT comments" })).toContainText("In 40 of 40 requests read");
  await expect(page).toHaveURL(/step=\d/);
  await expectAccessible(page);
  await page.keyboard.press("s");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("before and after v1");
  await expect(page.getByRole("region", { name: "What changed" })).toContainText("−", { timeout: 20_000 });
});

test("slow beside fast: chosen by a mode, both sides in the address", async ({ page }) => {
  await page.goto(`/traces/compare?a=${sideOf({ maxDurationUs: 60_000 })}&b=${sideOf({ minDurationUs: 100_000 })}`);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("fast and slow");
  await expect(page.getByRole("table").first()).toContainText("Queries", { timeout: 20_000 });
  await page.getByRole("button", { name: "Two traces" }).click();
  await expect(page).toHaveURL(/a=feed[0-9a-f]{28}&b=feed/);
  await expect(page.getByRole("heading", { name: "Both requests" })).toBeVisible({ timeout: 20_000 });
});

test("from a service to its operation to its slowest trace", async ({ page }) => {
  await reportDeploy(page);
  await page.goto("/services");
  await page.getByRole("link", { name: SERVICE }).click();
  await expect(page).toHaveURL(new RegExp(`/services/${SERVICE}`));
  await expect(page.getByRole("main")).toContainText(/slower since/i, { timeout: 25_000 });
  await page.getByRole("button", { name: OPERATION }).click();
  const slowest = page.getByRole("link", { name: /^feed/ }).first();
  await expect(slowest).toBeVisible({ timeout: 20_000 });
  await test.step("each of the slowest is split by where its time goes", async () => {
    await expect(slowest.locator("xpath=..")).toContainText(/\d+\s% SELECT comments/, { timeout: 20_000 });
  });
  await test.step("every quantile stands beside its name", async () => {
    const operations = page.getByRole("region", { name: "Operations, scrolls sideways" });
    for (const name of ["p50", "p75", "p90", "p95", "p99"]) {
      await expect(operations.getByRole("columnheader", { name, exact: true })).toBeVisible();
      await expect(page.getByRole("region", { name: "Rate, errors, duration" })).toContainText(name);
    }
  });
  await test.step("the runbook for what makes them slow can be started from here", async () => {
    await expect(page.getByText("No runbook names this service.")).toBeVisible();
    const toDo = page.getByRole("region", { name: "What to do" }).filter({ hasText: "Fix an N+1" });
    await expect(toDo).toContainText("Matches this finding", { timeout: 20_000 });
    await expect(toDo.getByRole("link", { name: /^Start run/ })).toHaveAttribute(
      "href",
      new RegExp(`fix-an-n-plus-one.*service=${SERVICE}`),
    );
  });
  await test.step("it is told whether it is one host", async () => {
    const hosts = page.getByRole("region", { name: "Hosts" });
    await expect(hosts).toContainText("all 2 are alike", { timeout: 40_000 });
    await expect(hosts.getByRole("listitem")).toHaveCount(2);
  });
  await expectAccessible(page);
  await test.step("the same hours last week are a press away", async () => {
    await page.getByRole("radio", { name: "Same hours last week" }).click();
    await expect(page).toHaveURL(/against=week/);
    await expect(page.getByRole("main")).toContainText("in the same hours last week", { timeout: 20_000 });
    await page.getByRole("radio", { name: "Since v2" }).click();
    await expect(page.getByRole("main")).toContainText(/slower since/i);
  });
  await slowest.click();
  await expect(page).toHaveURL(/\/traces\/feed/);
  await expect(page.getByRole("heading", { level: 1 })).toContainText(OPERATION);
});

test("a service is found in the map and in the list by a part of its name", async ({ page }) => {
  await page.goto("/services");
  await page.getByRole("radio", { name: "Map" }).click();
  await expect(page).toHaveURL(/view=map/);
  const find = page.getByRole("textbox", { name: "Find a service in the map" });
  await expect(find).toBeVisible({ timeout: 20_000 });
  await test.step("it and its neighbours stand out, the address keeps what is sought, Escape clears it", async () => {
    await page.keyboard.press("/");
    await find.pressSequentially(SERVICE.slice(0, -2).toUpperCase());
    await expect(page.getByRole("search")).toContainText(new RegExp(`${SERVICE}, \\d+ neighbours?`));
    await expect(page).toHaveURL(/find=/);
    await expectAccessible(page);
    await page.reload();
    await expect(page.getByRole("search")).toContainText(SERVICE, { timeout: 20_000 });
    await find.press("Escape");
    await expect(find).toHaveValue("");
    await expect(page).not.toHaveURL(/find=/);
  });
  await test.step("Enter opens it, Back leads to what was sought, and once more to the list", async () => {
    await find.fill(SERVICE);
    await find.press("Enter");
    await expect(page).toHaveURL(new RegExp(`/services/${SERVICE}`));
    await page.goBack();
    await expect(find).toHaveValue(SERVICE);
    await page.goBack();
    await expect(page).not.toHaveURL(/view=map/);
    await expect(page.getByRole("radio", { name: "List" })).toBeChecked();
  });
});

test("the critical paths of a list keep everything it was searched by", async ({ page }) => {
  await page.goto(`/traces?q=${encodeURIComponent(`service:${SERVICE} dur>=100ms release:v2`)}`);
  await page.getByRole("link", { name: "Critical paths" }).click({ timeout: 20_000 });
  await expect(page).toHaveURL(/critical-path\?.*q=/);
  const main = page.getByRole("main");
  await expect(main).toContainText("Only");
  await expect(main.getByText("dur>=100ms", { exact: true })).toBeVisible();
  await expect(main.getByText("release:v2", { exact: true })).toBeVisible();
  await expect(main).toContainText(`slowest of ${COUNT} requests`, { timeout: 20_000 });
  await page.getByRole("combobox", { name: "Slowest" }).selectOption("10");
  await expect(page).toHaveURL(/q=.*limit=10|limit=10.*q=/);
  await expect(main).toContainText("The 10 slowest of", { timeout: 20_000 });
  await expectAccessible(page);
  await main.getByRole("link", { name: "As a list" }).click();
  await expect(page).toHaveURL(/\/traces\?.*q=service.*dur.*release/);
  await expect(page.getByText(/release:\s*v2/).first()).toBeVisible();
});

test("the critical paths of an operation: a frame opens to its examples", async ({ page }) => {
  await page.goto(`/traces/critical-path?service=${SERVICE}&operation=${encodeURIComponent(OPERATION)}`);
  const frame = page.getByRole("treeitem", { name: /SELECT comments/ });
  await frame.click({ timeout: 20_000 });
  await expect(page.getByRole("region", { name: "Step SELECT comments" }).getByRole("link").first()).toHaveAttribute(
    "href",
    /traces\/feed/,
  );
  await expectAccessible(page);
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 360, height: 740 }, colorScheme: "dark" });

  test("none of these pages is wider than the screen", async ({ page }) => {
    const paths = [
      "/traces/compare",
      `/traces/compare?a=${sideOf({ maxDurationUs: 60_000 })}&b=${sideOf({ minDurationUs: 100_000 })}`,
      `/services/${SERVICE}?operation=${encodeURIComponent(OPERATION)}`,
      "/services?view=map",
      `/traces/critical-path?service=${SERVICE}`,
    ];
    for (const path of paths) {
      await page.goto(path);
      await expect(page.getByRole("main").locator("[aria-busy=true]")).toHaveCount(0, { timeout: 25_000 });
      await expectAccessible(page);
      const { scrollWidth, clientWidth } = await page.evaluate(() => document.documentElement);
      expect(scrollWidth, path).toBe(clientWidth);
    }
  });
});
