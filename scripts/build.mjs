// Builds what `npm start` serves, when the sources changed: Next's production build and the bundles of our processes.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { heldBy, withLock } from "./lock.mjs";
import { nodeBundle } from "./node-bundle.mjs";
import { slimZod } from "./slim-zod.mjs";

const ROOT = path.join(import.meta.dirname, "..");
const SOURCES = [
  ...["app", "web", "worker", "collector", "cli", "features", "server", "components", "lib", "prisma"],
  ...[
    "next.config.js",
    "postcss.config.mjs",
    "proxy.ts",
    "package-lock.json",
    "tsconfig.json",
    "scripts/build.mjs",
    "scripts/node-bundle.mjs",
    "scripts/slim-zod.mjs",
  ],
];
const ENTRIES = ["cli", "web", "worker", "collector"];
/** Programs of threads, beside the bundle of the process that starts them. */
const THREADS = { "trace-thread": "features/traces/server/threads/trace-thread.ts" };

/** Where Next builds to; tests build beside the served build (`NEXT_DIST_DIR=.next-test`). */
export const nextDir = () => process.env.NEXT_DIST_DIR || ".next";

/** The bundles beside a Next build: `.next` → `dist`, `.next-test` → `dist-test`. */
export const bundleDir = () => nextDir().replace(/^\.next/, "dist");

/**
 * Builds if the sources differ from the last good build. The stamp is written last, so an interrupted build is made
 * again. Two calls at once: one builds, the other waits and finds it done.
 */
export async function ensureBuild() {
  process.chdir(ROOT);
  if (isBuilt(sourceHash())) return;
  await withLock(`node_modules/.cache/ops-console${nextDir()}.lock`, async () => {
    const hash = sourceHash();
    if (isBuilt(hash)) return;
    refuseUnderARunningConsole();
    const startedAt = performance.now();
    console.log("Building the console ...");
    fs.rmSync(stampFile(), { force: true });
    await slimZod();
    await Promise.all([buildPages(), buildBundles()]);
    fs.writeFileSync(stampFile(), hash);
    console.log(`Built in ${((performance.now() - startedAt) / 1000).toFixed(1)} s.`);
  });
}

const stampFile = () => path.join(nextDir(), "ops-console-build");

function isBuilt(hash) {
  const isComplete =
    fs.existsSync(path.join(nextDir(), "BUILD_ID")) && fs.existsSync(path.join(bundleDir(), "cli.mjs"));
  return isComplete && fs.existsSync(stampFile()) && fs.readFileSync(stampFile(), "utf8") === hash;
}

/** Next removes the old build before it writes the new one: a console serving it would break. */
function refuseUnderARunningConsole() {
  if (!fs.existsSync(nextDir())) return;
  const holder = fs
    .readdirSync(nextDir())
    .filter((name) => name.startsWith("serving-"))
    .map((name) => heldBy(path.join(nextDir(), name)))
    .find((pid) => pid !== undefined);
  if (holder === undefined) return;
  console.error(
    `The sources have changed, but a console of this checkout is running (pid ${holder}). Stop it, then start again.`,
  );
  process.exit(1);
}

function sourceHash() {
  const hash = createHash("sha256").update(process.version);
  const pending = SOURCES.filter((entry) => fs.existsSync(entry)).reverse();
  for (let entry = pending.pop(); entry !== undefined; entry = pending.pop()) {
    if (fs.statSync(entry).isDirectory()) {
      const names = fs.readdirSync(entry).filter((name) => name !== "generated" && !/\.test\.tsx?$/.test(name));
      pending.push(
        ...names
          .sort()
          .reverse()
          .map((name) => `${entry}/${name}`),
      );
    } else {
      hash.update(entry).update("\0").update(fs.readFileSync(entry));
    }
  }
  return hash.digest("hex");
}

/** Output is kept back and shown only when the build fails. */
function buildPages() {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["node_modules/next/dist/bin/next", "build"], {
      env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1", NEXT_DIST_DIR: nextDir() },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
    child.once("error", reject);
    child.once("close", (code) => (code === 0 ? resolve() : reject(new Error(`next build failed.\n${output}`))));
  });
}

/** One bundle per process: started as is, each uses a third of the memory it would with a TypeScript loader. */
async function buildBundles() {
  const { build } = await import("esbuild");
  fs.rmSync(bundleDir(), { recursive: true, force: true });
  await build({
    entryPoints: { ...Object.fromEntries(ENTRIES.map((name) => [name, `${name}/main.ts`])), ...THREADS },
    outdir: bundleDir(),
    outExtension: { ".js": ".mjs" },
    splitting: true,
    ...nodeBundle(ROOT),
  });
}
