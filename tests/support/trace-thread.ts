import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { setThreadEntry } from "@/server/processes/thread-entries";

/** Bundles the program of the threads that read big traces, as `npm start` does, for this process. Call the result at the end. */
export async function withTraceThreads(): Promise<() => void> {
  const folder = fs.mkdtempSync(path.join(fs.realpathSync("node_modules"), ".trace-thread-"));
  const file = path.join(folder, "trace-thread.mjs");
  await build({
    entryPoints: ["features/traces/server/threads/trace-thread.ts"],
    outfile: file,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    packages: "external",
    conditions: ["react-server"],
    logLevel: "warning",
  });
  setThreadEntry("trace-thread", pathToFileURL(file));
  return () => fs.rmSync(folder, { recursive: true, force: true });
}
