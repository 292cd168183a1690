import type { Page } from "@playwright/test";
import { expect, expectAccessible, test } from "../support/e2e";
import { sendBoard } from "../support/send-board";

const rawText = (page: Page) => page.getByRole("region", { name: /^OTLP JSON of trace/ });
const tab = (page: Page, name: string) => page.getByRole("tab", { name });
const row = (page: Page, name: RegExp) => page.getByRole("grid").getByRole("row", { name });
const drawer = (page: Page) => page.getByRole("complementary", { name: "Selected span" });

test("views change by tabs and by number, and the address holds which", async ({ page }) => {
  const traceId = await sendBoard(0x4b1);
  await page.goto(`/traces/${traceId}`);
  await tab(page, "Waterfall").focus();
  await page.keyboard.press("End");
  await page.keyboard.press("Home");
  await expect(tab(page, "Waterfall")).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await expect(page).toHaveURL(/view=/);
  await tab(page, "Operations").click();
  await expect(tab(page, "Operations")).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("1");
  await expect(page.getByRole("treegrid")).toBeVisible();
  await expect(page).not.toHaveURL(/view=/);
});

test("back and forward walk through the views, not out of the trace", async ({ page }) => {
  const traceId = await sendBoard(0x4ba);
  await page.goto("/traces");
  await page.goto(`/traces/${traceId}`);
  const shown = (name: string) => expect(tab(page, name)).toHaveAttribute("aria-selected", "true");
  await test.step("what is sought and chosen belongs to the view it was done in", async () => {
    await page.getByLabel("Find in this trace").fill("svc:worker");
    await tab(page, "Operations").click();
    await page.getByRole("button", { name: "Longest", exact: true }).click();
    await expect(page).toHaveURL(/view=operations.*sort=max-/);
    await page.getByLabel("Find in this trace").fill("");
    await tab(page, "Raw").click();
    await expect(rawText(page)).toBeVisible();
  });
  await test.step("back", async () => {
    await page.goBack();
    await shown("Operations");
    await expect(page).toHaveURL(/view=operations.*sort=max-/);
    await expect(page.getByRole("columnheader", { name: "Longest" })).toHaveAttribute("aria-sort", "descending");
    await page.goBack();
    await shown("Waterfall");
    await expect(page.getByLabel("Find in this trace")).toHaveValue("svc:worker");
  });
  await test.step("forward", async () => {
    await page.goForward();
    await shown("Operations");
    await expect(page.getByLabel("Find in this trace")).toHaveValue("");
    await page.goForward();
    await shown("Raw");
  });
  await test.step("a frame of the flame is a place, too", async () => {
    await tab(page, "Flame").click();
    await flame(page).focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/root=/);
    await page.goBack();
    await expect(page).not.toHaveURL(/root=/);
    await shown("Flame");
  });
  await test.step("and out of the trace after the last", async () => {
    for (const name of ["Raw", "Operations", "Waterfall"]) {
      await page.goBack();
      await shown(name);
    }
    await page.goBack();
    await expect(page).toHaveURL(/\/traces$/);
    expect(await page.evaluate(() => window.location.search)).toBe("");
  });
});

