import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { AppError } from "@/lib/errors";
import { assertPortsFree, dataDirProblem, prepareDataDir, tryDataDir } from "./preflight";

describe("prepareDataDir", () => {
  it("makes the directory with its parents", () => {
    const parent = fs.mkdtempSync(path.join(os.tmpdir(), "ops-preflight-"));
    prepareDataDir(path.join(parent, "a/b"));
    expect(fs.statSync(path.join(parent, "a/b")).isDirectory()).toBe(true);
    fs.rmSync(parent, { recursive: true });
  });
});

// Node's own recursive mkdir never returns there.
describe.each([prepareDataDir, tryDataDir])("%o", (use) => {
  it("refuses a place below /proc by the name of the setting", () => {
    expect(() => use("/proc/x/y")).toThrow(/\/proc\/x\/y cannot be written.*OPS_DATA_DIR/);
  });
});

describe("tryDataDir", () => {
  it("makes nothing", () => {
    const parent = fs.mkdtempSync(path.join(os.tmpdir(), "ops-preflight-"));
    expect(tryDataDir(path.join(parent, "a/b"))).toMatchObject({ isThere: false });
    expect(fs.readdirSync(parent)).toEqual([]);
    expect(tryDataDir(parent)).toMatchObject({ isThere: true });
    fs.rmSync(parent, { recursive: true });
  });
});

describe("dataDirProblem", () => {
  it("does not blame the data directory for a file elsewhere", () => {
    const error = Object.assign(new Error("chmod"), { code: "EPERM", path: "/opt/console/node_modules/x" });
    expect(dataDirProblem("/srv/data", error)).toBe(error);
  });

  it.each(["/srv/data/postgres/base", "/srv"])("says that the data directory cannot be written for %s", (at) => {
    const error = Object.assign(new Error("mkdir"), { code: "EACCES", path: at });
    expect(String(dataDirProblem("/srv/data", error))).toMatch(/data cannot be written \(EACCES\)/);
  });

  it.each(["ENOSPC", "EDQUOT"])("turns %s into a sentence that names the cure", (code) => {
    const problem = dataDirProblem("/srv/data", Object.assign(new Error("write"), { code }));
    expect(problem).toBeInstanceOf(AppError);
    expect(String(problem)).toMatch(/disk of \/srv\/data is full.*OPS_DATA_DIR/);
  });

  it("leaves what it does not know as it is", () => {
    const error = new Error("else");
    expect(dataDirProblem("/srv/data", error)).toBe(error);
  });
});

describe("assertPortsFree", () => {
  it("waits as long as it was told for a port to become free", async () => {
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as net.AddressInfo;
    const needed = [{ port, host: "127.0.0.1", setting: "PORT" }];
    await expect(assertPortsFree(needed, 0)).rejects.toThrow(`${port} (PORT)`);
    const waiting = assertPortsFree(needed, 10_000);
    server.close();
    await expect(waiting).resolves.toBeUndefined();
  });
});
