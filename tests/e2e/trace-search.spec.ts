import fs from "node:fs";
import type { Page } from "@playwright/test";
import { expect, expectAccessible, test } from "../support/e2e";
import { type SentTrace, sendTraces } from "../support/send-facts-load";

const OTLP_PORT = Number(new URL(process.env.OPS_E2E_OTLP_URL ?? "http://127.0.0.1:1").port);
const query = (page: Page) => page.getByRole("combobox", { name: "Query" });

/** Sends 120 traces of the last two minutes, which nobody takes for settled; every tenth is slow and of a new release. */
async function sendShop(service: string): Promise<void> {
  const nowUs = (Date.now() - 3000) * 1000;
  const traces = Array.from({ length: 120 }, (_, at): SentTrace => {
    const isSlow = at % 10 === 0;
    return {
      service,
      operation: isSlow ? "POST /checkout" : "GET /shelf",
      startUs: nowUs - at * 500_000,
      durationUs: isSlow ? 2_000_000 + at * 1000 : 50_000 + at * 100,
      isFailed: at === 0,
      version: isSlow ? "v2" : "v1",
      attributes: { "shop.cart": isSlow ? "large" : "small" },
    };
  });
  await sendTraces(OTLP_PORT, service, traces);
}

const total = (page: Page, text: string) =>
  expect(page.getByRole("heading", { name: text, exact: true })).toBeVisible({ timeout: 15_000 });

test("a query is written with completion, and every term can be taken out again", async ({ page }) => {
  const service = "query-shop";
  await sendShop(service);
  await page.goto("/traces?range=15m");
  await expect(async () => {
    await page.keyboard.press("/");
    await expect(query(page)).toBeFocused({ timeout: 500 });
  }).toPass();
  await query(page).pressSequentially("service:query-s");
  await expect(page.getByRole("option", { name: new RegExp(`service:${service}`) })).toBeVisible();
  await query(page).press("Tab");
  await total(page, "120 traces");
  await query(page).fill("dur>1s");
  await query(page).press("Enter");
  await total(page, "12 traces");
  await expect(query(page)).toBeFocused();
  await expectAccessible(page);
  await page.reload();
  await total(page, "12 traces");
  await page.getByRole("button", { name: "Remove dur>1s" }).click();
  await total(page, "120 traces");
  await page.goBack();
  await total(page, "12 traces");
});

