import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { afterSecondTry, playwrightOutcome, tellOutcomes, vitestOutcome } from "./test-report.mjs";

let dir: string;
beforeEach(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), "report-"));
});
afterEach(() => {
  fs.rmSync(dir, { recursive: true });
  vi.restoreAllMocks();
});

function written(report: unknown): string {
  const file = path.join(dir, "report.json");
  fs.writeFileSync(file, JSON.stringify(report));
  return file;
}

const aTest = (fullName: string, status: string, failureMessages: string[] = []) => ({
  fullName,
  status,
  failureMessages,
});
const aFile = (name: string, assertionResults: object[], status = "passed", message = "") => ({
  name: path.resolve(name),
  status,
  message,
  assertionResults,
});

describe("a report of vitest", () => {
  it("names every failed and every skipped test with its file and reason", () => {
    const tests = [aTest("adds", "passed"), aTest("divides", "failed", ["by zero"]), aTest("rounds", "pending")];
    expect(vitestOutcome(written({ testResults: [aFile("a.test.ts", tests, "failed")] }))).toEqual({
      passed: 1,
      failures: [
        { file: "a.test.ts", title: "divides", reason: "by zero" },
        { file: "a.test.ts", title: "rounds", reason: "was pending" },
      ],
      unsteady: [],
    });
  });

  it("counts a file that does not load", () => {
    const { passed, failures } = vitestOutcome(
      written({ testResults: [aFile("b.test.ts", [], "failed", "no such module")] }),
    );
    expect([passed, failures]).toEqual([0, [{ file: "b.test.ts", title: "(the file)", reason: "no such module" }]]);
  });

  it("is a failure when it is missing or holds no tests", () => {
    expect(vitestOutcome(path.join(dir, "none.json")).failures).toHaveLength(1);
    vi.spyOn(console, "log").mockReturnValue();
    expect(tellOutcomes([vitestOutcome(written({ testResults: [] }))])).toBe(1);
  });
});

describe("a report of Playwright", () => {
  const spec = (title: string, status: string, message?: string) => ({
    file: "a.spec.ts",
    title,
    tests: [{ status, results: [{ errors: message === undefined ? [] : [{ message }] }] }],
  });

  it("tells unsteady tests from failed ones, in nested groups too", () => {
    const suites = [
      { specs: [spec("opens", "expected")], suites: [{ specs: [spec("closes", "flaky", "late")] }] },
      { specs: [spec("moves", "unexpected", "stuck"), spec("turns", "skipped")] },
    ];
    expect(playwrightOutcome(written({ suites, errors: [] }))).toEqual({
      passed: 2,
      failures: [
        { file: "tests/e2e/a.spec.ts", title: "moves", reason: "stuck" },
        { file: "tests/e2e/a.spec.ts", title: "turns", reason: "was skipped" },
      ],
      unsteady: [{ file: "tests/e2e/a.spec.ts", title: "closes", reason: "late" }],
    });
  });

  it("is a failure when the console did not start", () => {
    expect(playwrightOutcome(written({ suites: [], errors: [{ message: "port taken" }] })).failures).toEqual([
      { file: "tests/e2e", title: "(the run)", reason: "port taken" },
    ]);
  });
});

describe("a second try", () => {
  const failure = { file: "a.test.ts", title: "waits", reason: "timed out" };
  const first = { passed: 9, failures: [failure], unsteady: [] };

  it("turns a failure that does not come again into an unsteady test, and counts it once", () => {
    expect(afterSecondTry(first, { passed: 4, failures: [], unsteady: [] })).toEqual({
      passed: 10,
      failures: [],
      unsteady: [failure],
    });
  });

  it("keeps a failure that comes again", () => {
    const again = { passed: 3, failures: [failure], unsteady: [] };
    expect(afterSecondTry(first, again)).toEqual({ passed: 9, failures: [failure], unsteady: [] });
  });

  it("is told by name above the totals", () => {
    const said = vi.spyOn(console, "log").mockReturnValue();
    expect(tellOutcomes([{ passed: 10, failures: [], unsteady: [failure] }])).toBe(0);
    expect(said.mock.calls.flat()).toEqual([
      "\nunsteady, passed when asked again: a.test.ts > waits\n  timed out",
      "\n10 passed, 0 failed",
    ]);
  });
});
