import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildForTests } from "../support/console";
import { runCommand } from "../support/run-command";

let repository: string;

beforeAll(async () => {
  await buildForTests();
  repository = await mkdtemp(path.join(os.tmpdir(), "runbooks-check-"));
  await mkdir(path.join(repository, "runbooks/sub"), { recursive: true });
  const files = {
    "deploy.md": "# Deploy\n\n- [ ] See [roll back](sub/back.md#undo), then [this](#gone)\n- [x] Ship\n",
    "sub/back.md":
      "# Back\n\n## Undo\n\n- [ ] Undo, see [ship](../deploy.md#deploy) or [the rest](../deploy.md#rest)\n",
  };
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(repository, "runbooks", name), text);
}, 600_000);
afterAll(() => rm(repository, { recursive: true, force: true }));

const check = (...args: string[]) => runCommand(undefined, ["runbooks", "check", ...args], { cwd: repository });

describe("ops-console runbooks check", () => {
  it("finds dead links between and within files, names the place, and ends with 1", async () => {
    const { code, stdout, stderr } = await check();
    expect(stdout.trimEnd().split("\n")).toEqual([
      "runbooks/deploy.md:3:47: error E503 No heading of this file has the anchor #gone.",
      "runbooks/deploy.md:4:1: warning W204 This box is ticked in the file; every run starts unticked.",
      "runbooks/sub/back.md:5:48: error E503 No heading of deploy.md has the anchor #rest.",
      "2 runbooks, 2 errors, 1 warning.",
    ]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
  });

  it("writes annotations for a change on GitHub, and JSON for programs", async () => {
    const annotated = await check("./runbooks/", "--format", "github");
    expect(annotated.stdout).toContain("::error file=runbooks/deploy.md,line=3,col=47,title=E503::No heading");
    const { stdout } = await check("--format", "json");
    expect(JSON.parse(stdout)).toMatchObject({
      errors: 2,
      warnings: 1,
      notes: [],
      files: [{ path: "runbooks/deploy.md" }, {}],
    });
  });

  it("ends with 0 where nothing is wrong, with 1 for a warning only when told to, with 2 for no directory", async () => {
    await mkdir(path.join(repository, "warned"));
    await writeFile(path.join(repository, "warned/a.md"), "- [x] Ticked\n");
    expect((await check("warned")).code).toBe(0);
    expect((await check("warned", "--strict")).code).toBe(1);
    const nowhere = await check("nowhere");
    expect(nowhere).toMatchObject({ code: 2, stderr: expect.stringContaining("is no directory that can be read") });
    expect((await check("--format", "xml")).code).toBe(2);
  });
});
