import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TestDatabase } from "@/tests/support/database";
import { createTestDatabase } from "@/tests/support/database";

const never = new AbortController().signal;
const root = mkdtempSync(path.join(tmpdir(), "sources-"));
const folder = path.join(root, "folder");
const work = path.join(root, "work");

let database: TestDatabase;
let door: typeof import("@/features/runbooks/server");
let db: typeof import("@/server/db/client");

const git = (...args: string[]) =>
  execFileSync("git", ["-C", work, "-c", "user.name=Priya", "-c", "user.email=p@example.org", ...args]);
const list = (query = {}) => door.listRunbooks({ q: "", ...query });
const idsOf = async (query = {}) => (await list(query)).runbooks.map(({ id }) => id);
const sourceOf = async (name: string) => (await list()).sources.find((source) => source.name === name);

beforeAll(async () => {
  mkdirSync(path.join(folder, "nested"), { recursive: true });
  writeFileSync(
    path.join(folder, "restore.md"),
    "# Restore\n\n```sh\npg_restore --list x\n```\n\n1. Stop\n2. [Next](gone.md)\n",
  );
  writeFileSync(path.join(folder, "nested/README.md"), "# Nested\n");
  writeFileSync(path.join(folder, "latin.md"), Buffer.from([0x23, 0x20, 0xe9, 0x0a]));
  writeFileSync(path.join(folder, "huge.md"), Buffer.alloc(1_100_000, "a"));
  writeFileSync(path.join(root, "secret.md"), "# Secret outside\n");
  symlinkSync(path.join(root, "secret.md"), path.join(folder, "link.md"));
  symlinkSync(root, path.join(folder, "up"));
  mkdirSync(path.join(work, "runbooks"), { recursive: true });
  git("init", "-q", "-b", "main");
  writeFileSync(path.join(work, "runbooks/deploy.md"), "# Deploy\n\n- [ ] Ship\n");
  writeFileSync(path.join(work, "runbooks/notes.txt"), "no");
  mkdirSync(path.join(work, ".github"));
  writeFileSync(path.join(work, ".github/CODEOWNERS"), "runbooks/ @org/ops\n");
  symlinkSync("/etc/passwd", path.join(work, "runbooks/evil.md"));
  git("add", "-A");
  git("commit", "-qm", "one");
  process.env.RUNBOOKS = `local=${folder},infra=git+file://${work}#main:runbooks/**,gone=${root}/nowhere`;
  process.env.OPS_DATA_DIR = path.join(root, "data");
  database = await createTestDatabase();
  door = await import("@/features/runbooks/server");
  db = await import("@/server/db/client");
  await door.syncRunbooks(never);
});

afterAll(async () => {
  await db.closeDatabase();
  await database.drop();
  rmSync(root, { recursive: true, force: true });
});

