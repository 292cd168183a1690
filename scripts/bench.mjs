// npm run bench -- NAME: runs tests/bench/NAME.bench.ts; no name lists them. A bench prints each figure with its budget
// and exits 1 when one is missed.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

process.chdir(path.join(import.meta.dirname, ".."));
const [name, ...rest] = process.argv.slice(2);
const names = fs
  .readdirSync("tests/bench")
  .flatMap((file) => (file.endsWith(".bench.ts") ? [file.slice(0, -".bench.ts".length)] : []));
if (!names.includes(name)) {
  console.error(`Usage: npm run bench -- NAME, where NAME is one of: ${names.join(", ")}`);
  process.exit(1);
}
// The condition lets modules marked "server-only" load outside Next.
const args = ["--conditions=react-server", "--import", "tsx", `tests/bench/${name}.bench.ts`, ...rest];
const { status } = spawnSync(process.execPath, args, {
  stdio: "inherit",
  env: { ...process.env, NODE_ENV: "production" },
});
process.exit(status ?? 1);
