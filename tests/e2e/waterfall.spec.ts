import type { Page } from "@playwright/test";
import { expect, expectAccessible, test } from "../support/e2e";

const OTLP_URL = process.env.OPS_E2E_OTLP_URL ?? "";
const CLIENT = 3;
const ERROR = 2;

type Sent = { id: number; parent?: number; name: string; startMs: number; durationMs: number; isError?: boolean };
const hex = (value: number, length: number) => value.toString(16).padStart(length, "0");
const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });

/** 1 s: two short spans, a load, 300 ms nobody accounts for, a loop of 40 queries, a failed call at the end. */
const PAGE: Sent[] = [
  { id: 1, name: "GET /boards", startMs: 0, durationMs: 1000 },
  { id: 2, parent: 1, name: "GET session", startMs: 1, durationMs: 1 },
  { id: 3, parent: 1, name: "check token", startMs: 3, durationMs: 2 },
  { id: 4, parent: 1, name: "load board", startMs: 10, durationMs: 90 },
  { id: 5, parent: 1, name: "render board", startMs: 400, durationMs: 595 },
  ...Array.from({ length: 40 }, (_, at) => ({
    id: 10 + at,
    parent: 5,
    name: "SELECT cards",
    startMs: 400 + at * 14,
    durationMs: at === 17 ? 14 : 10,
  })),
  { id: 60, parent: 5, name: "POST audit", startMs: 965, durationMs: 25, isError: true },
];

async function sendPage(seed: number): Promise<string> {
  const traceId = hex(seed, 32);
  const originMs = Date.now() - 240_000;
  const spans = PAGE.map(({ id, parent, name, startMs, durationMs, isError }) => ({
    traceId,
    spanId: hex(seed * 1000 + id, 16),
    ...(parent === undefined ? {} : { parentSpanId: hex(seed * 1000 + parent, 16) }),
    name,
    kind: name.startsWith("SELECT") ? CLIENT : 1,
    startTimeUnixNano: `${originMs + startMs}000000`,
    endTimeUnixNano: `${originMs + startMs + durationMs}000000`,
    attributes: name.startsWith("SELECT")
      ? [text("db.system", "postgresql"), text("card.number", String(id)), text("db.name", "boards")]
      : [],
    status: isError === true ? { code: ERROR, message: "no such queue" } : {},
  }));
  const resource = { attributes: [text("service.name", "waterfall-web")] };
  const response = await fetch(`${OTLP_URL}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans }] }] }),
  });
  expect(response.status).toBe(200);
  return traceId;
}

const row = (page: Page, name: RegExp) => page.getByRole("treegrid").getByRole("row", { name });
const drawer = (page: Page) => page.getByRole("complementary", { name: "Selected span" });

test("a reader folds, walks, asks and hands the view on", async ({ page }) => {
  const traceId = await sendPage(0x3a1);
  await page.goto(`/traces/${traceId}`);
  await test.step("similar, short and unexplained are one row each", async () => {
    await expect(page.getByText("7 rows for 46 spans")).toBeVisible();
    await expect(row(page, /× 40 SELECT cards/)).toHaveAttribute("aria-expanded", "false");
    await expect(row(page, /2 short GET session, check token/)).toHaveAttribute("aria-level", "2");
    await expect(row(page, /unaccounted, after load board/)).toBeVisible();
    await expectAccessible(page);
  });
  await test.step("a fold opens, and the address opens it again", async () => {
    await page.getByRole("button", { name: "Unfold 40 calls of SELECT cards" }).click();
    await expect(page.getByText("47 rows for 46 spans")).toBeVisible();
    await expect(page).toHaveURL(/fold=/);
    await page.reload();
    await expect(page.getByText("47 rows for 46 spans")).toBeVisible();
    await row(page, /× 40 SELECT cards/).click();
    await page.keyboard.press("x");
    await expect(page.getByText("7 rows for 46 spans")).toBeVisible();
  });
  await test.step("the drawer shows one call at a time, the slowest first, and what differs", async () => {
    await expect(drawer(page)).toContainText("call 18 of 40, the slowest");
    await expect(drawer(page)).toContainText("= same in all 40");
    await expect(drawer(page).getByText(/^, 40 values in 40 calls/)).toBeAttached();
    await drawer(page).getByRole("button", { name: "Next call" }).click();
    await expect(drawer(page)).toContainText("call 19 of 40");
    await page.keyboard.press("Escape");
    await expect(drawer(page)).toBeHidden();
  });
  await test.step("keys walk rows, the path, the widest child and errors", async () => {
    const grid = page.getByRole("treegrid");
    await grid.focus();
    await page.keyboard.press("Home");
    await expect(page.locator("[role=row][aria-selected=true]")).toContainText("GET /boards");
    await page.keyboard.press("w");
    await expect(page.locator("[role=row][aria-selected=true]")).toContainText("render board");
    await page.keyboard.press("ArrowLeft");
    await expect(row(page, /render board/)).toHaveAttribute("aria-expanded", "false");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await expect(page.locator("[role=row][aria-selected=true]")).toContainText("× 40");
    await page.keyboard.press("Home");
    for (const name of ["load board", "unaccounted", "× 40"]) {
      await page.keyboard.press("p");
      await expect(page.locator("[role=row][aria-selected=true]")).toContainText(name);
    }
    await page.keyboard.press("e");
    await expect(page.locator("[role=row][aria-selected=true]")).toContainText("POST audit");
    const active = await grid.getAttribute("aria-activedescendant");
    await expect(page.locator(`#${active}`)).toContainText("POST audit");
  });
  await test.step("a query counts, steps, filters with what leads to the matches, and tells its mistakes", async () => {
    await page.keyboard.press("/");
    await page.keyboard.type("name:SELECT dur>1% kind:thing");
    await expect(page.getByText("“thing” is none of")).toBeVisible();
    await page.getByLabel("Find in this trace").fill("name:select dur>1.2%");
    await expect(page.getByText("1 span", { exact: true })).toBeVisible();
    await page.getByLabel("Find in this trace").press("Enter");
    await expect(page.locator("[role=row][aria-selected=true]")).toContainText("× 40");
    await page.getByRole("button", { name: "Show only matches" }).click();
    await expect(page.getByText("3 rows for 46 spans")).toBeVisible();
    await expect(page).toHaveURL(/only=1/);
    await page.getByRole("button", { name: "Show only matches" }).click();
    await page.getByLabel("Find in this trace").fill("");
  });
  await test.step("the window moves and scales by keys, and 0 shows all", async () => {
    await page.getByRole("slider", { name: "Visible window" }).press("+");
    await expect(page).toHaveURL(/zoom=/);
    await expect(page.getByText(/800\sms of/)).toBeVisible();
    await page.keyboard.press("0");
    await expect(page).not.toHaveURL(/zoom=/);
  });
  await test.step("switches turn folds and the path off, and stand in the address", async () => {
    await page.getByLabel("Fold similar").uncheck();
    await page.getByLabel("Fold short").uncheck();
    await expect(page.getByText("47 rows for 46 spans")).toBeVisible();
    await expect(page).toHaveURL(/off=similar.short/);
    await expect(page.getByLabel("Usual")).toBeDisabled();
  });
});

