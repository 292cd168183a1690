// npm run check: every gate that needs no server, in the order that fails fastest. `--fix` formats first.
import { spawnSync } from "node:child_process";

const bin = (name) => `node_modules/.bin/${name}`;
const CRUISED = ["app", "web", "worker", "collector", "cli", "features", "server", "components", "lib"];

const steps = [
  ["format and lint", [bin("biome"), "ci", "--error-on-warnings", "."]],
  ["route types", [bin("next"), "typegen"]],
  ["types", [bin("tsc"), "--noEmit"]],
  ["import law", [bin("depcruise"), ...CRUISED, "--config", ".dependency-cruiser.cjs", "--output-type", "err"]],
  ["dead code", [bin("knip"), "--treat-config-hints-as-errors"]],
];

/** A cruise that resolves no module reports no violation: the count is part of the gate. */
function assertModulesSeen() {
  const args = [...CRUISED, "--config", ".dependency-cruiser.cjs", "--output-type", "json"];
  const result = spawnSync(bin("depcruise"), args, { encoding: "utf8", maxBuffer: 1 << 28 });
  const seen = JSON.parse(result.stdout).summary.totalCruised;
  console.log(`  ${seen} modules cruised`);
  return seen > 60;
}

let failed = 0;
for (const [title, [command, ...args]] of steps) {
  const startedAt = performance.now();
  const result = spawnSync(command, args, {
    encoding: "utf8",
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1" },
    maxBuffer: 1 << 28,
  });
  let isOk = result.status === 0;
  if (!isOk) console.log(result.stdout + result.stderr);
  if (title === "import law" && isOk) isOk = assertModulesSeen();
  console.log(`${isOk ? "ok  " : "FAIL"} ${title} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`);
  if (!isOk) failed += 1;
}
console.log(`${steps.length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
