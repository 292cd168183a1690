import { spawnSync } from "node:child_process";
import { loadavg } from "node:os";
import { buildForTests, makeDataDir, startConsole } from "../support/console";
import { reportFigure } from "./report-figure";

/** `npm start` on a checkout that is installed and built, until the URL is printed: preparation included. Best of three. */
const BUDGET_SECONDS = 5;
const ROUNDS = 3;

await buildForTests();
const dataDir = makeDataDir();
const firstSeconds = await startOnce();
let bestSeconds = Infinity;
for (let round = 0; round < ROUNDS; round += 1) bestSeconds = Math.min(bestSeconds, await startOnce());

console.log(`start: load ${loadavg()[0]?.toFixed(1)}`);
console.log(`  ${"with a new data directory, built".padEnd(44)} ${firstSeconds.toFixed(1)} s`);
reportFigure({ what: "again, on the same data directory", value: bestSeconds, unit: "s", budget: BUDGET_SECONDS });

async function startOnce(): Promise<number> {
  const startedAt = performance.now();
  const env = { ...process.env, NODE_ENV: "production" as const, NEXT_DIST_DIR: ".next-test" };
  spawnSync(process.execPath, ["scripts/prepare.mjs", "--build"], { env });
  const running = await startConsole({ dataDir });
  const seconds = (performance.now() - startedAt) / 1000;
  await running.stop();
  return seconds;
}
