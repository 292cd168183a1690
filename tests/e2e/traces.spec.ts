import fs from "node:fs";
import type { Page } from "@playwright/test";
import { expect, expectAccessible, test } from "../support/e2e";

const OTLP_URL = process.env.OPS_E2E_OTLP_URL ?? "";
const ERROR = 2;

type SpanRow = { id: number; parent?: number; name: string; startMs: number; durationMs: number; isError?: boolean };

const hex = (value: number, length: number) => value.toString(16).padStart(length, "0");

/** Sends one trace as an application would, a minute ago. */
async function sendTrace({
  seed,
  service,
  spans,
}: {
  seed: number;
  service: string;
  spans: SpanRow[];
}): Promise<string> {
  const traceId = hex(seed, 32);
  const originMs = Date.now() - 60_000;
  const nano = (ms: number) => `${Math.round(originMs + ms)}000000`;
  const response = await fetch(`${OTLP_URL}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      resourceSpans: [
        {
          resource: { attributes: [{ key: "service.name", value: { stringValue: service } }] },
          scopeSpans: [
            {
              scope: { name: "e2e" },
              spans: spans.map(({ id, parent, name, startMs, durationMs, isError }) => ({
                traceId,
                spanId: hex(seed * 1000 + id, 16),
                ...(parent === undefined ? {} : { parentSpanId: hex(seed * 1000 + parent, 16) }),
                name,
                kind: 2,
                startTimeUnixNano: nano(startMs),
                endTimeUnixNano: nano(startMs + durationMs),
                attributes: [{ key: "shop.basket", value: { stringValue: `basket-${id}` } }],
                status: isError === true ? { code: ERROR, message: "card refused" } : {},
              })),
            },
          ],
        },
      ],
    }),
  });
  expect(response.status).toBe(200);
  return traceId;
}

const SLOW: SpanRow[] = [
  { id: 1, name: "POST /pay", startMs: 0, durationMs: 900 },
  { id: 2, parent: 1, name: "load basket", startMs: 10, durationMs: 100 },
  { id: 3, parent: 2, name: "SELECT items", startMs: 20, durationMs: 40 },
  { id: 4, parent: 1, name: "charge card", startMs: 200, durationMs: 600, isError: true },
];

async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const extraPx = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(extraPx).toBeLessThanOrEqual(0);
}

test("a trace is found, sorted to the top, opened and read", async ({ page }) => {
  const service = "pay-shop";
  const traceId = await sendTrace({ seed: 0xa1, service, spans: SLOW });
  await sendTrace({ seed: 0xa2, service, spans: [{ id: 1, name: "GET /ping", startMs: 0, durationMs: 5 }] });
  await test.step("the search finds what its service sent", async () => {
    await page.goto(`/traces?service=${service}`);
    await expect(page.getByRole("link", { name: "POST /pay" })).toBeVisible();
    await expect(page.getByRole("link", { name: "GET /ping" })).toBeVisible();
    await expectAccessible(page);
  });
  await test.step("attributes and durations narrow it, and stand in the address", async () => {
    await page.getByRole("combobox", { name: "Query" }).fill("dur>=300ms");
    await page.getByRole("combobox", { name: "Query" }).press("Enter");
    await expect(page).toHaveURL(/q=.*dur/);
    await expect(page.getByRole("link", { name: "GET /ping" })).toBeHidden();
    await page.goto(`/traces?service=${service}&attributes=shop.basket%3Dbasket-4`);
    await expect(page.getByRole("link", { name: "POST /pay" })).toBeVisible();
    await expect(page.getByRole("link", { name: "GET /ping" })).toBeHidden();
  });
  await test.step("a refused value is named where it stands", async () => {
    await page.goto(`/traces?service=${service}&min=fast`);
    await expect(page.getByRole("combobox", { name: "Query" })).toHaveAttribute("aria-invalid", "true");
  });
  await test.step("sorting by duration puts the slow one first", async () => {
    await page.goto(`/traces?service=${service}`);
    await page.getByRole("columnheader", { name: "Duration", exact: true }).getByRole("button").click();
    await expect(page).toHaveURL(/sort=-duration/);
    await expect(page.getByRole("grid").getByRole("link").first()).toHaveText("POST /pay");
  });
  await test.step("the trace page shows its spans as a tree", async () => {
    await page.getByRole("link", { name: "POST /pay" }).click();
    await expect(page).toHaveURL(new RegExp(`/traces/${traceId}`));
    await expect(page.getByRole("treegrid").getByRole("row", { name: /^SELECT items/ })).toHaveAttribute(
      "aria-level",
      "3",
    );
    await page.getByRole("button", { name: "Fold load basket" }).click();
    await expect(page.getByRole("treegrid").getByRole("row", { name: /^SELECT items/ })).toBeHidden();
    await expectAccessible(page);
  });
  await test.step("the next error opens by keyboard, and its address opens the same view", async () => {
    await page.getByRole("treegrid").focus();
    await page.keyboard.press("e");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("complementary", { name: "Selected span" })).toContainText("card refused");
    await expect(page).toHaveURL(/span=/);
    await page.reload();
    await expect(page.getByRole("complementary", { name: "Selected span" })).toContainText("basket-4");
  });
});

test("a trace goes out as a file and comes back", async ({ page }) => {
  const traceId = await sendTrace({ seed: 0xb1, service: "file-shop", spans: SLOW });
  await page.goto(`/traces/${traceId}`);
  await page.getByRole("button", { name: "Download" }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: "OTLP JSON" }).click(),
  ]);
  const file = test.info().outputPath("trace.json");
  await download.saveAs(file);
  expect(fs.statSync(file).size).toBeGreaterThan(100);
  await page.goto("/traces");
  await page.getByLabel("Trace file").setInputFiles(file);
  await expect(page).toHaveURL(/\/traces\/upload-/);
  await expect(page.getByRole("treegrid").getByRole("row", { name: /^charge card/ })).toBeVisible();
});

test("a file chosen while the page's code is still coming is opened", async ({ page }) => {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route("**/_next/static/**/*.js", async (route) => {
    await released;
    await route.continue();
  });
  await page.goto("/traces", { waitUntil: "commit" });
  await expect(page.getByRole("button", { name: "Open file" })).toBeVisible();
  const chosen = page
    .getByLabel("Trace file")
    .setInputFiles({ name: "trace.json", mimeType: "application/json", buffer: traceFile() });
  release();
  await chosen;
  await expect(page).toHaveURL(/\/traces\/upload-/);
});

test("a trace goes out in Jaeger's own format", async ({ page }) => {
  const traceId = await sendTrace({ seed: 0xb2, service: "file-shop", spans: SLOW });
  await page.goto(`/traces/${traceId}`);
  await page.getByRole("button", { name: "Download" }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: "Jaeger JSON" }).click(),
  ]);
  const file = test.info().outputPath("jaeger.json");
  await download.saveAs(file);
  const [trace] = JSON.parse(fs.readFileSync(file, "utf8")).data;
  const names = trace.spans.map(({ operationName }: { operationName: string }) => operationName);
  expect(names.sort()).toEqual(SLOW.map(({ name }) => name).sort());
  const services = Object.values<{ serviceName: string }>(trace.processes);
  expect(services.map(({ serviceName }) => serviceName)).toEqual(["file-shop"]);
});

test("a live search shows what comes in by itself, and no other does", async ({ page }) => {
  const service = "live-shop";
  await sendTrace({ seed: 0xd1, service, spans: [{ id: 1, name: "GET /first", startMs: 0, durationMs: 5 }] });
  await page.goto(`/traces?service=${service}`);
  await expect(page.getByRole("link", { name: "GET /first" })).toBeVisible();
  await page.getByRole("button", { name: "Live", exact: true }).click();
  await expect(page).toHaveURL(/live=1/);
  await sendTrace({ seed: 0xd2, service, spans: [{ id: 1, name: "GET /second", startMs: 0, durationMs: 5 }] });
  await expect(page.getByRole("link", { name: "GET /second" })).toBeVisible({ timeout: 15_000 });
  await page.getByRole("button", { name: "Live", exact: true }).click();
  await expect(page).not.toHaveURL(/live=1/);
});

test("the address opens the same view: text to find, services shown, window", async ({ page }) => {
  const traceId = await sendTrace({ seed: 0xe1, service: "view-shop", spans: SLOW });
  await page.goto(`/traces/${traceId}`);
  await page
    .getByRole("treegrid")
    .getByRole("row", { name: /^charge card/ })
    .click();
  await page.keyboard.press("z");
  await page.getByLabel("Find in this trace").fill("card");
  await expect(page).toHaveURL(/find=card.*zoom=140000-860000/);
  await page.reload();
  await expect(page.getByLabel("Find in this trace")).toHaveValue("card");
  await expect(page.getByRole("complementary", { name: "Selected span" })).toContainText("card refused");
  await expect(page.getByText(/720\sms of/)).toBeVisible();
  await page.goto(`/traces/${traceId}?hide=view-shop`);
  await expect(page.getByRole("button", { name: /view-shop/ })).toHaveAttribute("aria-pressed", "false");
});

test("the console's own traces are left out of all services until asked for", async ({ page }) => {
  await sendTrace({
    seed: 0xf1,
    service: "ops-console-e2e",
    spans: [{ id: 1, name: "own work", startMs: 0, durationMs: 5 }],
  });
  await sendTrace({
    seed: 0xf2,
    service: "other-shop",
    spans: [{ id: 1, name: "GET /other", startMs: 0, durationMs: 5 }],
  });
  // The shortest first: they are the two of this test.
  await page.goto("/traces?sort=duration");
  await expect(page.getByRole("link", { name: "GET /other" })).toBeVisible({ timeout: 15_000 });
  await expect(page.getByRole("link", { name: "own work" })).toBeHidden();
  await page.getByRole("button", { name: /^Filters/ }).click();
  await page.getByLabel("Traces of this console, too").check();
  await page.getByRole("dialog").getByRole("button", { name: "Search" }).click();
  await expect(page).toHaveURL(/own=1/);
  await page.goto("/traces?service=ops-console-e2e");
  await expect(page.getByRole("link", { name: "own work" })).toBeVisible();
});

test.describe("an address that leads nowhere", () => {
  // The page asks for the trace and is told that there is none: the browser notes the 404.
  test.use({ expectedErrors: /status of 404/ });

  test("an unknown trace says why it may be missing", async ({ page }) => {
    const response = await page.goto(`/traces/${hex(0xdead, 32)}`);
    expect(response?.status()).toBe(404);
    await expect(page.getByRole("heading", { name: "Trace not found" })).toBeVisible();
    await expectAccessible(page);
  });
});

test("both screens fit a phone in the dark", async ({ browser }) => {
  const traceId = await sendTrace({ seed: 0xc1, service: "phone-shop", spans: SLOW });
  const page = await browser.newPage({ viewport: { width: 360, height: 740 }, colorScheme: "dark", hasTouch: true });
  await page.goto("/traces?service=phone-shop");
  await expect(page.getByRole("link", { name: "POST /pay" })).toBeVisible();
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
  await page.goto(`/traces/${traceId}`);
  // Rows are drawn where they are looked at: on a phone the verdict comes first.
  await page.getByText("critical path: what decided the end").scrollIntoViewIfNeeded();
  await page
    .getByRole("treegrid")
    .getByRole("row", { name: /^charge card/ })
    .click();
  await expect(page.getByRole("complementary", { name: "Selected span" })).toContainText("card refused");
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
  await page.close();
});

/** A file with one trace of one span. */
function traceFile(): Buffer {
  const span = {
    traceId: "c0ffee00000000000000000000000001",
    spanId: "c0ffee0000000001",
    name: "from a file",
    startTimeUnixNano: "1795347664300000000",
    endTimeUnixNano: "1795347664400000000",
  };
  const resource = { attributes: [{ key: "service.name", value: { stringValue: "file-shop" } }] };
  return Buffer.from(JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] }));
}
