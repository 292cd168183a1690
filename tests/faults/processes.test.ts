import fs from "node:fs";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { isPidAlive } from "@/server/processes/process-identity";
import { startConsole, type TestConsole } from "../support/console";
import { until } from "../support/until";

const AWS_KEYS = { AWS_ACCESS_KEY_ID: "AKIATEST", AWS_SECRET_ACCESS_KEY: "s3cr3t", AWS_SESSION_TOKEN: "t0k3n" };

let running: TestConsole;
beforeAll(async () => {
  running = await startConsole({ env: AWS_KEYS });
}, 120_000);
afterAll(async () => {
  await running.stop();
});

const healthOf = async (console: TestConsole) =>
  (await (await fetch(`${console.url}/api/health`, { signal: AbortSignal.timeout(2000) })).json()).status;

async function pidOf(name: string): Promise<number> {
  let pid = 0;
  await until(`${name} reports itself`, async () => {
    pid = (await running.processes()).find((entry) => entry.name === name)?.pid ?? 0;
    return pid > 0 && isPidAlive(pid);
  });
  return pid;
}

it("gives the S3 keys to the worker and to no other child", async () => {
  const keysOf = async (name: string) =>
    fs
      .readFileSync(`/proc/${await pidOf(name)}/environ`, "utf8")
      .split("\0")
      .filter((line) => /^AWS_(?!SDK_JS_).*=./.test(line))
      .sort();
  expect(await keysOf("worker")).toEqual(Object.entries(AWS_KEYS).map(([name, value]) => `${name}=${value}`));
  expect(await keysOf("web")).toEqual([]);
  expect(await keysOf("collector")).toEqual([]);
});

describe("kill -9", () => {
  it.each(["worker", "collector", "web"])("of the %s: it is started again, counted and healthy", async (name) => {
    const before = await pidOf(name);
    process.kill(before, "SIGKILL");
    await until(`a new ${name} reports itself`, async () => {
      const entry = (await running.processes()).find((candidate) => candidate.name === name);
      return entry !== undefined && entry.pid !== before && entry.restarts === 1;
    });
    await until("the console is healthy", async () => (await healthOf(running)) === "ok");
    expect(isPidAlive(before)).toBe(false);
  });

  it("of Postgres: it comes back on the same port and every process finds it again", async () => {
    const before = await pidOf("postgres");
    process.kill(before, "SIGKILL");
    await until("a new Postgres reports itself", async () => {
      const entry = (await running.processes()).find((candidate) => candidate.name === "postgres");
      return entry !== undefined && entry.pid !== before;
    });
    await until("the console is healthy", async () => (await healthOf(running)) === "ok");
  });
});

describe("a stop", () => {
  it("ends every process in order and leaves the data directory free", async () => {
    const stopped = await startConsole();
    const pids = (await stopped.processes()).map((entry) => entry.pid);
    expect(pids).toHaveLength(5);
    expect(await stopped.stop()).toBe(0);
    expect(pids.filter(isPidAlive)).toEqual([]);
    expect(stopped.output()).not.toContain("ended by itself");
    expect(fs.existsSync(`${stopped.dataDir}/console.lock`)).toBe(false);
  });
});

describe("kill -9 of the supervisor", () => {
  it("leaves no process behind, and the next start recovers without a hand", async () => {
    const first = await startConsole();
    const pids = (await first.processes()).map((entry) => entry.pid);
    await first.kill();
    // At once, while the orphans still end: the next start must cope with both states.
    const ports = new URL(first.url).port;
    const second = await startConsole({ dataDir: first.dataDir, env: { PORT: ports } });
    onTestFinished(() => second.kill());
    await until("all processes of the first are gone", () => pids.every((pid) => !isPidAlive(pid)));
    await until("the second is healthy", async () => (await healthOf(second)) === "ok");
    await until("only the five of the second are listed", async () => (await second.processes()).length === 5);
    const remaining = (await second.processes()).map((entry) => entry.pid);
    await second.kill();
    await until("all processes of the second are gone", () => remaining.every((pid) => !isPidAlive(pid)));
    fs.rmSync(second.dataDir, { recursive: true, force: true });
  });
});
