import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { tryRunbookSource } from "./try-source";

const root = fs.mkdtempSync(path.join(os.tmpdir(), "ops-try-source-"));
const repository = path.join(root, "repository");
spawnSync("git", ["init", "--quiet", "--initial-branch=main", repository]);
const identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"];
spawnSync("git", ["-C", repository, ...identity, "commit", "--quiet", "--allow-empty", "-m", "First"]);
afterAll(() => fs.rmSync(root, { recursive: true }));

describe("tryRunbookSource", () => {
  it.each([
    ["a directory", root, true],
    ["a repository and its branch", `git+file://${repository}#main`, true],
    ["no directory", path.join(root, "nope"), false],
    ["no URL", "git+garbage", false],
    ["a repository that is not there", `git+file://${root}/nope`, false],
    ["a branch that is not there", `git+file://${repository}#release`, false],
    ["a server that is not there", "git+https://me:hunter2@127.0.0.1:9/x.git#main:*.md", false],
  ])("tells %s for what it is", async (_what, entry, isReadable) => {
    const found = await tryRunbookSource(entry);
    expect(found.isReadable, found.sentence).toBe(isReadable);
    expect(found.sentence).not.toContain("hunter2");
  });
});
