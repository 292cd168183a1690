import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { AppError } from "@/lib/errors";
import { dotEnvProblems, loadDotEnv } from "./dot-env";

describe("loadDotEnv", () => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), "ops-dotenv-"));
  afterAll(() => fs.rmSync(dir, { recursive: true }));

  it("takes a missing file for no settings", () => {
    expect(() => loadDotEnv(path.join(dir, "none"))).not.toThrow();
  });

  it("refuses a directory of that name in one sentence", () => {
    fs.mkdirSync(path.join(dir, "folder"));
    const refusal = catchError(() => loadDotEnv(path.join(dir, "folder")));
    expect(refusal.problems).toEqual([{ field: ".env", message: expect.stringContaining("cannot be read") }]);
  });

  // Node's loadEnvFile says ENOENT of a file it may not read: the console once started on its defaults.
  it("refuses a file this user may not read, and does not take it for a missing one", () => {
    const file = path.join(dir, "secret");
    fs.writeFileSync(file, "PORT=3311\n", { mode: 0o000 });
    const denied = vi.spyOn(fs, "accessSync").mockImplementation(() => {
      throw Object.assign(new Error("permission denied"), { code: "EACCES" });
    });
    expect(catchError(() => loadDotEnv(file)).message).toMatch(/secret cannot be read as settings \(EACCES\)/);
    denied.mockRestore();
  });
});

describe("dotEnvProblems", () => {
  it("takes what Node reads as settings", () => {
    const text =
      '# hosts\n\nPORT=3000\nexport HOST = 127.0.0.1\nEMPTY=\nTWO="a\nb"\nLOGS_URL=\'x\' # y\nURL=http://a/?b="c\n';
    expect(dotEnvProblems(text)).toEqual([]);
  });

  // All four were once left out without a word, and the console started on its defaults.
  it("names every line that Node would leave out, and repeats no value", () => {
    const problems = dotEnvProblems('PORT\n=x\nHOST=127.0.0.1\nfoo bar\nJAEGER_URL="http://secret\n');
    expect(problems).toEqual([
      expect.stringMatching(/^line 1 /),
      expect.stringMatching(/^line 2 /),
      expect.stringMatching(/^line 4 /),
      expect.stringMatching(/^line 5: .*not closed/),
    ]);
    expect(problems.join()).not.toContain("secret");
  });

  it("refuses the file by its name", () => {
    const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "ops-dotenv-")), ".env");
    fs.writeFileSync(file, "PORT\n");
    expect(catchError(() => loadDotEnv(file)).problems).toEqual([
      { field: ".env", message: expect.stringMatching(/line 1/) },
    ]);
    fs.rmSync(path.dirname(file), { recursive: true });
  });
});

function catchError(act: () => unknown): AppError {
  try {
    act();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}
