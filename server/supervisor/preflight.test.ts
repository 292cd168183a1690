import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { AppError } from "@/lib/errors";
import { assertPortsFree, dataDirProblem, prepareDataDir } from "./preflight";

describe("prepareDataDir", () => {
  it("makes the directory with its parents", () => {
    const parent = fs.mkdtempSync(path.join(os.tmpdir(), "ops-preflight-"));
    prepareDataDir(path.join(parent, "a/b"));
    expect(fs.statSync(path.join(parent, "a/b")).isDirectory()).toBe(true);
    fs.rmSync(parent, { recursive: true });
  });
});

describe("dataDirProblem", () => {
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
