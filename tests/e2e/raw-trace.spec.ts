import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expect, expectAccessible, test } from "../support/e2e";
import { sendBoard } from "../support/send-board";

const drawer = (page: Page) => page.getByRole("complementary", { name: "Selected span" });
const rawText = (page: Page) => page.getByRole("region", { name: /^OTLP JSON of trace/ });

test("the raw text is searched, walked and copied span by span, and downloads", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const traceId = await sendBoard(0x4b7);
  await page.goto(`/traces/${traceId}?view=raw`);
  await test.step("only the lines near the screen exist", async () => {
    // The first view of the first test waits for everything the console has not read yet.
    await expect(rawText(page)).toContainText('"resourceSpans": [', { timeout: 15_000 });
    await expect(page.getByText(/lines, 44 spans/)).toBeVisible();
    expect(await rawText(page).locator("[data-line]").count()).toBeLessThan(120);
    await expectAccessible(page);
  });
  await test.step("s searches, Enter walks the places, the address holds the text", async () => {
    await page.keyboard.press("s");
    await page.keyboard.type("DEADLOCK");
    await expect(page.getByText("1 line", { exact: true })).toBeVisible();
    await page.keyboard.press("Enter");
    await expect(rawText(page).locator("mark")).toHaveText("deadlock");
    await expect(page).toHaveURL(/text=DEADLOCK/);
    await page.keyboard.press("Escape");
  });
  await test.step("e selects the failed span, which can be copied and opened", async () => {
    await page.keyboard.press("e");
    await expect(page.getByText(/^span \d+ of 44$/)).toBeVisible();
    await page.getByRole("button", { name: "Copy the selected span" }).click();
    const copied = JSON.parse(await page.evaluate(() => navigator.clipboard.readText())) as {
      name: string;
      status: { message: string };
    };
    expect(copied).toMatchObject({ name: "SELECT cards", status: { message: "deadlock detected" } });
    await rawText(page).focus();
    await page.keyboard.press("Enter");
    await expect(drawer(page)).toContainText("deadlock detected");
    await page.keyboard.press("Escape");
  });
  await test.step("pressing a line selects its span", async () => {
    await page.keyboard.press("j");
    await rawText(page).getByText("SELECT cards").first().click();
    await expect(drawer(page)).toContainText("SELECT cards");
    await page.keyboard.press("Escape");
  });
  await test.step("both formats download and hold every span", async () => {
    for (const format of ["OTLP", "Jaeger"]) {
      const waiting = page.waitForEvent("download");
      await page.getByRole("link", { name: `${format} JSON` }).click();
      const file = await readFile((await (await waiting).path()) ?? "", "utf8");
      expect(file.match(/SELECT cards/g)?.length).toBe(40);
    }
  });
});

test.describe("when the source does not answer", () => {
  test.use({ expectedErrors: /502|Failed to load resource/ });

  test("the raw view says so and tries again", async ({ page }) => {
    const traceId = await sendBoard(0x4b8);
    await page.route("**/download?format=otlp", (route) =>
      route.fulfill({ status: 502, json: { code: "upstream_unreachable", detail: "Jaeger does not answer." } }),
    );
    await page.goto(`/traces/${traceId}?view=raw`);
    await expect(page.getByText("Jaeger does not answer.")).toBeVisible();
    await page.unroute("**/download?format=otlp");
    await page.getByRole("button", { name: /try again/i }).click();
    await expect(rawText(page)).toContainText('"resourceSpans": [');
  });
});
