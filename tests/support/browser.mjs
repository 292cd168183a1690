// Which Chromium the browser tests run on: CHROMIUM_PATH > Playwright's own > one of the system > the one npm ships.
// Each candidate is launched once, which also finds missing shared libraries; workers inherit the answer.
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { chromium } from "@playwright/test";

const ANSWER = "OPS_TEST_BROWSER";
const SYSTEM_PATHS = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/snap/bin/chromium",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** Playwright already passes most quiet flags; with the resolver rule no test can depend on another machine. */
const ARGS = [
  "--no-sandbox",
  "--disable-quic",
  "--disable-dev-shm-usage",
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
];

/** Launch options of a Chromium that starts here, or an error that lists what was tried and what to do. */
export async function resolveBrowser() {
  const known = process.env[ANSWER];
  if (known) return JSON.parse(known);
  const tried = [];
  for await (const candidate of candidates()) {
    const options = { ...candidate, args: ARGS };
    try {
      const browser = await chromium.launch({ ...options, timeout: 20_000 });
      await browser.close();
      process.env[ANSWER] = JSON.stringify(options);
      return options;
    } catch (error) {
      tried.push(`${candidate.executablePath ?? candidate.channel ?? "playwright"}: ${error.message.split("\n")[0]}`);
    }
  }
  throw new Error(
    `No Chromium starts here. Run "npx playwright install chromium" or set CHROMIUM_PATH. Tried:\n  ${tried.join("\n  ")}`,
  );
}

async function* candidates() {
  if (process.env.CHROMIUM_PATH) {
    // Named on purpose: no silent fallback to another one.
    yield { executablePath: process.env.CHROMIUM_PATH };
    return;
  }
  if (fs.existsSync(chromium.executablePath())) yield {};
  for (const executablePath of SYSTEM_PATHS) if (fs.existsSync(executablePath)) yield { executablePath };
  yield { channel: "chrome" };
  if (process.platform === "linux" && process.arch === "x64") yield await unpackShipped();
}

/** Unpacks npm's Chromium and the libraries it brings, once per version. */
async function unpackShipped() {
  const require = createRequire(import.meta.url);
  const packageDir = path.join(path.dirname(require.resolve("@sparticuz/chromium")), "..");
  const { version } = JSON.parse(fs.readFileSync(path.join(packageDir, "package.json"), "utf8"));
  const dir = path.resolve("node_modules/.cache/chromium", version);
  fs.mkdirSync(dir, { recursive: true });
  // It unpacks into the temporary directory and trusts whatever lies there.
  const previous = process.env.TMPDIR;
  process.env.TMPDIR = dir;
  try {
    const { default: shipped, inflate } = await import("@sparticuz/chromium");
    const executablePath = await shipped.executablePath();
    await inflate(path.join(packageDir, "bin", "al2023.tar.br"));
    return { executablePath, env: { ...process.env, LD_LIBRARY_PATH: path.join(dir, "al2023/lib") } };
  } finally {
    if (previous === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = previous;
  }
}
