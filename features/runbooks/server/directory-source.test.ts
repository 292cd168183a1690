import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readDirectorySource } from "./directory-source";

const root = fs.mkdtempSync(path.join(os.tmpdir(), "ops-directory-source-"));
const checkout = path.join(root, "checkout");
const runbooks = path.join(checkout, "docs/runbooks");
const DAY = "2024-02-29T12:00:00Z";

function git(...args: string[]): void {
  const dated = { ...process.env, GIT_COMMITTER_DATE: DAY, GIT_AUTHOR_DATE: DAY };
  const who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"];
  const ran = spawnSync("git", ["-C", checkout, ...who, ...args], { env: dated, encoding: "utf8" });
  expect(ran.status, ran.stderr).toBe(0);
}

async function read() {
  const spec = { kind: "directory" as const, name: "runbooks", directory: runbooks };
  const { files } = await readDirectorySource(spec, new AbortController().signal);
  return new Map(files.map((file) => [file.path, file]));
}

beforeAll(() => {
  fs.mkdirSync(runbooks, { recursive: true });
  git("init", "--quiet");
  for (const name of ["deploy.md", "edited.md"]) fs.writeFileSync(path.join(runbooks, name), `# ${name}\n`);
  git("add", ".");
  git("commit", "--quiet", "-m", "Write runbooks");
  fs.writeFileSync(path.join(runbooks, "edited.md"), "# Edited since\n");
  fs.writeFileSync(path.join(runbooks, "new.md"), "# Not in git\n");
});
afterAll(() => fs.rmSync(root, { recursive: true }));

describe("readDirectorySource", () => {
  // Every runbook of a fresh clone once had been changed "a minute ago", however old it was.
  it("takes the date and the author of a committed runbook from git", async () => {
    expect((await read()).get("deploy.md")).toMatchObject({ changedAt: new Date(DAY), changedBy: "Ada" });
  });

  it("takes the file's own time where it was edited since, or is not in git", async () => {
    const files = await read();
    for (const name of ["edited.md", "new.md"]) {
      expect(files.get(name), name).toMatchObject({
        changedAt: fs.statSync(path.join(runbooks, name)).mtime,
        changedBy: null,
      });
    }
  });

  it("sees a commit that was made since it looked last", async () => {
    await read();
    git("add", ".");
    git("commit", "--quiet", "-m", "Edit and add");
    expect((await read()).get("new.md")).toMatchObject({ changedAt: new Date(DAY), changedBy: "Ada" });
  });
});
