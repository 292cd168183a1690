import { afterAll, beforeAll, expect, it } from "vitest";
import { sampleStatusSchema } from "@/features/sample-data/contract";
import { compareReplySchema, findingsReplySchema, slowestResultSchema } from "@/features/traces/contract";
import { MS_PER_HOUR } from "@/lib/units";
import { startConsole, type TestConsole } from "@/tests/support/console";
import { runCommand } from "@/tests/support/run-command";
import { until } from "@/tests/support/until";

let server: TestConsole;
let slowestIds: string[] = [];
/** Ends before the tests begin and does not move with the clock: each ranking of it gives the same answer. */
let window: string[] = [];

const run = (...args: string[]) => runCommand(server, ["traces", ...args]);

async function slowest(...args: string[]) {
  const ran = await run("slowest", "--limit", "5", "--json", ...window, ...args);
  expect(ran).toMatchObject({ code: 0, stderr: "" });
  return slowestResultSchema.parse(JSON.parse(ran.stdout));
}

beforeAll(async () => {
  server = await startConsole();
  await fetch(`${server.url}/api/sample`, { method: "POST" });
  await until(
    "the sample is loaded",
    async () => {
      const { state } = sampleStatusSchema.parse(await (await fetch(`${server.url}/api/sample`)).json());
      return state === "present";
    },
    120_000,
  );
  const endMs = Date.now();
  window = ["--start", new Date(endMs - 24 * MS_PER_HOUR).toISOString(), "--end", new Date(endMs).toISOString()];
  await until(
    "the sample's traces are there",
    async () => {
      const result = await slowest();
      slowestIds = result.traces.map(({ traceId }) => traceId);
      return result.traces.length === 5 && result.isSeenWhole;
    },
    120_000,
  );
}, 300_000);
afterAll(() => server?.stop());

it("ranks the slowest traces and says what is proven", { timeout: 60_000 }, async () => {
  const result = await slowest("--service", "circuitverse-web");
  const durations = result.traces.map(({ durationUs }) => durationUs);
  expect(result.isProven).toBe(true);
  expect(durations).toEqual([...durations].sort((a, b) => b - a));
  const printed = await run("slowest", "--limit", "5", ...window, "--service", "circuitverse-web");
  expect(printed).toMatchObject({ code: 0, stderr: "" });
  expect(printed.stdout).toMatch(/^proven slowest 5 of /);
  for (const { traceId } of result.traces) expect(printed.stdout).toContain(traceId);
});

it("explains a trace in a sum that adds up", { timeout: 60_000 }, async () => {
  const [id = ""] = slowestIds;
  const ran = await run("explain", id, "--json");
  const { verdict, findings } = findingsReplySchema.parse(JSON.parse(ran.stdout));
  expect(verdict.clauses.reduce((sum, { timeUs }) => sum + timeUs, 0)).toBeCloseTo(verdict.durationUs, 0);
  const printed = await run("explain", id);
  expect(printed).toMatchObject({ code: 0, stderr: "" });
  for (const { kind, operation } of findings) {
    expect(printed.stdout).toContain(kind);
    expect(printed.stdout).toContain(operation);
  }
});

it("shows a trace as a waterfall no longer than asked for", { timeout: 60_000 }, async () => {
  const [id = ""] = slowestIds;
  const ran = await run("show", id, "--rows", "3");
  expect(ran).toMatchObject({ code: 0, stderr: "" });
  expect(ran.stdout).toContain("█");
  expect(ran.stdout).toMatch(/… \d+ more rows: --rows \d+ shows them/);
});

it("compares two traces by step", { timeout: 60_000 }, async () => {
  const [before = "", after = ""] = slowestIds;
  const ran = await run("compare", before, after, "--json");
  const { verdict, steps } = compareReplySchema.parse(JSON.parse(ran.stdout));
  expect(steps.length).toBeGreaterThan(1);
  const printed = await run("compare", before, after);
  expect(printed).toMatchObject({ code: 0, stderr: "" });
  expect(printed.stdout.replaceAll(/\s+/g, " ")).toContain(verdict.sentence.replaceAll(/\s+/g, " "));
});

it("refuses what it cannot read in one line that names it", { timeout: 60_000 }, async () => {
  const cases: [string[], string, code?: number][] = [
    [["explain", "zzz"], "traceId: is 1 to 32 lower-case hex digits"],
    [["slowest", "--last", "9y"], "--last 9y: is none of 15m"],
    [["slowest", "--attribute", "novalue"], "--attribute novalue: is not key=value."],
    [["show", "f".repeat(32)], "does not have the trace", 1],
    [["slowest", "--by", "colour"], "--by colour: is none of"],
  ];
  for (const [args, text, code = 2] of cases) {
    const ran = await run(...args);
    expect(ran.code, args.join(" ")).toBe(code);
    expect(ran.stderr.trim().split("\n"), args.join(" ")).toHaveLength(1);
    expect(ran.stderr).toContain(text);
  }
});
