import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { placesWithinReach, readyBinaries } from "./layout";

const dirs: string[] = [];
afterEach(() => {
  vi.restoreAllMocks();
  for (const dir of dirs.splice(0)) fs.rmSync(dir, { recursive: true });
});

/** A package of binaries as npm unpacks it, and a data directory elsewhere. */
function unpacked(mode: number): { packaged: string; dataDir: string } {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), "ops-layout-"));
  dirs.push(dir);
  const packaged = path.join(dir, "package/native");
  fs.mkdirSync(path.join(packaged, "bin"), { recursive: true });
  fs.writeFileSync(path.join(dir, "package/package.json"), '{"version":"18.4.0"}');
  for (const name of ["initdb", "postgres", "pg_ctl"]) fs.writeFileSync(path.join(packaged, "bin", name), "", { mode });
  return { packaged, dataDir: path.join(dir, "data/postgres") };
}

describe("readyBinaries", () => {
  // A console in a checkout of another user, or a read-only one, once said its own data directory cannot be written.
  it("changes nothing in a package whose programs everybody may run", () => {
    const { packaged, dataDir } = unpacked(0o755);
    const chmod = vi.spyOn(fs, "chmodSync");
    expect(readyBinaries(packaged, dataDir)).toBe(packaged);
    expect(chmod).not.toHaveBeenCalled();
  });

  it.each(["EPERM", "EACCES", "EROFS"])("copies a package it may not finish (%s) beside the data directory", (code) => {
    const { packaged, dataDir } = unpacked(0o644);
    const { chmodSync } = fs;
    vi.spyOn(fs, "chmodSync").mockImplementation((file, mode) => {
      if (String(file).startsWith(packaged)) throw Object.assign(new Error("chmod"), { code });
      chmodSync(file, mode);
    });
    const copy = readyBinaries(packaged, dataDir);
    expect(copy).toBe(path.join(path.dirname(dataDir), "postgres-18.4.0/native"));
    expect(fs.statSync(path.join(copy, "bin/postgres")).mode & 0o777).toBe(0o755);
    expect(readyBinaries(packaged, dataDir)).toBe(copy);
  });
});

describe("placesWithinReach", () => {
  it("gives every data directory a place of its own, however much two of them look alike at the end", () => {
    // The last twelve characters once made the name: every ".../data/postgres" was one and the same database.
    const dirs = ["/srv/a/.data/postgres", "/srv/b/.data/postgres", "/tmp/tmp.x/data/postgres"];
    const places = dirs.map((dir) => placesWithinReach("18.4.0", dir).dataDir);
    expect(new Set(places).size).toBe(dirs.length);
    expect(placesWithinReach("18.4.0", dirs[0] ?? "").dataDir).toBe(places[0]);
  });

  it("keeps the binaries of each version apart, so that an update is used", () => {
    const [older, newer] = ["18.4.0", "18.5.0"].map((version) => placesWithinReach(version, "/srv/x").nativeDir);
    expect(older).not.toBe(newer);
  });
});