test("a filter of durations means whole traces, and the form says so", async ({ page }) => {
  await page.goto("/traces");
  await page.getByRole("button", { name: /^Filters/ }).click();
  await expect(page.getByText("Jaeger compares durations with single spans")).toBeVisible();
  await expectAccessible(page);
  await page.getByText("Single spans", { exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Search" }).click();
  await expect(page).toHaveURL(/in=spans/);
});

test("what a selection in the plot has more often than the rest is told, and narrows the search", async ({ page }) => {
  const service = "brush-shop";
  await sendShop(service);
  await page.goto(`/traces?range=15m&q=service:${service}`);
  await total(page, "120 traces");
  const plot = page.getByRole("img", { name: /120 traces, median/ });
  const box = await plot.boundingBox();
  if (box === null) throw new Error("There is no plot.");
  await test.step("dragging selects", async () => {
    await page.mouse.move(box.x + 60, box.y + 12);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width - 190, box.y + 90, { steps: 5 });
    await page.mouse.up();
    await expect(page.getByText(/^12 selected/)).toBeVisible();
    await expect(page).toHaveURL(/brush=/);
  });
  await test.step("and says what sets it apart", async () => {
    await expect(page.getByRole("heading", { name: "What sets these 12 apart" })).toBeVisible({ timeout: 20_000 });
    await expectAccessible(page);
    // Every slow trace is of the release, has the large cart and the operation: one line tells all three.
    await page.getByRole("button", { name: /service.version = v2.*also .*large/ }).click();
    await expect(page.getByRole("button", { name: "Remove release:v2" })).toBeVisible();
    await total(page, "12 traces");
  });
  await test.step("the keyboard clears it", async () => {
    await page.locator("body").press("b");
    await page.keyboard.press("Delete");
    await expect(page).not.toHaveURL(/brush=/);
  });
});

test("the slowest are ranked with a proof that can be read", async ({ page }) => {
  const service = "slow-shop";
  await sendShop(service);
  await page.goto(`/traces?range=15m&q=service:${service}&rank=slowest&limit=10`);
  await expect(page.getByText(/^proven slowest 10 of /)).toBeVisible({ timeout: 20_000 });
  await expect(page.getByRole("row")).toHaveCount(11);
  await page.getByText(/^proven slowest 10 of /).click();
  await expect(page.getByText("How this is proven")).toBeVisible();
  await expectAccessible(page);
});

test("a search is kept under a name, opened by it and forgotten", async ({ page }) => {
  await page.goto("/traces?q=service:kept-shop&range=24h&scale=linear");
  await page.getByRole("button", { name: "Saved" }).click();
  await page.getByLabel("Keep this search as").fill("Kept shop");
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("button", { name: /^Kept shop/ })).toBeVisible();
  await page.goto("/traces");
  await page.getByRole("button", { name: "Saved" }).click();
  await page.getByRole("button", { name: /^Kept shop/ }).click();
  await expect(page).toHaveURL(/kept-shop.*scale=linear|scale=linear.*kept-shop/);
  await page.getByRole("button", { name: "Saved" }).click();
  await page.getByRole("button", { name: "Delete Kept shop" }).click();
  await expect(page.getByRole("button", { name: /^Kept shop/ })).toBeHidden();
});

test("coming back from a trace leads to the same row, place and order", async ({ page }) => {
  const service = "back-shop";
  await sendShop(service);
  await page.goto(`/traces?range=15m&q=service:${service}&sort=-duration&hide=usual`);
  await total(page, "120 traces");
  for (let press = 0; press < 60; press += 1) await page.keyboard.press("j");
  const row = page.getByRole("row", { selected: true });
  await expect(row).toBeInViewport();
  const scrollPx = await page.evaluate(() => window.scrollY);
  expect(scrollPx).toBeGreaterThan(200);
  const name = await row.getAttribute("id");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/traces\/[0-9a-f]{32}/);
  await page.goBack();
  await expect(page).toHaveURL(/sort=-duration.*hide=usual/);
  await expect(page.getByRole("row", { selected: true })).toHaveAttribute("id", name ?? "");
  await expect(page.getByRole("row", { selected: true })).toBeInViewport();
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBe(scrollPx);
  await expect(page.getByRole("columnheader", { name: "× usual" })).toBeHidden();
});

test("a trace opens by key however slow the server answers", async ({ page }) => {
  const service = "slow-open-shop";
  await sendShop(service);
  await page.clock.install();
  await page.goto(`/traces?range=15m&q=service:${service}`);
  await total(page, "120 traces");
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(/\/traces\/[0-9a-f]{32}/, async (route) => {
    await held;
    await route.continue();
  });
  await page.keyboard.press("j");
  const asked = page.waitForRequest(/\/traces\/[0-9a-f]{32}/);
  await page.keyboard.press("Enter");
  await asked;
  await page.clock.fastForward(1_000);
  release();
  await expect(page).toHaveURL(/\/traces\/[0-9a-f]{32}/);
});

test("the list goes out as a file", async ({ page }) => {
  const service = "csv-shop";
  await sendShop(service);
  await page.goto(`/traces?range=15m&q=service:${service}`);
  await total(page, "120 traces");
  await page.getByRole("button", { name: "Download the list" }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: "CSV" }).click(),
  ]);
  const file = test.info().outputPath("traces.csv");
  await download.saveAs(file);
  expect(fs.readFileSync(file, "utf8").split("\r\n").length).toBeGreaterThan(100);
});
