import { spawnSync } from "node:child_process";
import fs from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { buildForTests, freePorts, type Launched, launchConsole, makeDataDir, startConsole } from "../support/console";
import { until } from "../support/until";

beforeAll(() => buildForTests(), 600_000);

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function dataDir(): string {
  const dir = makeDataDir();
  cleanups.push(() => fs.rmSync(path.dirname(dir), { recursive: true, force: true }));
  return dir;
}

/** The one line a start that cannot work prints, and that it fails. */
async function refusal(launched: Launched): Promise<string> {
  expect(await launched.exited).toBe(1);
  const lines = launched.output().trim().split("\n");
  expect(lines.filter((line) => line.startsWith("    at "))).toEqual([]);
  return lines.at(-1) ?? "";
}

it("prints nothing but what the person needs, the address last", async () => {
  const running = await startConsole();
  cleanups.push(() => running.stop());
  const lines = running.output().trim().split("\n");
  expect(lines.filter((line) => !line.startsWith("{"))).toEqual([
    expect.stringMatching(/^Schema migrations applied: \d+$/),
    `ops-console is ready: ${running.url}`,
  ]);
});

describe("a start that cannot work says in one line what to do", () => {
  it("names the address of the console that already runs on the data directory", async () => {
    const running = await startConsole();
    cleanups.push(() => running.stop());
    const second = launchConsole({ env: await freePorts(), dataDir: running.dataDir });
    expect(await refusal(second)).toContain(`already running on ${running.dataDir}: ${running.url}`);
    expect((await fetch(`${running.url}/api/health`)).status).toBe(200);
  });

  it("names the setting of a port that another program has", async () => {
    const other = http.createServer().listen(0, "127.0.0.1");
    await until("the other program listens", () => other.listening);
    cleanups.push(() => other.close());
    const taken = String((other.address() as AddressInfo).port);
    for (const setting of ["PORT", "OTLP_PORT", "JAEGER_API_PORT"]) {
      const launched = launchConsole({ env: { ...(await freePorts()), [setting]: taken }, dataDir: dataDir() });
      expect(await refusal(launched)).toContain(`${taken} (${setting})`);
    }
  });

  it("names the taken port when web is started alone", async () => {
    const running = await startConsole();
    cleanups.push(() => running.stop());
    const { port } = new URL(running.url);
    const env = { ...(await freePorts()), PORT: port, DATABASE_URL: "postgresql://ops@127.0.0.1:1/ops" };
    const launched = launchConsole({ env, dataDir: dataDir(), verb: "web" });
    expect(await refusal(launched)).toMatch(new RegExp(`^ops-console web: .*port ${port}.*PORT=${Number(port) + 1}`));
  });

  it("names every setting that is wrong", async () => {
    const launched = launchConsole({ env: { PORT: "eighty", JAEGER_URL: "jaeger:16686" }, dataDir: dataDir() });
    expect(await launched.exited).toBe(1);
    expect(launched.output()).toMatch(/PORT: .*"eighty"/);
    expect(launched.output()).toMatch(/JAEGER_URL: .*"jaeger:16686"/);
  });

  it("refuses to listen for other machines without a sign-in", async () => {
    for (const verb of ["start", "web"]) {
      const launched = launchConsole({ env: { ...(await freePorts()), HOST: "0.0.0.0" }, dataDir: dataDir(), verb });
      expect(await refusal(launched)).toMatch(/HOST=0\.0\.0\.0 .*ssh -L/);
    }
  });

  it("names the data directory that it may not write", async () => {
    const file = path.join(path.dirname(dataDir()), "a-file");
    fs.writeFileSync(file, "");
    const launched = launchConsole({ env: await freePorts(), dataDir: path.join(file, "data") });
    expect(await refusal(launched)).toMatch(/cannot be written .*OPS_DATA_DIR/);
  });

  it("says that a database does not answer, and which", async () => {
    const { PORT } = await freePorts();
    const env = { ...(await freePorts()), DATABASE_URL: `postgresql://ops:secret@127.0.0.1:${PORT}/ops` };
    const line = await refusal(launchConsole({ env, dataDir: dataDir() }));
    expect(line).toMatch(/DATABASE_URL .*does not answer/);
    expect(line).not.toContain("secret");
  });

  it.each([
    ["a host nobody knows", () => "postgresql://ops:secret@nowhere.invalid/ops"],
    ["a wrong password", () => inject("postgresUrl").replace(/\/\/([^:]*):[^@]*@/, "//$1:secret@")],
  ])("says that a database with %s does not let it in", async (_what, url) => {
    for (const verb of ["start", "migrate-schema"]) {
      const env = { ...(await freePorts()), DATABASE_URL: url() };
      const line = await refusal(launchConsole({ env, dataDir: dataDir(), verb }));
      expect(line).toMatch(/DATABASE_URL .*does not answer.*doctor/);
      expect(line).not.toContain("secret");
    }
  });

  it("names two settings that ask for one port", async () => {
    const ports = await freePorts();
    const launched = launchConsole({ env: { ...ports, OTLP_PORT: ports.PORT }, dataDir: dataDir() });
    expect(await refusal(launched)).toContain(`PORT and OTLP_PORT are both ${ports.PORT}`);
  });

  it("says how much room a full disk lacks", async () => {
    const dir = dataDir();
    fs.mkdirSync(dir);
    const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=20m", "tmpfs", dir]);
    // Only root mounts; for everybody else server/supervisor/preflight.test.ts keeps this promise.
    if (mounted.status !== 0) return;
    cleanups.push(() => spawnSync("umount", [dir]));
    expect(await refusal(launchConsole({ env: await freePorts(), dataDir: dir }))).toMatch(
      /disk of .* is full: \d+ MB free.*OPS_DATA_DIR/,
    );
  });
});

describe("two starts at the same moment", () => {
  it("on one data directory: one runs, the other names it", async () => {
    const dir = dataDir();
    const launched = [1, 2].map(async () => launchConsole({ env: await freePorts(), dataDir: dir }));
    const both = await Promise.all(launched);
    const ended = await Promise.race(both.map(async (one) => ({ one, code: await one.exited })));
    expect(ended.code).toBe(1);
    expect(ended.one.output()).toContain("already running");
    const winner = both.find((one) => one !== ended.one);
    await until("the other is ready", () => winner?.output().includes("ops-console is ready") === true);
    winner?.child.kill("SIGTERM");
    expect(await winner?.exited).toBe(0);
  });
});
