// Reads how many tests passed and failed from what the runners wrote for machines.
import fs from "node:fs";

/** Tests of a vitest JSON report; a skipped test counts as failed, since nothing may be skipped in silence. */
export function vitestCounts(file) {
  const report = readJson(file);
  if (report === undefined) return { passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests, numPendingTests, numFailedTestSuites } = report;
  // A file that fails to load has no tests to fail.
  const brokenFiles = numFailedTests === 0 && numFailedTestSuites > 0 ? numFailedTestSuites : 0;
  return { passed: numPassedTests, failed: numFailedTests + numPendingTests + brokenFiles };
}

/** Tests of a Playwright JSON report; flaky and skipped ones count as failed. */
export function playwrightCounts(file) {
  const { stats } = readJson(file) ?? {};
  if (stats === undefined) return { passed: 0, failed: 1 };
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky + stats.skipped };
}

/** Prints the last line of a test command and returns its exit code: 0 only if tests ran and none failed. */
export function totalLine(counts) {
  const sum = (key) => counts.reduce((total, count) => total + count[key], 0);
  const [passed, failed] = [sum("passed"), sum("failed")];
  console.log(`\n${passed} passed, ${failed} failed`);
  return passed > 0 && failed === 0 ? 0 : 1;
}

function readJson(file) {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