test("operations tell where the time went and lead to their spans", async ({ page }) => {
  const traceId = await sendBoard(0x4b2);
  await page.goto(`/traces/${traceId}?view=operations`);
  await test.step("one line each, the most of the critical path first", async () => {
    await expect(page.getByText("4 operations in 44 spans")).toBeVisible();
    await expect(page.getByRole("grid").getByRole("row").nth(1)).toContainText(/SELECT cards.*40.*40\s%.*× 1/);
    await expectAccessible(page);
  });
  await test.step("they sort by any column, which the address keeps", async () => {
    await page.getByRole("button", { name: "Longest", exact: true }).click();
    await expect(page.getByRole("columnheader", { name: "Longest" })).toHaveAttribute("aria-sort", "descending");
    await expect(page).toHaveURL(/sort=max-/);
    await page.reload();
    await expect(page.getByRole("grid").getByRole("row").nth(1)).toContainText("GET /boards");
  });
  await test.step("the query leaves the spans it finds, and says when it finds none", async () => {
    await page.getByLabel("Find in this trace").fill("svc:worker");
    await expect(page.getByText("1 operation in 2 spans")).toBeVisible();
    await page.getByLabel("Find in this trace").fill("svc:nobody");
    await expect(page.getByText("No span matches")).toBeVisible();
    await page.getByRole("button", { name: "Clear the query" }).click();
    await expect(page.getByText("4 operations in 44 spans")).toBeVisible();
  });
  await test.step("keys walk; o opens the longest span; Enter shows all of them in the waterfall", async () => {
    await page.getByRole("grid").focus();
    await page.keyboard.press("Home");
    while (!(await page.locator("[role=row][aria-selected=true]").textContent())?.includes("SELECT cards"))
      await page.keyboard.press("j");
    await page.keyboard.press("o");
    await expect(drawer(page)).toContainText("call 18 of 40, the slowest");
    await expect(row(page, /SELECT cards/)).toHaveAttribute("aria-selected", "true");
    await page.keyboard.press("Enter");
    await expect(page.getByText("3 rows for 44 spans")).toBeVisible();
    await expect(page.getByLabel("Find in this trace")).toHaveValue('svc=board-web name="SELECT cards" kind:client');
    await expect(page.getByText("40 spans", { exact: true })).toBeVisible();
  });
});

test("the span list sorts, follows errors and services, and opens the same details", async ({ page }) => {
  const traceId = await sendBoard(0x4b3);
  await page.goto(`/traces/${traceId}?view=spans`);
  await test.step("the longest first", async () => {
    await expect(page.getByRole("grid")).toHaveAttribute("aria-rowcount", "45");
    await expect(page.getByRole("grid").getByRole("row").nth(1)).toContainText("GET /boards");
    await expectAccessible(page);
  });
  await test.step("by status, what failed first", async () => {
    await page.getByRole("button", { name: "Status" }).click();
    await expect(page.getByRole("grid").getByRole("row").nth(1)).toContainText("failed");
  });
  await test.step("e selects the failed span, Enter opens it, and the address gives it on", async () => {
    await page.keyboard.press("e");
    await page.keyboard.press("Enter");
    await expect(drawer(page)).toContainText("deadlock detected");
    await expect(page).toHaveURL(/span=/);
    await page.reload();
    await expect(row(page, /failed/)).toHaveAttribute("aria-selected", "true");
    await expect(drawer(page)).toContainText("deadlock detected");
    await page.keyboard.press("Escape");
    await expect(drawer(page)).toBeHidden();
  });
  await test.step("a service taken out is taken out here, too", async () => {
    await page
      .getByRole("list", { name: "Services shown" })
      .getByRole("button", { name: /^board-web/ })
      .click();
    await expect(page.getByText("2 of 44 spans")).toBeVisible();
    await expect(page).toHaveURL(/hide=board-web/);
  });
});

const flame = (page: Page) => page.getByRole("tree", { name: "Flame graph" });
const frameFacts = (page: Page) => page.getByRole("region", { name: "Frame" });

