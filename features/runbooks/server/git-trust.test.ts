import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'ops git "trust" '));
const repository = path.join(root, "repository");
const temporary = path.join(root, "tmp");
let tryRunbookSource: typeof import("./try-source").tryRunbookSource;

beforeAll(async () => {
  const identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"];
  spawnSync("git", ["init", "--quiet", "--initial-branch=main", repository]);
  spawnSync("git", ["-C", repository, ...identity, "commit", "--quiet", "--allow-empty", "-m", "First"]);
  spawnSync("git", ["-C", repository, "worktree", "add", "--quiet", "-b", "other", path.join(root, "other")]);
  // git as it behaves where every repository belongs to another user: a name it keeps for tests.
  const wrapped = path.join(root, "bin");
  for (const directory of [wrapped, temporary]) fs.mkdirSync(directory);
  const script = `#!/bin/sh
case "$*" in *refused*) echo "fatal: detected dubious ownership in repository at '/srv/refused'" >&2; exit 128;; esac
PATH='${process.env.PATH}' GIT_TEST_ASSUME_DIFFERENT_OWNER=1 exec git "$@"
`;
  fs.writeFileSync(path.join(wrapped, "git"), script, { mode: 0o755 });
  vi.stubEnv("TMPDIR", temporary);
  vi.stubEnv("PATH", `${wrapped}:${process.env.PATH}`);
  ({ tryRunbookSource } = await import("./try-source"));
});
afterAll(() => {
  vi.unstubAllEnvs();
  fs.rmSync(root, { recursive: true });
});

it.each([
  ["with a work tree", "repository"],
  ["by its own directory", "repository/.git"],
  ["by a further work tree", "other"],
])("a repository of another user is read, named %s", async (_how, name) => {
  const found = await tryRunbookSource(`git+file://${encodeURI(path.join(root, name))}#main`);
  expect(found, found.sentence).toMatchObject({ isReadable: true });
});

it("one that git refuses all the same is told with its cure", async () => {
  const found = await tryRunbookSource(`git+file://${encodeURI(root)}/refused`);
  expect(found).toEqual({
    isReadable: false,
    sentence:
      "git ls-remote failed: /srv/refused belongs to another user. Give it to the user the console runs as, or name a clone of it.",
  });
});

it("nothing of it stays behind", () => {
  expect(fs.readdirSync(temporary)).toEqual([]);
});
