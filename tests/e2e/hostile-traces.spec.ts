import { randomBytes } from "node:crypto";
import type { Page } from "@playwright/test";
import { expect, expectAccessible, test } from "../support/e2e";
import { HOSTILE_TRACES, toOtlpDocument } from "../support/hostile-traces";

const OTLP_URL = process.env.OPS_E2E_OTLP_URL ?? "";
const FIVE_MINUTES_US = 300e6;

/** Sends a trace to the console's own collector; what it says of it, and the trace's id. */
async function send(shape: string): Promise<{ traceId: string; message: string | undefined }> {
  const traceId = randomBytes(16).toString("hex");
  const trace = HOSTILE_TRACES[shape]?.() ?? { title: "", spans: [] };
  const response = await fetch(`${OTLP_URL}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(toOtlpDocument(trace, traceId, Date.now() * 1000 - FIVE_MINUTES_US)),
  });
  expect(response.status).toBe(200);
  const { partialSuccess } = (await response.json()) as { partialSuccess?: { errorMessage?: string } };
  return { traceId, message: partialSuccess?.errorMessage };
}

/** The same as a file, as a person would bring it. */
async function upload(page: Page, shape: string): Promise<string> {
  const trace = HOSTILE_TRACES[shape]?.() ?? { title: "", spans: [] };
  const document = toOtlpDocument(trace, randomBytes(16).toString("hex"), Date.now() * 1000 - FIVE_MINUTES_US);
  const reply = await page.request.post("/api/traces/upload?fileName=hostile.json", {
    headers: { "content-type": "application/octet-stream" },
    data: Buffer.from(JSON.stringify(document)),
  });
  const { traces } = (await reply.json()) as { traces: { traceId: string }[] };
  return traces[0]?.traceId ?? "";
}

const grid = (page: Page) => page.getByRole("treegrid");
const drawer = (page: Page) => page.getByRole("complementary", { name: "Selected span" });

test("20,000 levels are walked to the end and keep their names", async ({ page }) => {
  test.setTimeout(60_000);
  const { traceId } = await send("chain");
  await page.goto(`/traces/${traceId}`);
  await expect(grid(page)).toHaveAttribute("aria-rowcount", "20001", { timeout: 20_000 });
  await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
  const last = grid(page).locator('[aria-level="20000"]');
  await expect(last.getByText("call 0", { exact: false })).toBeInViewport();
  await expect(last.getByText("20,000")).toBeVisible();
  await last.click();
  await expect(drawer(page).getByRole("heading", { level: 2 })).toContainText("call");
});

test("20,000 siblings, a circle of parents, and spans without time open as files", async ({ page }) => {
  test.setTimeout(60_000);
  for (const [shape, firstRow] of [
    ["wide", /parent of many/],
    ["cycle", /round 0/],
    ["instant", /at once 0/],
  ] as const) {
    await page.goto(`/traces/${await upload(page, shape)}`);
    await expect(grid(page).getByRole("row", { name: firstRow }).first()).toBeVisible();
    await grid(page).focus();
    for (const key of ["j", "w", "p", "Enter", "z", "0", "e"]) await page.keyboard.press(key);
    await expect(drawer(page)).toBeVisible();
  }
});

test("the first rows of a big trace come with its page, before its spans do", async ({ page }) => {
  test.setTimeout(60_000);
  const traceId = await upload(page, "wide");
  await page.goto(`/traces/${traceId}`);
  await expect(grid(page).getByRole("row", { name: /parent of many/ })).toBeVisible();
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(`**/api/traces/${traceId}`, async (route) => {
    await held;
    await route.continue();
  });
  await page.reload({ waitUntil: "commit" });
  const first = page.getByRole("grid", { name: "First spans" });
  await expect(first.getByRole("row", { name: /parent of many/ })).toBeVisible();
  await expect(page.getByText(/rows? for 20,000 spans/)).toBeVisible();
  await expect(grid(page)).toBeHidden();
  await expectAccessible(page);
  release();
  await expect(grid(page).getByRole("row", { name: /parent of many/ })).toBeVisible();
  await expect(first).toBeHidden();
});

test("a clock a year behind does not make the request a line", async ({ page }) => {
  const { traceId } = await send("skew");
  await page.goto(`/traces/${traceId}`);
  await expect(page.getByText("clocks differ by")).toBeVisible();
  await expect(page.getByRole("slider", { name: "Visible window" })).not.toHaveAttribute("aria-valuetext", /8,760/);
  await expect(grid(page).getByRole("row", { name: /GET \/now/ })).toBeVisible();
  await grid(page)
    .getByRole("row", { name: /GET \/then/, expanded: true })
    .click();
  await expect(drawer(page)).toContainText("starts, moved");
});

test("names that hide or turn around what they say are shown as what they are", async ({ page }) => {
  const { traceId } = await send("names");
  await page.goto(`/traces/${traceId}`);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("GET /⟨U+202E⟩/gpj.tac");
  await expect(grid(page).getByRole("row", { name: /bell/ })).toContainText("␇bell␛[31mred");
  await expect(grid(page).getByRole("row", { name: /\(no name\)/ })).toHaveCount(1);
  await expect(grid(page).getByRole("row", { name: /onerror/ })).toContainText("<img src=x onerror=alert(1)>");
  await expectAccessible(page);
});

test("60 kB in one value and 1,000 attributes are cut by the collector, and whole in a file", async ({ page }) => {
  const { message } = await send("attributes");
  expect(message).toContain("2 spans had attributes dropped or cut");
  await page.goto(`/traces/${await upload(page, "attributes")}`);
  await grid(page)
    .getByRole("row", { name: /heavy luggage/ })
    .click();
  await drawer(page).getByRole("button", { name: "Show all 60,000 characters" }).click();
  await expect(drawer(page)).toContainText("x".repeat(60_000));
  await grid(page)
    .getByRole("row", { name: /many small things/ })
    .click();
  await expect(drawer(page).getByText("key.99", { exact: true })).toBeVisible();
  await expect(drawer(page).getByText("key.100", { exact: true })).toHaveCount(0);
  await drawer(page).getByRole("button", { name: "Show all 1,000", exact: true }).click();
  await expect(drawer(page).getByText("key.999", { exact: true })).toBeVisible();
});

test("3,000 spans of one id and 400 orphans are told for what they are", async ({ page }) => {
  const duplicates = await send("duplicates");
  await page.goto(`/traces/${duplicates.traceId}`);
  await expect(page.getByText(/3,000 .*ids?|duplicate/i).first()).toBeVisible();
  const orphans = await send("orphans");
  await page.goto(`/traces/${orphans.traceId}`);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Root span missing");
  await expect(page.getByText(/400 orphans/)).toBeVisible();
});