test("a gap says what is known of it and what a trace cannot say", async ({ page }) => {
  const traceId = await sendPage(0x3a2);
  await page.goto(`/traces/${traceId}`);
  await row(page, /unaccounted, after load board/).click();
  const panel = page.getByRole("complementary", { name: "Selected row" });
  await expect(panel).toContainText("What a trace cannot say");
  await panel.getByRole("button", { name: "render board" }).click();
  await expect(page.locator("[role=row][aria-selected=true]")).toContainText("render board");
});

test("the waterfall fits a phone in the dark, its details a sheet that peeks", async ({ browser }) => {
  const traceId = await sendPage(0x3a3);
  const page = await browser.newPage({ viewport: { width: 360, height: 740 }, colorScheme: "dark", hasTouch: true });
  await page.goto(`/traces/${traceId}`);
  const fold = row(page, /× 40 SELECT cards/);
  // Rows below the screen do not exist yet.
  await page.getByRole("treegrid").scrollIntoViewIfNeeded();
  await page.getByRole("treegrid").focus();
  await page.keyboard.press("End");
  await expect(fold).toBeVisible();
  const box = await fold.boundingBox();
  expect(box?.height).toBeGreaterThanOrEqual(46);
  // Where the top bar stands over half a switch, the half left counts as a small target.
  await page.getByRole("group", { name: "Shown" }).evaluate((switches) => {
    window.scrollTo(0, switches.getBoundingClientRect().top + window.scrollY - 60);
  });
  await expectAccessible(page);
  await page.getByRole("treegrid").press("End");
  await fold.click();
  await expect(drawer(page)).toContainText("call 18 of 40");
  expect((await drawer(page).boundingBox())?.height).toBeLessThan(140);
  await page.getByRole("button", { name: "Show all details" }).click();
  await expect(drawer(page).getByRole("heading", { name: "Resource" })).toBeAttached();
  const extraPx = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(extraPx).toBeLessThanOrEqual(0);
  await page.close();
});
