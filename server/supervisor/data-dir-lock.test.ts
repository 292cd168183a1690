import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lockDataDir } from "./data-dir-lock";

let dir: string;
beforeEach(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), "ops-lock-"));
});
afterEach(() => fs.rmSync(dir, { recursive: true, force: true }));

const lockFile = () => path.join(dir, "console.lock");
const write = (holder: object) => fs.writeFileSync(lockFile(), JSON.stringify({ host: os.hostname(), ...holder }));

describe("lockDataDir", () => {
  it("is given back and can be taken again", () => {
    const first = lockDataDir(dir, "http://127.0.0.1:3000");
    expect(first.wasStale).toBe(false);
    first.release();
    expect(fs.readdirSync(dir)).toEqual([]);
    lockDataDir(dir, "http://127.0.0.1:3000").release();
  });

  it("refuses while the holder lives, naming its address", () => {
    const { ppid } = process;
    const stat = fs.existsSync("/proc/self/stat") ? fs.readFileSync(`/proc/${ppid}/stat`, "utf8") : "";
    const start = stat === "" ? "alive" : stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
    write({ pid: ppid, start, url: "http://127.0.0.1:3999" });
    expect(() => lockDataDir(dir, "x")).toThrow(/already running .*http:\/\/127\.0\.0\.1:3999/);
  });

  it.each([
    ["is gone", { pid: 2 ** 22 - 1, start: "1", url: "x" }],
    ["had a pid that another process has now", { pid: process.ppid, start: "an earlier one", url: "x" }],
    ["ran on another machine and says nothing", { pid: 1, start: "1", host: "elsewhere", url: "x" }],
  ])("recovers when the holder %s", (_what, holder) => {
    write(holder);
    const past = new Date(Date.now() - 60_000);
    fs.utimesSync(lockFile(), past, past);
    const lock = lockDataDir(dir, "y");
    expect(lock.wasStale).toBe(true);
    lock.release();
  });

  it("recovers from a lock that a full disk cut off", () => {
    fs.writeFileSync(lockFile(), '{"pid":');
    lockDataDir(dir, "y").release();
    expect(fs.readdirSync(dir)).toEqual([]);
  });

  it("believes another machine whose sign of life is fresh", () => {
    write({ pid: 1, start: "1", host: "elsewhere", url: "http://elsewhere:3000" });
    expect(() => lockDataDir(dir, "y")).toThrow(/http:\/\/elsewhere:3000/);
  });
});
