import type { Page } from "@playwright/test";
import { expect, expectAccessible, test } from "../support/e2e";

const OTLP_URL = process.env.OPS_E2E_OTLP_URL ?? "";
const TRACE_ID = "510a".padEnd(32, "0");
const SIDE = encodeURIComponent(JSON.stringify({ service: "slow-shop", operation: "GET /slow" }));

/** Every screen whose answer may take a while, what is held back on it, and what it says it waits for. */
const SCREENS = [
  ["/traces", /\/api\/traces\/facts/, "has not answered this search"],
  ["/services", /\/api\/services$/, "names of all services"],
  ["/services?own=1", /\/red\?/, "read and counted"],
  ["/services?view=map", /\/api\/services\/map/, "who calls whom"],
  ["/services/slow-shop", /\/red\?/, "read and counted"],
  [`/traces/compare?a=${SIDE}&b=${SIDE}`, /\/api\/traces\/compare/, "requests of each side"],
  ["/traces/critical-path?service=slow-shop", /\/api\/traces\/critical-path/, "slowest requests are looked for"],
  [`/traces/${TRACE_ID}`, new RegExp(`/api/traces/${TRACE_ID}$`), "sends the spans of this trace"],
] as const;

test.beforeAll(async () => {
  const startMs = Date.now() - 30_000;
  const span = {
    traceId: TRACE_ID,
    spanId: "00000000000000a1",
    name: "GET /slow",
    kind: 2,
    startTimeUnixNano: `${startMs}000000`,
    endTimeUnixNano: `${startMs + 40}000000`,
  };
  const resource = { attributes: [{ key: "service.name", value: { stringValue: "slow-shop" } }] };
  const response = await fetch(`${OTLP_URL}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] }),
  });
  expect(response.status).toBe(200);
});

/** Holds every such question back until it is let go. */
async function hold(page: Page, pattern: RegExp): Promise<() => void> {
  let release = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(pattern, async (route) => {
    await gate;
    // Cancelled meanwhile: nobody is there to take the answer.
    await route.continue().catch(() => {});
  });
  return release;
}

for (const [path, pattern, waitsFor] of SCREENS) {
  test(`${path} says what it waits for, can be stopped, and asked again`, async ({ page }, info) => {
    const release = await hold(page, pattern);
    await page.goto(path);
    const note = page.getByRole("main").getByRole("status").filter({ hasText: "Still working" });
    await expect(note).toContainText(waitsFor);
    await expectAccessible(page);
    await info.attach("still working", { body: await page.screenshot(), contentType: "image/png" });
    await page.getByRole("main").getByRole("button", { name: "Cancel" }).click();
    const again = page.getByRole("main").getByRole("button", { name: "Ask again" });
    await expect(again).toBeVisible();
    release();
    await again.click();
    await expect(again).toHaveCount(0);
    await expect(note).toHaveCount(0);
    await expect(page.getByRole("main").getByRole("alert")).toHaveCount(0);
  });
}

test.describe("a service that nobody knows", () => {
  test.use({ expectedErrors: /status of 404.*nobody-of-this-name/ });

  test("is not there, says that nothing came, and draws no empty charts", async ({ page }) => {
    const answer = await page.goto("/services/nobody-of-this-name");
    expect(answer?.status()).toBe(404);
    await expect(page.getByRole("main").getByText("No requests in this window")).toBeVisible();
    await expect(page.getByRole("region", { name: "Rate, errors, duration" })).toHaveCount(0);
    await expectAccessible(page);
  });
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 360, height: 740 }, colorScheme: "dark" });

  test("the note is no wider than the screen", async ({ page }, info) => {
    await hold(page, /\/api\/traces\/facts/);
    await page.goto("/traces");
    await expect(page.getByText("Still working")).toBeVisible();
    await info.attach("still working on a phone", { body: await page.screenshot(), contentType: "image/png" });
    const { scrollWidth, clientWidth } = await page.evaluate(() => document.documentElement);
    expect(scrollWidth).toBe(clientWidth);
  });
});
