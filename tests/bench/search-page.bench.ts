import { loadavg } from "node:os";
import { chromium, type Page } from "@playwright/test";
import { resolveBrowser } from "../support/browser.mjs";
import { startConsole } from "../support/console";
import { type SentTrace, sendTraces } from "../support/send-facts-load";
import { reportFigure } from "./report-figure";

/** The traces page in a real browser: from the answer to the painted list, best of five. */
const BUDGETS_MS = { 200: 400, 1500: 1000 } as const;
const ROUNDS = 5;
const TRACES = 1600;

const testConsole = await startConsole();
const browser = await chromium.launch(await resolveBrowser());
try {
  await sendLoad(Number(new URL(testConsole.otlpUrl).port));
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  // The first visit reads the window into the fact table; what is measured is the page.
  await page.goto(`${testConsole.url}/traces?range=15m&limit=20`);
  await page.getByText("100 % of the window read").waitFor();
  console.log(`search-page: ${TRACES} traces, load ${loadavg()[0]?.toFixed(1)}`);
  for (const [limit, budget] of Object.entries(BUDGETS_MS)) {
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) times.push(await measure(page, Number(limit)));
    reportFigure({ what: `${limit} summaries, answer to paint`, value: Math.min(...times), unit: "ms", budget });
  }
} finally {
  await browser.close();
  await testConsole.stop();
}

/** From the end of the answer with the summaries to the frame in which the list has its whole height. */
async function measure(page: Page, limit: number): Promise<number> {
  await page.goto("about:blank");
  await page.goto(`${testConsole.url}/traces?range=15m&limit=${limit}`, { waitUntil: "commit" });
  return page.evaluate(async (count) => {
    const rowPx = 26;
    for (;;) {
      await new Promise(requestAnimationFrame);
      const rows = document.querySelector<HTMLElement>("[role=grid] > [role=rowgroup]");
      if (rows === null || rows.children.length === 0 || rows.offsetHeight !== count * rowPx) continue;
      // The frame after the one that has the rows has painted them.
      await new Promise(requestAnimationFrame);
      const answer = performance
        .getEntriesByType("resource")
        .find(({ name }) => name.includes("/api/traces/facts")) as PerformanceResourceTiming;
      return performance.now() - answer.responseEnd;
    }
  }, limit);
}

async function sendLoad(otlpPort: number): Promise<void> {
  const nowUs = (Date.now() - 5000) * 1000;
  const traces = Array.from(
    { length: TRACES },
    (_, at): SentTrace => ({
      service: `shop-${at % 4}`,
      operation: `GET /shelf/${at % 12}`,
      startUs: nowUs - at * 300_000,
      durationUs: 5000 + ((at * 7919) % 1000) * 900,
      isFailed: at % 60 === 0,
      call: { service: "stock", name: "count", offsetUs: 100, durationUs: 2000 },
    }),
  );
  await sendTraces(otlpPort, "bench", traces);
}
