import { loadavg } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { startConsole } from "../support/console";
import { reportFigure } from "./report-figure";

/** What a console that nobody uses holds: web, worker, collector and Postgres, as the overview reports them. */
const BUDGET_MB = 450;
const IDLE_MS = 45_000;

const running = await startConsole();
await fetch(running.url).then((page) => page.text());
await delay(IDLE_MS);
const processes = await running.processes();
await running.stop();

console.log(`memory: ${IDLE_MS / 1000} s after the first page, load ${loadavg()[0]?.toFixed(1)}`);
let totalMb = 0;
for (const { name, rssBytes } of processes) {
  if (name !== "supervisor") totalMb += rssBytes / 1e6;
  console.log(`  ${name.padEnd(44)} ${(rssBytes / 1e6).toFixed(1)} MB`);
}
reportFigure({ what: "all but the supervisor, idle", value: totalMb, unit: "MB", budget: BUDGET_MB });
