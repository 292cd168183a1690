import { type Browser, chromium } from "@playwright/test";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { traceReplySchema, traceSearchReplySchema, traceSourceStatusSchema } from "@/features/traces/contract";
import { resolveBrowser } from "../support/browser.mjs";
import { startConsole, type TestConsole } from "../support/console";
import { type RealJaeger, startRealJaeger } from "./real-jaeger";
import { SENT_OPERATION, SENT_SERVICE, SENT_SPAN_COUNT, sendTraces } from "./send-traces";

describe("the console on a real Jaeger", () => {
  let jaeger: RealJaeger;
  let traceIds: string[];
  let ops: TestConsole;
  let browser: Browser;

  beforeAll(async () => {
    jaeger = await startRealJaeger();
    traceIds = await sendTraces(jaeger.otlpUrl, 12);
    ops = await startConsole({ env: { JAEGER_URL: jaeger.queryUrl } });
    browser = await chromium.launch(await resolveBrowser());
  }, 600_000);
  afterAll(async () => {
    await browser?.close();
    await ops?.stop();
    await jaeger?.stop();
  });

  const get = async (path: string) => (await fetch(`${ops.url}${path}`)).json();

  it("says where its traces come from", async () => {
    const status = traceSourceStatusSchema.parse(await get("/api/trace-source"));
    expect(status).toMatchObject({ state: "up", kind: "legacy", isEmbedded: false });
  });

  it("answers searches and traces over its own API", async () => {
    const found = traceSearchReplySchema.parse(await get(`/api/traces?service=${SENT_SERVICE}&limit=100`));
    expect(found.summaries.map(({ traceId }) => traceId).sort()).toEqual([...traceIds].sort());
    const trace = traceReplySchema.parse(await get(`/api/traces/${traceIds[0]}`));
    expect(trace.columns.spanCount).toBe(SENT_SPAN_COUNT);
  });

  it("shows the traces in the browser, and one of them with its spans", async () => {
    const page = await browser.newPage();
    await page.goto(`${ops.url}/traces?service=${SENT_SERVICE}`);
    // Rows are virtual and the newest is first, so the newest is on screen.
    await page
      .locator(`a[href="/traces/${traceIds.at(-1)}"]`)
      .filter({ hasText: SENT_OPERATION })
      .click();
    const spans = page.getByRole("treegrid", { name: "Spans" });
    await spans.getByText("SELECT line_items").first().waitFor();
    expect(await spans.getByText(SENT_OPERATION).count()).toBeGreaterThan(0);
  });
});
