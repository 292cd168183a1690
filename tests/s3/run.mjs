// Runs the S3 contract against a real versitygw, built from the Go module proxy with this folder's checksums. The binary
// is kept in tests/.cache under the hash of go.sum: the first build takes minutes, later runs none.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";

const here = import.meta.dirname;
const root = path.join(here, "../..");
const cache = path.join(root, "tests/.cache");
const ACCESS_KEY = "contract";
const SECRET_KEY = "contract-secret";
const START_TIMEOUT_MS = 20_000;

function build() {
  const id = createHash("sha256")
    .update(readFileSync(path.join(here, "go.sum")))
    .digest("hex")
    .slice(0, 12);
  const binary = path.join(cache, `versitygw-${id}`);
  if (existsSync(binary)) return binary;
  console.log("test:s3: building versitygw v1.8.0 (about two minutes, once)");
  const args = ["build", "-mod=readonly", "-o", binary, "github.com/versity/versitygw/cmd/versitygw"];
  const result = spawnSync("go", args, { cwd: here, stdio: "inherit" });
  if (result.status !== 0) throw new Error("versitygw could not be built");
  return binary;
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

async function waitUntilAnswering(endpoint, child) {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`versitygw stopped with code ${child.exitCode}`);
    const isUp = await fetch(endpoint).then(
      () => true,
      () => false,
    );
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("versitygw does not answer");
}

function runVitest(endpoint) {
  return new Promise((resolve) => {
    const env = {
      ...process.env,
      S3_CONTRACT_ENDPOINT: endpoint,
      S3_CONTRACT_ACCESS_KEY_ID: ACCESS_KEY,
      S3_CONTRACT_SECRET_ACCESS_KEY: SECRET_KEY,
    };
    const args = ["run", "--config", path.join(here, "vitest.config.ts"), ...process.argv.slice(2)];
    const child = spawn(path.join(root, "node_modules/.bin/vitest"), args, { cwd: root, env, stdio: "inherit" });
    child.once("exit", (code) => resolve(code ?? 1));
  });
}

if (spawnSync("go", ["version"]).status !== 0) {
  console.log("skipped: test:s3 (needs Go 1.25 or newer to build versitygw; `go` was not found)");
  process.exit(0);
}

mkdirSync(cache, { recursive: true });
const binary = build();
// On the repository's own disk: the posix backend keeps metadata in extended attributes, which not every /tmp has.
const data = mkdtempSync(path.join(cache, "versitygw-data-"));
const port = await freePort();
const endpoint = `http://127.0.0.1:${port}`;
const args = ["--port", `127.0.0.1:${port}`, "--access", ACCESS_KEY, "--secret", SECRET_KEY, "--quiet", "posix", data];
const server = spawn(binary, args, { stdio: ["ignore", "ignore", "inherit"] });
try {
  await waitUntilAnswering(endpoint, server);
  process.exitCode = await runVitest(endpoint);
} finally {
  server.kill("SIGKILL");
  rmSync(data, { recursive: true, force: true });
}
