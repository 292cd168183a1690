import type { Page, Route } from "@playwright/test";
import { expect, expectAccessible, test } from "../support/e2e";

/** Every page that needs nothing to be there first. */
const PAGES = [
  "/",
  "/traces",
  "/services",
  "/runbooks",
  "/runs",
  "/s3-migrations",
  "/s3-migrations/new",
  "/activity",
  "/settings",
  "/nowhere/at/all",
];

const json = (route: Route, body: unknown, status = 200) =>
  route.fulfill({
    status,
    contentType: status >= 400 ? "application/problem+json" : "application/json",
    body: JSON.stringify(body),
  });

const summary = (service: string, operation: string, at: number) => ({
  traceId: at.toString(16).padStart(32, "0"),
  rootService: service,
  rootOperation: operation,
  startUs: (Date.now() - 60_000 + at) * 1000,
  durationUs: 250_000,
  spanCount: 3,
  errorSpanCount: 0,
  orphanSpanCount: 0,
  services: [{ name: service, spanCount: 3, errorCount: 0, errorSpanCount: 0 }],
});

async function hasNoSidewaysScroll(page: Page): Promise<void> {
  const { scrollWidth, clientWidth } = await page.evaluate(() => document.documentElement);
  expect(scrollWidth).toBe(clientWidth);
}

test.describe("every page, dark, on a phone", () => {
  test.use({
    viewport: { width: 360, height: 740 },
    colorScheme: "dark",
    expectedErrors: /status of 404/,
  });

  for (const path of PAGES) {
    test(`${path} is accessible and as wide as the phone`, async ({ page }) => {
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expectAccessible(page);
      await hasNoSidewaysScroll(page);
    });
  }
});

test.describe("an address that leads nowhere", () => {
  test.use({ expectedErrors: /status of 404/ });

  test("keeps the rail and says so", async ({ page }) => {
    const response = await page.goto("/nowhere/at/all");
    expect(response?.status()).toBe(404);
    await expect(page.getByRole("heading", { level: 1, name: "There is no such page" })).toBeVisible();
    await page.getByRole("navigation", { name: "Main", exact: true }).getByRole("link", { name: "Runs" }).click();
    await expect(page).toHaveURL(/\/runs$/);
  });
});

test("letters typed while the palette is on its way are not lost, and start nothing else", async ({ page }) => {
  await page.goto("/activity");
  await expect(page.getByRole("navigation", { name: "Main", exact: true }).getByText("This machine")).toBeVisible();
  let release = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route("**/_next/static/**", async (route) => {
    await gate;
    await route.continue();
  });
  await page.keyboard.press("Control+k");
  // Read as shortcuts these would lead to the services and open the map.
  for (const key of ["g", " ", "s", "?", "Backspace"]) await page.keyboard.press(key);
  release();
  await expect(page.getByRole("dialog", { name: "Go to or do" }).getByRole("combobox")).toHaveValue("g s");
  await expect(page).toHaveURL(/\/activity$/);
});

test("the console's own traces do not take the places of the others on the overview", async ({ page }) => {
  const own = Array.from({ length: 300 }, (_, at) => summary("ops-console-web", "GET /api/runs", 1000 + at));
  await page.route("**/api/services", (route) => json(route, { services: ["ops-console-web", "shop"] }));
  await page.route("**/api/traces?*", async (route) => {
    const isShop = new URL(route.request().url()).searchParams.get("service") === "shop";
    const reply = await (await route.fetch()).json();
    const summaries = isShop ? [summary("shop", "POST /pay", 1)] : own;
    await json(route, { ...reply, summaries, truncated: !isShop, notes: [] });
  });
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("1 trace");
});

test.describe("a trace source that hangs", () => {
  const hang = () => new Promise<void>(() => {});

  // On a busy machine the headline may be about something graver.
  test.beforeEach(({ page }) => page.route("**/api/health", (route) => json(route, { status: "ok", components: [] })));

  test("does not hold up the rest of the overview", async ({ page }) => {
    for (const pattern of ["**/api/traces?*", "**/api/trace-source", "**/api/services"])
      await page.route(pattern, hang);
    await page.goto("/");
    await expect(page.getByRole("heading", { level: 1, name: "The trace source does not answer." })).toBeVisible({
      timeout: 6000,
    });
    await expect(page.getByRole("main").getByText("The trace source has not answered yet.")).toBeVisible();
    await expect(page.getByRole("heading", { name: "This console" })).toBeVisible();
  });

  test("leaves the last figures on the overview, with their age", async ({ page }) => {
    let isHanging = false;
    await page.route("**/api/traces?*", async (route) => {
      if (isHanging) return hang();
      const reply = await (await route.fetch()).json();
      await json(route, { ...reply, summaries: [summary("shop", "POST /pay", 1)], truncated: false, notes: [] });
    });
    await page.clock.install();
    await page.goto("/");
    await expect(page.getByRole("heading", { level: 1 })).toContainText("1 trace");
    isHanging = true;
    await page.clock.runFor(20_000);
    const age = page.getByRole("main").getByRole("status");
    await expect(age.filter({ hasText: /As of \d+\ss ago: the trace source does not answer/ })).toBeVisible();
    await expect(page.getByRole("heading", { level: 1 })).toContainText("The trace source does not answer");
    await expect(page.getByRole("link", { name: "POST /pay" }).first()).toBeVisible();
  });
});

test.describe("while every answer is a failure", () => {
  test.use({ expectedErrors: /status of 500|Failed to load resource/ });

  for (const path of ["/runbooks", "/runs", "/s3-migrations"]) {
    test(`${path} keeps saying so while it asks again`, async ({ page }) => {
      const pattern = `**/api${path}*`;
      let asked = 0;
      const failed = { code: "internal", detail: "Something failed here." };
      await page.route(pattern, (route) => {
        asked += 1;
        return json(route, failed, 500);
      });
      await page.goto(path);
      const alert = page.getByRole("main").getByRole("alert");
      await expect(alert).toContainText("Something failed here.", { timeout: 15_000 });
      const before = asked;
      await page.evaluate(() => {
        const main = document.querySelector("main");
        const seen = globalThis as { opsWentAway?: boolean };
        new MutationObserver(() => {
          if (main?.querySelector("[role=alert]") === null) seen.opsWentAway = true;
        }).observe(main as Node, { childList: true, subtree: true });
      });
      await expect.poll(() => asked, { timeout: 15_000 }).toBeGreaterThan(before);
      await expect(alert).toBeVisible();
      expect(await page.evaluate(() => (globalThis as { opsWentAway?: boolean }).opsWentAway)).toBeUndefined();
    });
  }
});

test("a long name stays inside the page and under its own header", async ({ page }) => {
  const operation = `GET /${"very-long-segment/".repeat(20)}`;
  await page.route("**/api/traces?*", async (route) => {
    const reply = await (await route.fetch()).json();
    const found = [summary("a-service-with-a-name-that-does-not-end".repeat(3), operation, 1)];
    await json(route, { ...reply, summaries: found, truncated: false, notes: [] });
  });
  for (const width of [360, 1024, 1440]) {
    await page.setViewportSize({ width, height: 740 });
    await page.goto("/");
    await expect(page.getByRole("heading", { level: 1 })).toContainText("1 trace");
    await hasNoSidewaysScroll(page);
  }
});
