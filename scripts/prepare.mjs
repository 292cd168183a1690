// Runs before start, test and check: makes a bare clone ready. Built-ins only, since nothing is installed yet.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`ops-console needs Node 20.19 or newer; this is ${process.version}.`);
  process.exit(1);
}
process.chdir(path.join(import.meta.dirname, ".."));

const hashOf = (...files) =>
  files.reduce((hash, file) => hash.update(fs.readFileSync(file)), createHash("sha256")).digest("hex");

/**
 * What runs the console comes first and alone, since a first start waits for it; what tests and checks it is added when
 * they are asked for, beside it: `npm ci` would pull the packages from under a console that runs from this checkout.
 */
function ensureDependencies({ withTools }) {
  const wanted = `${hashOf("package-lock.json")}-${process.platform}-${process.arch}-${process.versions.modules}`;
  const isStamped = (stamp) => fs.existsSync(stamp) && fs.readFileSync(stamp, "utf8") === wanted;
  const runtimeStamp = "node_modules/.ops-console-deps";
  const toolsStamp = "node_modules/.ops-console-dev-deps";
  if (!isStamped(runtimeStamp)) {
    console.log("Installing dependencies (npm ci) ...");
    npm("ci", withTools ? "--include=dev" : "--omit=dev");
    fs.writeFileSync(runtimeStamp, wanted);
    if (withTools) fs.writeFileSync(toolsStamp, wanted);
  } else if (withTools && !isStamped(toolsStamp)) {
    console.log("Installing what tests and checks need (npm install) ...");
    npm("install", "--include=dev", "--no-save");
    fs.writeFileSync(toolsStamp, wanted);
  }
}

function npm(...command) {
  const args = [...command, "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const cli = process.env.npm_execpath;
  const result = cli
    ? spawnSync(process.execPath, [cli, ...args], { stdio: "inherit" })
    : spawnSync("npm", args, { stdio: "inherit", shell: true });
  if (result.status !== 0) process.exit(result.status ?? 1);
}

function ensurePrismaClient() {
  const schemas = fs
    .readdirSync("prisma")
    .filter((name) => name.endsWith(".prisma"))
    .map((name) => `prisma/${name}`);
  const wanted = hashOf("package-lock.json", ...schemas);
  const stamp = "server/db/generated/.hash";
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, "utf8") === wanted) return;
  const env = {
    ...process.env,
    CHECKPOINT_DISABLE: "1",
    PRISMA_HIDE_UPDATE_MESSAGE: "1",
    // `generate` only checks that an engine exists; without this Prisma would download one.
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
  };
  const result = spawnSync(process.execPath, ["node_modules/prisma/build/index.js", "generate"], {
    env,
    encoding: "utf8",
  });
  if (result.status !== 0) {
    console.error(result.stdout, result.stderr);
    process.exit(1);
  }
  fs.writeFileSync(stamp, wanted);
}

const isForServing = process.argv.includes("--build");
ensureDependencies({ withTools: !isForServing });
ensurePrismaClient();
if (isForServing) {
  const { ensureBuild } = await import("./build.mjs");
  await ensureBuild().catch((error) => {
    console.error(error.message);
    process.exit(1);
  });
}