describe("syncRunbooks", () => {
  it("reads folders and git and follows no link out of either", async () => {
    expect((await idsOf()).sort()).toEqual([
      "infra/runbooks/deploy",
      "local/huge",
      "local/latin",
      "local/nested",
      "local/restore",
    ]);
    expect((await sourceOf("local"))?.notes).toEqual(["2 symbolic links were not followed."]);
    expect((await sourceOf("infra"))?.notes).toEqual(["1 symbolic link was not followed."]);
  });

  it("takes owners from the rules of the repository where a runbook names nobody, and follows the rules", async () => {
    expect((await door.getRunbook("infra/runbooks/deploy")).owners).toEqual(["@org/ops"]);
    writeFileSync(path.join(folder, "CODEOWNERS"), "restore.md @asha\n");
    await door.syncRunbooks(never);
    expect((await door.getRunbook("local/restore")).owners).toEqual(["@asha"]);
    expect(await idsOf({ q: "asha" })).toEqual(["local/restore"]);
    rmSync(path.join(folder, "CODEOWNERS"));
    await door.syncRunbooks(never);
    expect((await door.getRunbook("local/restore")).owners).toEqual([]);
  });

  it("finds links to files of any kind that are not there, and finds them anew when such a file goes", async () => {
    writeFileSync(path.join(folder, "up.sh"), "true\n");
    writeFileSync(path.join(folder, "links.md"), "# Links\n\n[up](up.sh), [down](down.sh)\n");
    const found = async () => {
      await door.syncRunbooks(never);
      return (await door.getRunbook("local/links")).problems.map(({ code, message }) => `${code} ${message}`);
    };
    expect(await found()).toEqual(["E501 There is no file down.sh in this source."]);
    rmSync(path.join(folder, "up.sh"));
    expect(await found()).toHaveLength(2);
    rmSync(path.join(folder, "links.md"));
    await door.syncRunbooks(never);
  });

  it("shows a source that cannot be read as that source's trouble, and the others all the same", async () => {
    expect(await sourceOf("gone")).toMatchObject({
      syncedAt: null,
      failure: expect.stringContaining("cannot be read"),
    });
    expect(await sourceOf("infra")).toMatchObject({ failure: null, commit: expect.stringMatching(/^[0-9a-f]{40}$/) });
  });

  it("lists files it cannot read well with the reason", async () => {
    expect((await door.getRunbook("local/latin")).title).toBe("é");
    expect((await door.getRunbook("local/latin")).problems.map(({ code }) => code)).toEqual(["W603"]);
    expect((await door.getRunbook("local/huge")).problems.map(({ code }) => code)).toEqual(["E107"]);
    expect((await door.getRunbook("local/restore")).problems.map(({ code }) => code)).toEqual(["E501"]);
  });

  it("knows commit, author and content id of a git file", async () => {
    const runbook = await door.getRunbook("infra/runbooks/deploy");
    expect(runbook).toMatchObject({
      changedBy: "Priya",
      commit: git("rev-parse", "HEAD").toString().trim(),
      blob: git("rev-parse", "HEAD:runbooks/deploy.md").toString().trim(),
    });
  });

  it("takes over new commits and force-pushes, and removes what is gone", async () => {
    writeFileSync(path.join(work, "runbooks/deploy.md"), "# Deploy better\n\n- [ ] Ship\n- [ ] Look\n");
    git("commit", "-qam", "two", "--amend");
    await door.syncRunbooks(never);
    expect(await door.getRunbook("infra/runbooks/deploy")).toMatchObject({ title: "Deploy better", stepCount: 2 });
    rmSync(path.join(folder, "latin.md"));
    await door.syncRunbooks(never);
    expect(await idsOf()).not.toContain("local/latin");
  });

  it("keeps the last good state of a repository that went away, with the reason and its age", async () => {
    const before = await sourceOf("infra");
    renameSync(work, `${work}-away`);
    await door.syncRunbooks(never);
    expect(await sourceOf("infra")).toMatchObject({
      syncedAt: before?.syncedAt,
      failure: expect.stringContaining("git fetch failed"),
    });
    expect(await idsOf()).toContain("infra/runbooks/deploy");
    renameSync(`${work}-away`, work);
    await door.syncRunbooks(never);
    expect((await sourceOf("infra"))?.failure).toBeNull();
  });

  it("reads a repository whose commit claims an impossible author and time", async () => {
    const tree = git("rev-parse", "HEAD^{tree}").toString().trim();
    const who = "a\x01b\x02c <a@example.org> 99999999999999 +0000";
    const text = `tree ${tree}\nauthor ${who}\ncommitter ${who}\n\nodd\n`;
    const input = { cwd: work, input: text };
    const odd = execFileSync("git", ["hash-object", "-t", "commit", "-w", "--stdin", "--literally"], input);
    const before = git("rev-parse", "main").toString().trim();
    git("update-ref", "refs/heads/main", odd.toString().trim());
    await door.syncRunbooks(never);
    expect((await sourceOf("infra"))?.failure).toBeNull();
    git("update-ref", "refs/heads/main", before);
  });

  it("runs no hook and no helper of a repository", async () => {
    const hook = path.join(work, ".git/hooks/post-checkout");
    writeFileSync(hook, `#!/bin/sh\ntouch ${root}/ran\n`);
    chmodSync(hook, 0o755);
    await door.syncRunbooks(never);
    expect(() => execFileSync("test", ["-e", path.join(root, "ran")])).toThrow();
  });
});

describe("listRunbooks", () => {
  it.each([
    ["restore", "a word of the title"],
    ["pg_restore", "a command"],
    ["resto", "a beginning"],
    ["restroe", "a slip"],
  ])("finds by %s, %s", async (q) => {
    expect((await idsOf({ q }))[0]).toBe("local/restore");
  });

  it("asks for every word and counts the kinds", async () => {
    expect(await idsOf({ q: "restore nonsense" })).toEqual([]);
    expect((await list({ source: "local" })).countByKind).toMatchObject({ procedure: 1 });
  });
});
