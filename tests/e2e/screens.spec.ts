import type { Page, Route } from "@playwright/test";
import { digestReply } from "../support/digest-reply";
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

const DIGEST = "**/api/traces/digest?*";

/** One trace of this operation. */
const oneOf = (service: string, operation: string) =>
  digestReply({
    operations: [{ service, operation, p50Us: 250_000, maxUs: 250_000 }],
    startUs: (Date.now() - 3_600_000) * 1000,
    endUs: Date.now() * 1000,
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

test("the overview hatches what it has not read yet, and counts the rest", async ({ page }) => {
  const reply = oneOf("shop", "POST /pay");
  const { startUs, endUs } = reply.window;
  const gaps = [{ fromUs: startUs, toUs: startUs + (endUs - startUs) * 0.6 }];
  let coverage: object = { complete: 0.4, gaps, filling: "running" };
  await page.route(DIGEST, (route) => json(route, { ...reply, coverage: { ...reply.coverage, ...coverage } }));
  await page.goto("/");
  const card = page.getByRole("region", { name: "Traces" });
  await expect(card).toContainText("40\u202f% of it read so far");
  await expect(card.getByText("not read yet")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("1 trace read so far of");
  coverage = {};
  await expect(card.getByText("not read yet")).toHaveCount(0);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("1 trace of");
});

test.describe("a trace source that hangs", () => {
  const hang = () => new Promise<void>(() => {});

  // On a busy machine the headline may be about something graver.
  test.beforeEach(({ page }) => page.route("**/api/health", (route) => json(route, { status: "ok", components: [] })));

  test("does not hold up the rest of the overview", async ({ page }) => {
    for (const pattern of [DIGEST, "**/api/trace-source"]) await page.route(pattern, hang);
    await page.goto("/");
    await expect(page.getByRole("heading", { level: 1, name: "The trace source does not answer." })).toBeVisible({
      timeout: 6000,
    });
    await expect(page.getByRole("main").getByText("The trace source has not answered yet.")).toBeVisible();
    await expect(page.getByRole("heading", { name: "This console" })).toBeVisible();
  });

  test("leaves the last figures on the overview, with their age", async ({ page }) => {
    let isHanging = false;
    await page.route(DIGEST, (route) => (isHanging ? hang() : json(route, oneOf("shop", "POST /pay"))));
    await page.clock.install();
    await page.goto("/");
    await expect(page.getByRole("heading", { level: 1 })).toContainText("1 trace");
    isHanging = true;
    await page.clock.runFor(20_000);
    const age = page.getByRole("main").getByRole("status");
    await expect(age.filter({ hasText: /As of \d+\ss ago: newer traces cannot be read at the moment/ })).toBeVisible();
    await expect(page.getByRole("heading", { level: 1 })).toContainText("Newer traces cannot be read at the moment");
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
  await page.route(DIGEST, (route) =>
    json(route, oneOf("a-service-with-a-name-that-does-not-end".repeat(3), operation)),
  );
  for (const width of [360, 1024, 1440]) {
    await page.setViewportSize({ width, height: 740 });
    await page.goto("/");
    await expect(page.getByRole("heading", { level: 1 })).toContainText("1 trace");
    await hasNoSidewaysScroll(page);
  }
});
