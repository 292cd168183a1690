import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, it } from "vitest";
import { until } from "../support/until";

const dir = fs.mkdtempSync(path.join(os.tmpdir(), "ops-launcher-"));
afterAll(() => fs.rmSync(dir, { recursive: true, force: true }));

/** A checkout whose installation takes for ever, as that of a slow registry does; it tells the number of its npm. */
const PREPARE = `
  import { spawn } from "node:child_process";
  import fs from "node:fs";
  fs.writeFileSync("npm.pid", String(spawn("sleep", ["600"], { stdio: "inherit" }).pid));
  setInterval(() => {}, 1000);
`;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !fs.readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
}

// It once took 200 s to end: the launcher waited for the installation in one blocking call.
it.each(["SIGTERM", "SIGINT"] as const)("ends the first installation and what it started on %s", async (signal) => {
  fs.mkdirSync(path.join(dir, "bin"), { recursive: true });
  fs.mkdirSync(path.join(dir, "scripts"), { recursive: true });
  fs.rmSync(path.join(dir, "npm.pid"), { force: true });
  fs.copyFileSync("bin/ops-console.mjs", path.join(dir, "bin/ops-console.mjs"));
  fs.writeFileSync(path.join(dir, "scripts/build.mjs"), 'export const bundleDir = () => "dist";');
  fs.writeFileSync(path.join(dir, "scripts/prepare.mjs"), PREPARE);
  const launcher = spawn(process.execPath, [path.join(dir, "bin/ops-console.mjs"), "doctor"], { stdio: "ignore" });
  const ended = new Promise<number | null>((resolve) => launcher.once("exit", (code) => resolve(code)));
  await until("the installation runs", () => fs.existsSync(path.join(dir, "npm.pid")));
  const npm = Number(fs.readFileSync(path.join(dir, "npm.pid"), "utf8"));
  launcher.kill(signal);
  expect(await ended).not.toBe(0);
  await until("nothing of the installation is left", () => !isAlive(npm), 10_000);
});
