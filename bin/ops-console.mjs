#!/usr/bin/env node
// Launches the bundled command line (cli/main.ts); prepares it first when this checkout was never built.
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { bundleDir } from "../scripts/build.mjs";

const root = path.join(import.meta.dirname, "..");
// Paths given on the command line are relative to where the person stands, not to the checkout.
process.env.INIT_CWD ??= process.cwd();
process.chdir(root);

// Which Node this needs is ours to say (ADR 3); the pinned AWS SDK runs on it and would warn in the middle of an answer.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

const cli = path.resolve(bundleDir(), "cli.mjs");
if (!fs.existsSync(cli)) {
  const status = await prepare();
  if (status !== 0) process.exit(status);
}
// npm ends on SIGTERM without passing it on to what its shell runs: when it is gone, so are we.
if (process.env.npm_lifecycle_event) {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, "SIGTERM");
  }, 500);
  watch.unref();
}
await import(pathToFileURL(cli).href);

/** Installs and builds, which takes a minute; whoever ends us meanwhile ends that too, npm and compiler included. */
function prepare() {
  return new Promise((resolve) => {
    // A group of its own: npm does not pass a signal on to what it started.
    const child = spawn(process.execPath, ["scripts/prepare.mjs", "--build"], { stdio: "inherit", detached: true });
    const signals = ["SIGTERM", "SIGINT", "SIGHUP"];
    const end = (signal) => {
      if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid, signal);
    };
    for (const signal of signals) process.on(signal, end);
    child.once("error", () => resolve(1));
    child.once("exit", (code, signal) => {
      for (const each of signals) process.off(each, end);
      resolve(signal === null ? (code ?? 1) : 143);
    });
  });
}
