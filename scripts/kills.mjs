// npm run faults:kills [KILLS] [SEED]: kills workers that copy at random moments, 200 times unless told otherwise, against
// the local server; against versitygw too where Go is, with `rclone check` after every migration.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { goTool } from "./go-tool.mjs";

process.chdir(path.join(import.meta.dirname, ".."));
const [kills = "200", seed = "42"] = process.argv.slice(2);
const vitest = (project, file, env) =>
  spawnSync(process.execPath, ["node_modules/vitest/vitest.mjs", "run", "--project", project, file], {
    stdio: "inherit",
    env: { ...process.env, KILLS: kills, CHAOS_SEED: seed, ...env },
  }).status === 0;

const isGreen = vitest("integration", "tests/faults/s3-kills.test.ts", {});
if (spawnSync("go", ["version"]).status !== 0) {
  console.log("Against versitygw: skipped, go is not installed");
  process.exit(isGreen ? 0 : 1);
}
const isRealGreen = vitest("s3", "tests/s3/kills.test.ts", {
  OPS_TEST_VERSITYGW_BIN: goTool("tests/s3", "github.com/versity/versitygw/cmd/versitygw"),
  OPS_TEST_RCLONE_BIN: goTool("tests/s3-peers/rclone", "github.com/rclone/rclone"),
});
process.exit(isGreen && isRealGreen ? 0 : 1);
