// Reads what the test runners wrote for machines, and tells it: how many passed, which failed and why, in the last lines.
import fs from "node:fs";
import path from "node:path";

/**
 * @typedef {{ file: string, title: string, reason: string }} Failure  `file` is relative to the checkout.
 * @typedef {{ passed: number, failures: Failure[], unsteady: Failure[] }} Outcome
 *   `unsteady` failed at first and passed when asked again: they count as passed, and are named for somebody to mend.
 */

/** Tests of a vitest JSON report; a skipped test counts as failed, since nothing may be skipped in silence. */
export function vitestOutcome(report) {
  const { testResults } = readJson(report) ?? {};
  if (testResults === undefined) return brokenOutcome("wrote no report");
  const failures = testResults.flatMap(({ name, message, status, assertionResults }) => {
    const file = path.relative(process.cwd(), name);
    const failed = assertionResults
      .filter((result) => result.status !== "passed")
      .map((result) => ({
        file,
        title: result.fullName,
        reason: result.failureMessages?.[0] ?? `was ${result.status}`,
      }));
    // A file that fails to load has no tests to fail.
    return failed.length === 0 && status === "failed" ? [{ file, title: "(the file)", reason: message }] : failed;
  });
  const passed = testResults.flatMap(({ assertionResults }) => assertionResults).filter(isPassed).length;
  return { passed, failures, unsteady: [] };
}

/** Tests of a Playwright JSON report; skipped ones count as failed. */
export function playwrightOutcome(report) {
  const { suites, errors } = readJson(report) ?? {};
  if (suites === undefined) return brokenOutcome("wrote no report");
  const told = suites.flatMap(specsOf).flatMap(testsOf);
  const having = (...statuses) => told.filter(({ status }) => statuses.includes(status)).map(({ failure }) => failure);
  const outsideTests = errors.map(({ message }) => ({ file: "tests/e2e", title: "(the run)", reason: message }));
  return {
    passed: having("expected", "flaky").length,
    failures: [...having("unexpected", "skipped"), ...outsideTests],
    unsteady: having("flaky"),
  };
}

/** The outcome of a suite of which `first` was asked, and then the files of its failures once more, alone. */
export function afterSecondTry(first, second) {
  return {
    passed: first.passed + (second.failures.length === 0 ? first.failures.length : 0),
    failures: second.failures,
    unsteady: [...first.unsteady, ...(second.failures.length === 0 ? first.failures : [])],
  };
}

/** An outcome for a runner that broke before it could count anything. */
export function brokenOutcome(reason) {
  return { passed: 0, failures: [{ file: "", title: "(the run)", reason }], unsteady: [] };
}

/** Names what failed and what was unsteady, then the totals; returns the exit code: 0 only if tests ran and none failed. */
export function tellOutcomes(outcomes) {
  const failures = outcomes.flatMap((outcome) => outcome.failures);
  const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
  for (const failure of outcomes.flatMap((outcome) => outcome.unsteady))
    tell("unsteady, passed when asked again", failure);
  for (const failure of failures) tell("failed", failure);
  console.log(`\n${passed} passed, ${failures.length} failed`);
  return passed > 0 && failures.length === 0 ? 0 : 1;
}

function tell(word, { file, title, reason }) {
  console.log(`\n${word}: ${file} > ${title}\n  ${String(reason).split("\n").slice(0, 6).join("\n  ")}`);
}

const isPassed = ({ status }) => status === "passed";

/** Each test of a spec: its status, and what to tell should it count as a failure. */
function testsOf({ file, title, tests }) {
  return tests.map(({ status, results }) => {
    const reason = results.flatMap((result) => result.errors ?? [])[0]?.message ?? `was ${status}`;
    return { status, failure: { file: path.join("tests/e2e", file), title, reason } };
  });
}

const specsOf = (suite) => [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(specsOf)];

function readJson(file) {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