test("the flame merges alike calls, zooms, backs out, and its frames are told", async ({ page }) => {
  const traceId = await sendBoard(0x4b5);
  await page.goto(`/traces/${traceId}?view=flame`);
  await test.step("one frame for the loop of queries, as wide as its work", async () => {
    await expect(page.getByText(/4 steps, 1\.06\ss of work in 1\.00\ss/)).toBeVisible();
    await expect(frameFacts(page)).toContainText("GET /boards");
    await expectAccessible(page);
  });
  await test.step("arrows move to the widest called, to siblings and back to the caller", async () => {
    await flame(page).focus();
    await page.keyboard.press("ArrowDown");
    await expect(frameFacts(page)).toContainText("render board");
    await page.keyboard.press("ArrowRight");
    await expect(frameFacts(page)).toContainText("2 × index");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowDown");
    await expect(frameFacts(page)).toContainText(/40 × SELECT cards.*total406\sms.*longest16\sms.*failed× 1/);
    const active = await flame(page).getAttribute("aria-activedescendant");
    const item = page.locator(`#${active}`);
    await expect(item).toHaveAttribute("aria-level", "3");
    await expect(item).toHaveText(/40 × SELECT cards in board-web, 406\sms, .* on the critical path, 1 failed/);
  });
  await test.step("Enter zooms in, the address holds it, Escape backs out one frame at a time", async () => {
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/root=/);
    const way = page.getByRole("navigation", { name: "Way to the frame" });
    await expect(way).toContainText("Whole traceGET /boardsrender boardSELECT cards");
    await page.reload();
    await expect(way).toContainText("SELECT cards");
    await page.keyboard.press("Escape");
    await expect(way).toContainText(/render board$/);
    await way.getByRole("button", { name: "GET /boards" }).click();
    await expect(way).toContainText(/GET \/boards$/);
    await page.keyboard.press("0");
    await expect(page).not.toHaveURL(/root=/);
  });
  await test.step("a click zooms to what is under it; hovering tells it", async () => {
    // A picture drawn anew under a resting pointer asks for the next move of it.
    await expect(async () => {
      await page.mouse.move(0, 0);
      await flame(page).hover({ position: { x: 20, y: 33 } });
      await expect(page.locator("body > [aria-hidden]").getByText("render board")).toBeVisible({ timeout: 2000 });
    }).toPass();
    await flame(page).click({ position: { x: 20, y: 33 } });
    await expect(frameFacts(page)).toContainText("render board");
    await expect(page).toHaveURL(/root=/);
    await page.keyboard.press("0");
  });
  await test.step("o opens the longest call; a query keeps only what leads to its matches on request", async () => {
    await flame(page).focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("o");
    await expect(drawer(page)).toContainText("call 18 of 40, the slowest");
    await page.getByLabel("Find in this trace").fill("svc:worker");
    await page.getByRole("button", { name: "Show only matches" }).click();
    await expect(page.getByText(/^2 steps/)).toBeVisible();
  });
});

test("a chain of 20,000 calls is as many rows, of which the screen's are drawn", async ({ page }) => {
  test.slow();
  const chain = Array.from({ length: 20_000 }, (_, at) => ({
    id: at + 1,
    ...(at === 0 ? {} : { parent: at }),
    name: `call ${at}`,
    startMs: at * 0.01,
    durationMs: 500 - at * 0.02,
  }));
  const exact = chain.map((span) => ({ ...span, startMs: Math.round(span.startMs), durationMs: 500 }));
  const traceId = await sendBoard(0x4b6, exact);
  await page.goto(`/traces/${traceId}?view=flame`);
  await expect(page.getByText(/^20,000 steps/)).toBeVisible({ timeout: 20_000 });
  await flame(page).focus();
  for (let down = 0; down < 60; down += 1) await page.keyboard.press("ArrowDown");
  await expect(frameFacts(page)).toContainText("call 60");
  const canvas = await flame(page).locator("canvas").boundingBox();
  expect(canvas?.height).toBeLessThanOrEqual(page.viewportSize()?.height ?? 0);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("navigation", { name: "Way to the frame" })).toContainText("…");
});

test("the other views fit a phone in the dark", async ({ browser }) => {
  // Four pages and an audit of each.
  test.slow();
  const traceId = await sendBoard(0x4b4);
  const page = await browser.newPage({ viewport: { width: 360, height: 740 }, colorScheme: "dark", hasTouch: true });
  for (const view of ["operations", "spans"]) {
    await page.goto(`/traces/${traceId}?view=${view}`);
    await page.getByLabel("Sorted by").scrollIntoViewIfNeeded();
    await page.getByLabel("Sorted by").selectOption({ label: "Own work" });
    await expect(page).toHaveURL(/sort=self-/);
    await expect(row(page, /SELECT cards/).first()).toBeVisible();
    await expectFits(page);
  }
  await page.goto(`/traces/${traceId}?view=flame`);
  await flame(page).tap({ position: { x: 20, y: 40 } });
  await expect(frameFacts(page)).toContainText("render board");
  await expectFits(page);
  await page.goto(`/traces/${traceId}?view=raw`);
  await expect(rawText(page)).toContainText('"resourceSpans": [');
  await expectFits(page);
  await page.close();
});

async function expectFits(page: Page): Promise<void> {
  await page.getByRole("tablist").evaluate((tabs) => {
    window.scrollTo(0, tabs.getBoundingClientRect().top + window.scrollY - 60);
  });
  await expectAccessible(page);
  const extraPx = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(extraPx).toBeLessThanOrEqual(0);
}
