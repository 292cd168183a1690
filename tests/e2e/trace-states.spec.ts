import type { Page } from "@playwright/test";
import { expect, expectAccessible, test } from "../support/e2e";
import { shoot } from "../support/shoot";

const OTLP_URL = process.env.OPS_E2E_OTLP_URL ?? "";
const SERVER = 2;
const CLIENT = 3;

type Sent = {
  id: number;
  parent?: number;
  service?: string;
  name: string;
  startMs: number;
  durationMs: number;
  kind?: number;
  attributes?: Record<string, string | number>;
};
const hex = (value: number, length: number) => value.toString(16).padStart(length, "0");

async function send(seed: number, spans: readonly Sent[], endedMsAgo: number): Promise<string> {
  const traceId = `57a7e5${hex(seed, 26)}`;
  const lastMs = Math.max(...spans.map(({ startMs, durationMs }) => startMs + durationMs));
  const originMs = Date.now() - endedMsAgo - lastMs;
  const resourceSpans = spans.map(
    ({ id, parent, service = "state-web", kind = 1, name, startMs, durationMs, attributes = {} }) => ({
      resource: { attributes: [{ key: "service.name", value: { stringValue: service } }] },
      scopeSpans: [
        {
          spans: [
            {
              traceId,
              spanId: hex(seed * 1000 + id, 16),
              ...(parent === undefined ? {} : { parentSpanId: hex(seed * 1000 + parent, 16) }),
              name,
              kind,
              startTimeUnixNano: `${Math.round((originMs + startMs) * 1000)}000`,
              endTimeUnixNano: `${Math.round((originMs + startMs + durationMs) * 1000)}000`,
              attributes: Object.entries(attributes).map(([key, value]) => ({
                key,
                value: typeof value === "number" ? { doubleValue: value } : { stringValue: value },
              })),
              status: {},
            },
          ],
        },
      ],
    }),
  );
  const response = await fetch(`${OTLP_URL}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ resourceSpans }),
  });
  expect(response.status).toBe(200);
  return traceId;
}

const HEALTHY: Sent[] = [
  { id: 1, name: "GET /fine", startMs: 0, durationMs: 42, kind: SERVER },
  { id: 2, parent: 1, name: "render", startMs: 1, durationMs: 40 },
];
const HOUR_MS = 3_600_000;

test.beforeEach(() => test.setTimeout(90_000));

const badges = (page: Page) => page.getByRole("list", { name: "How far this trace can be trusted" });
const why = (page: Page) => page.getByRole("region", { name: "Why it took so long" });

async function expectWhole(page: Page): Promise<void> {
  await expectAccessible(page);
  const extraPx = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(extraPx).toBeLessThanOrEqual(0);
}

test("a healthy trace says so in one calm line, and offers nothing to do", async ({ page }) => {
  const traceId = await send(1, HEALTHY, HOUR_MS);
  await page.goto(`/traces/${traceId}`);
  await expect(why(page)).toContainText(/42\sms, nothing in it stands out/);
  await expect(badges(page)).toContainText("settled");
  await expect(badges(page)).toContainText("no orphans");
  await expect(page.getByRole("region", { name: "What to do" })).toHaveCount(0);
  await expectWhole(page);
  await shoot(page, "healthy");
});

test("orphans, a skewed clock and sampling each have a badge that explains itself", async ({ page }) => {
  const traceId = await send(
    2,
    [
      {
        id: 1,
        name: "POST /buy",
        startMs: 0,
        durationMs: 1200,
        kind: SERVER,
        attributes: { "sampling.probability": 0.1 },
      },
      { id: 2, parent: 1, name: "charge", startMs: 20, durationMs: 150, kind: CLIENT },
      { id: 3, parent: 2, service: "state-bank", name: "POST /charge", startMs: -400, durationMs: 120, kind: SERVER },
      { id: 4, parent: 99, name: "audit", startMs: 300, durationMs: 20 },
      { id: 5, parent: 1, name: "render", startMs: 1000, durationMs: 190 },
    ],
    HOUR_MS,
  );
  await page.goto(`/traces/${traceId}`);
  await expect(badges(page)).toContainText("1 orphan");
  await expect(badges(page)).toContainText(/clocks differ by 4\d\d\sms/);
  await expect(badges(page)).toContainText("sampled 1 in 10");
  await page.getByRole("button", { name: "What these badges mean" }).click();
  await expect(
    page.getByRole("definition").filter({ hasText: "1 span names a parent that is not in this trace" }),
  ).toBeVisible();
  await expect(
    page.getByRole("definition").filter({ hasText: "is shown moved. Clocks differ by about" }),
  ).toBeVisible();
  await expectWhole(page);
  await shoot(page, "doubts");
});

test("time that no span explains has a badge, a clause and a row", async ({ page }) => {
  const traceId = await send(
    8,
    [
      { id: 1, name: "POST /quiet", startMs: 0, durationMs: 1000, kind: SERVER },
      { id: 2, parent: 1, name: "load", startMs: 5, durationMs: 95 },
      { id: 3, parent: 1, name: "render", startMs: 900, durationMs: 98 },
    ],
    HOUR_MS,
  );
  await page.goto(`/traces/${traceId}`);
  await expect(badges(page)).toContainText(/gap 8\d\d\sms/);
  await expect(why(page).getByRole("list", { name: "Findings" })).toContainText("Unaccounted");
  await expect(page.getByRole("treegrid").getByRole("row", { name: /unaccounted, after load/ })).toBeVisible();
  await expectWhole(page);
  await shoot(page, "gap");
});

test("a trace that is still arriving says so, and takes in what comes without losing the view", async ({ page }) => {
  const early: Sent[] = [
    { id: 1, name: "GET /late", startMs: 0, durationMs: 900, kind: SERVER },
    { id: 2, parent: 1, name: "load", startMs: 10, durationMs: 300 },
  ];
  const traceId = await send(3, early, 5000);
  await page.goto(`/traces/${traceId}`);
  await expect(badges(page)).toContainText("still arriving");
  const row = (name: RegExp) => page.getByRole("treegrid").getByRole("row", { name });
  await row(/^load/).click();
  await expect(page.getByRole("complementary", { name: "Selected span" })).toContainText("load");
  await shoot(page, "arriving");
  await send(3, [...early, { id: 3, parent: 1, name: "came later", startMs: 320, durationMs: 500 }].slice(2), 5000);
  await expect(row(/^came later/)).toBeVisible({ timeout: 15_000 });
  await expect(page.getByRole("complementary", { name: "Selected span" })).toContainText("load");
  await expect(row(/^load/)).toHaveAttribute("aria-selected", "true");
});

test("a trace that came shorter than the search had counted is called cut short", async ({ page }) => {
  const traceId = await send(4, HEALTHY, HOUR_MS);
  await page.route(`**/api/traces/${traceId}`, async (route) => {
    const response = await route.fetch();
    const reply = await response.json();
    reply.facts.expectedSpanCount = 5;
    await route.fulfill({ response, json: reply });
  });
  await page.goto(`/traces/${traceId}`);
  await expect(badges(page)).toContainText("cut short, 2 of 5");
  await expectWhole(page);
  await shoot(page, "cut");
});

test("while a trace and its verdict are read, the page keeps their places", async ({ page }) => {
  const traceId = await send(5, HEALTHY, HOUR_MS);
  const held: (() => void)[] = [];
  for (const pattern of [`**/api/traces/${traceId}`, `**/api/traces/${traceId}/findings`]) {
    await page.route(pattern, async (route) => {
      await new Promise<void>((resolve) => held.push(resolve));
      await route.continue();
    });
  }
  await page.goto(`/traces/${traceId}`);
  await expect(page.getByText(/is loading/)).toBeAttached();
  await expectWhole(page);
  await shoot(page, "loading");
  await expect.poll(() => held.length).toBeGreaterThan(0);
  held.shift()?.();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("GET /fine");
  await expect(page.getByRole("status", { name: "Why it took so long" })).toHaveAttribute("aria-busy", "true");
  await expectWhole(page);
  await shoot(page, "loading-verdict");
  for (const go of held.splice(0)) go();
});

test.describe("what goes wrong", () => {
  test.use({ expectedErrors: /status of (404|413|502|503|504)|ERR_FAILED/ });

  const problem = (status: number, code: string, detail: string) => ({
    status,
    contentType: "application/problem+json",
    body: JSON.stringify({ type: "about:blank", title: code, status, code, detail, traceId: "57a7e5" }),
  });

  for (const [name, status, code, title, detail] of [
    ["down", 502, "upstream_unreachable", "The source does not answer", "Jaeger at jaeger:16686 refuses connections."],
    ["timeout", 504, "upstream_timeout", "The source took too long", "Jaeger did not answer in 10 s."],
    ["too-large", 502, "upstream_too_large", "The answer is too large", "Jaeger's answer is larger than 64 MB."],
    ["nonsense", 502, "upstream_invalid", "The source answered nonsense", "Jaeger sent a trace that makes no sense."],
  ] as const) {
    test(`a trace that cannot be read says why, what still works, and tries again: ${code}`, async ({ page }) => {
      const traceId = await send(10 + status + name.length, HEALTHY, HOUR_MS);
      let isDown = true;
      await page.route(`**/api/traces/${traceId}`, (route) =>
        isDown ? route.fulfill(problem(status, code, detail)) : route.continue(),
      );
      await page.goto(`/traces/${traceId}`);
      const alert = page.getByRole("main").getByRole("alert");
      await expect(alert).toContainText(title, { timeout: 20_000 });
      await expect(alert).toContainText(detail);
      await expect(alert).toContainText("still work");
      await expectWhole(page);
      await shoot(page, name);
      isDown = false;
      await alert.getByRole("button", { name: "Try again" }).click();
      await expect(page.getByRole("heading", { level: 1 })).toContainText("GET /fine");
    });
  }

  test("an unknown trace says why it may be missing", async ({ page }) => {
    await page.goto(`/traces/${hex(0x404, 32)}`);
    await expect(page.getByRole("heading", { name: "Trace not found" })).toBeVisible();
    await expectWhole(page);
    await shoot(page, "not-found");
  });

  test("a verdict that cannot be had leaves the spans, and is asked for again", async ({ page }) => {
    const traceId = await send(6, HEALTHY, HOUR_MS);
    let isDown = true;
    await page.route(`**/api/traces/${traceId}/findings`, (route) =>
      isDown ? route.fulfill(problem(504, "upstream_timeout", "Jaeger did not answer in 10 s.")) : route.continue(),
    );
    await page.goto(`/traces/${traceId}`);
    await expect(why(page).getByRole("alert")).toContainText("The source took too long", { timeout: 20_000 });
    await expect(page.getByRole("treegrid").getByRole("row", { name: /^render/ })).toBeVisible();
    await expectWhole(page);
    await shoot(page, "no-verdict");
    isDown = false;
    await why(page).getByRole("button", { name: "Try again" }).click();
    await expect(why(page)).toContainText("nothing in it stands out");
  });

  test("a trace on the screen stays when its source goes away, with its age", async ({ page }) => {
    const traceId = await send(7, HEALTHY, 5000);
    await page.goto(`/traces/${traceId}`);
    await expect(badges(page)).toContainText("still arriving");
    await page.route(`**/api/traces/${traceId}`, (route) =>
      route.fulfill(problem(502, "upstream_unreachable", "Jaeger at jaeger:16686 refuses connections.")),
    );
    await expect(page.getByRole("status").filter({ hasText: "newer spans may be missing" })).toBeVisible({
      timeout: 25_000,
    });
    await expect(page.getByRole("treegrid").getByRole("row", { name: /^render/ })).toBeVisible();
    await expectWhole(page);
    await shoot(page, "stale");
  });
});
