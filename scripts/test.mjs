// npm test: unit, integration and browser tests, all of them even when some fail. The last lines name what failed and
// have the totals. A test that fails among others is asked once more without them: time limits on a busy machine are no
// fault of the product. What passes only then is named as unsteady, to be mended like any other fault.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterSecondTry, brokenOutcome, playwrightOutcome, tellOutcomes, vitestOutcome } from "./test-report.mjs";

/** More failing files than this are no accident. */
const MAX_SECOND_TRY_FILES = 4;

process.chdir(path.join(import.meta.dirname, ".."));
const reports = fs.mkdtempSync(path.join(os.tmpdir(), "ops-console-reports-"));

const run = (args, env = {}) =>
  spawnSync(process.execPath, args, {
    stdio: "inherit",
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1", ...env },
  }).status === 0;

function runVitest(project, attempt, files) {
  const report = path.join(reports, `${project}-${attempt}.json`);
  const reporters = ["--reporter=dot", "--reporter=json", `--outputFile.json=${report}`];
  const isGreen = run(["node_modules/vitest/vitest.mjs", "run", "--project", project, ...reporters, ...files]);
  return orBroken(isGreen, vitestOutcome(report));
}

function runPlaywright() {
  const report = path.join(reports, "browser.json");
  const isGreen = run(["node_modules/@playwright/test/cli.js", "test", "--reporter=list,json"], {
    PLAYWRIGHT_JSON_OUTPUT_NAME: report,
  });
  return orBroken(isGreen, playwrightOutcome(report));
}

/** A suite that breaks without a failure to name still counts as one. */
function orBroken(isGreen, outcome) {
  if (isGreen || outcome.failures.length > 0) return outcome;
  return { ...brokenOutcome("the runner ended with an error"), passed: outcome.passed };
}

function vitestSuite(project) {
  console.log(`\n== ${project} tests`);
  const first = runVitest(project, 1, []);
  if (first.failures.length === 0) return first;
  // Without a file the runner itself broke, a starved worker that could not report for instance: then all are asked.
  const files = [...new Set(first.failures.map(({ file }) => file))].filter((file) => file !== "");
  if (files.length > MAX_SECOND_TRY_FILES) return first;
  console.log(`\n== ${project} tests, once more: ${files.join(", ") || "all of them"}`);
  const second = runVitest(project, 2, [...files, "--no-file-parallelism"]);
  return files.length > 0 ? afterSecondTry(first, second) : { ...second, unsteady: first.failures };
}

function browserSuite() {
  console.log("\n== browser tests");
  return runPlaywright();
}

const outcomes = [];
for (const suite of [() => vitestSuite("unit"), () => vitestSuite("integration"), browserSuite]) {
  const outcome = suite();
  console.log(`${outcome.passed} passed, ${outcome.failures.length} failed so far in this suite`);
  outcomes.push(outcome);
}
fs.rmSync(reports, { recursive: true, force: true });
process.exit(tellOutcomes(outcomes));
