import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

/** A Go program at the versions of `moduleDir`, built once, outside the checkout so that a clean one finds it again. */
export function goTool(moduleDir, main) {
  const built = builtPath(moduleDir);
  if (fs.existsSync(built)) return built;
  fs.mkdirSync(path.dirname(built), { recursive: true });
  console.log(`Building ${main} (some minutes, once) ...`);
  const draft = `${built}.${process.pid}`;
  const go = spawnSync("go", ["build", "-trimpath", "-o", draft, main], { cwd: moduleDir, stdio: "inherit" });
  if (go.status !== 0) process.exit(1);
  fs.renameSync(draft, built);
  return built;
}

/** The same where it was built before; `undefined` where it was not. */
export function builtGoTool(moduleDir) {
  const built = builtPath(moduleDir);
  return fs.existsSync(built) ? built : undefined;
}

function builtPath(moduleDir) {
  const hash = createHash("sha256");
  for (const file of ["go.mod", "go.sum"]) hash.update(fs.readFileSync(path.join(moduleDir, file)));
  const cache = process.env.XDG_CACHE_HOME || path.join(os.homedir(), ".cache");
  return path.join(cache, "ops-console", `${path.basename(moduleDir)}-${hash.digest("hex").slice(0, 16)}`);
}
