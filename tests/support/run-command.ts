import { spawn } from "node:child_process";
import path from "node:path";
import type { TestConsole } from "./console";

export type Ran = { code: number | null; stdout: string; stderr: string };

/** `ops-console …` as typed, talking to a console that a test started, if it needs one. */
export async function runCommand(
  console: TestConsole | undefined,
  args: readonly string[],
  { cwd = process.cwd(), dataDir }: { cwd?: string; dataDir?: string } = {},
): Promise<Ran> {
  const child = spawn(process.execPath, [path.resolve("bin/ops-console.mjs"), ...args], {
    cwd,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      NODE_ENV: "production",
      NEXT_DIST_DIR: ".next-test",
      ...(dataDir !== undefined && { OPS_DATA_DIR: dataDir }),
      ...(console && { PORT: new URL(console.url).port }),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ran: Ran = { code: null, stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => {
    ran.stdout += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    ran.stderr += chunk.toString();
  });
  ran.code = await new Promise((resolve) => child.once("close", resolve));
  return ran;
}
