// npm run test:jaeger, npm run test:s3: builds a real server from the Go module proxy, once per version, and runs
// tests/<name> against it. Without Go it says so and passes: the same promises are kept by fakes in `npm test`.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { builtGoTool, goTool } from "./go-tool.mjs";
import { brokenOutcome, tellOutcomes, vitestOutcome } from "./test-report.mjs";

const SERVERS = {
  jaeger: { main: "github.com/jaegertracing/jaeger/cmd/jaeger", setting: "OPS_TEST_JAEGER_BIN" },
  s3: { main: "github.com/versity/versitygw/cmd/versitygw", setting: "OPS_TEST_VERSITYGW_BIN" },
};

process.chdir(path.join(import.meta.dirname, ".."));
const [name] = process.argv.slice(2);
const server = SERVERS[name];
if (server === undefined) {
  console.error(`Usage: node scripts/test-go.mjs ${Object.keys(SERVERS).join("|")}`);
  process.exit(2);
}
if (spawnSync("go", ["version"]).status !== 0) {
  console.log(`test:${name} skipped: go is not installed`);
  process.exit(0);
}

const binary = goTool(`tests/${name}`, server.main);
// Its build takes longer than all of these tests: used where `npm run faults:kills` or the bench of peers has made it.
const rclone = name === "s3" ? builtGoTool("tests/s3-peers/rclone") : undefined;
if (name === "s3" && rclone === undefined)
  console.log("rclone check beside our own hashing: skipped, rclone is not built");
const report = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "ops-console-report-")), "report.json");
const vitest = ["node_modules/vitest/vitest.mjs", "run", "--project", name];
const result = spawnSync(
  process.execPath,
  [...vitest, "--reporter=default", "--reporter=json", `--outputFile.json=${report}`],
  {
    stdio: "inherit",
    env: { ...process.env, [server.setting]: binary, ...(rclone && { OPS_TEST_RCLONE_BIN: rclone }) },
  },
);
const outcomes = [vitestOutcome(report)];
const isExplained = result.status === 0 || outcomes[0].failures.length > 0;
if (!isExplained) outcomes.push(brokenOutcome("the runner ended with an error"));
fs.rmSync(path.dirname(report), { recursive: true, force: true });
process.exit(tellOutcomes(outcomes));
