import { defineConfig } from "@playwright/test";
import { resolveBrowser } from "./tests/support/browser.mjs";

export default defineConfig({
  testDir: "tests/e2e",
  outputDir: "test-results",
  globalSetup: "./tests/support/console-global-setup.ts",
  workers: 2,
  // One that passes only now is named as unsteady at the end of npm test (scripts/test.mjs).
  retries: 1,
  // A busy machine is no fault of the page: conditions are waited for, however long that takes within reason.
  timeout: 90_000,
  expect: { timeout: 15_000 },
  forbidOnly: true,
  use: {
    // A getter would be lost between processes; workers read the config anew, after the console has started.
    baseURL: process.env.OPS_E2E_URL ?? "http://127.0.0.1:1",
    launchOptions: await resolveBrowser(),
    trace: "retain-on-failure",
  },
});
