// npm test: unit, integration and browser tests, all of them even when some fail. The last line has the totals.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { playwrightCounts, totalLine, vitestCounts } from "./test-counts.mjs";

process.chdir(path.join(import.meta.dirname, ".."));
const reports = fs.mkdtempSync(path.join(os.tmpdir(), "ops-console-reports-"));
const totals = [];

const run = (args, env = {}) =>
  spawnSync(process.execPath, args, {
    stdio: "inherit",
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1", ...env },
  }).status === 0;

/** A suite that breaks before it counts anything still counts as a failure. */
function suite(title, isGreen, counts) {
  if (!isGreen && counts.failed === 0) counts.failed = 1;
  console.log(`${title}: ${counts.passed} passed, ${counts.failed} failed`);
  totals.push(counts);
}

for (const project of ["unit", "integration"]) {
  console.log(`\n== ${project} tests`);
  const report = path.join(reports, `${project}.json`);
  const reporters = ["--reporter=dot", "--reporter=json", `--outputFile.json=${report}`];
  const isGreen = run(["node_modules/vitest/vitest.mjs", "run", "--project", project, ...reporters]);
  suite(project, isGreen, vitestCounts(report));
}

console.log("\n== browser tests");
const report = path.join(reports, "browser.json");
const isGreen = run(["node_modules/@playwright/test/cli.js", "test", "--reporter=list,json"], {
  PLAYWRIGHT_JSON_OUTPUT_NAME: report,
});
suite("browser", isGreen, playwrightCounts(report));

fs.rmSync(reports, { recursive: true, force: true });
process.exit(totalLine(totals));
