import { fork } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { createS3Migration, listS3Migrations, s3EngineTask } from "@/features/s3-migrations/server";
import { closeDatabase } from "@/server/db/client";
import { applySchemaMigrations } from "@/server/db/migrate";
import { LOCAL_S3_CREDENTIALS } from "@/server/local-s3/start-local-s3";
import { startEmbeddedPostgres } from "@/server/postgres/embedded";

// Small files from a directory to a bucket on loopback: every object a row, CRC-32 and MD5 checked, then verified by HEAD.
const FILES = Number(process.argv[2] ?? 20_000);
const ENDPOINT = process.env.S3_TEST_ENDPOINT;
const BUDGET_COPY_PER_SECOND = 2500;
const BUDGET_RSS_MB = 300;

const dir = fs.mkdtempSync(path.join(os.tmpdir(), "ops-bench-s3-"));
fs.chmodSync(dir, 0o755);
const postgres = await startEmbeddedPostgres({ dataDir: path.join(dir, "pg") });
process.env.DATABASE_URL = postgres.url;
process.env.OPS_LOG_LEVEL = "error";
await applySchemaMigrations(postgres.url);
const server = fork(path.join(import.meta.dirname, "s3-server-process.ts"), [path.join(dir, "s3")]);
const [{ endpoint: local }] = (await once(server, "message")) as [{ endpoint: string }];
const endpoint = ENDPOINT ?? local;
let isMissed = false;
try {
  const root = path.join(dir, "files");
  const bytes = makeFiles(root, FILES);
  await createBucket(endpoint);
  const stop = new AbortController();
  const engine = s3EngineTask.run(stop.signal);
  const peak = watchMemory();
  await createS3Migration(
    {
      name: "bench",
      source: { kind: "local", path: root },
      destination: {
        kind: "s3",
        bucket: "bench",
        endpoint,
        ...(ENDPOINT === undefined ? { profile: LOCAL_S3_CREDENTIALS.accessKeyId } : {}),
      },
      start: true,
    },
    { name: "bench" },
  );
  const at = await timeOfStates();
  stop.abort();
  await engine;
  process.stdout.write(`load average ${os.loadavg()[0]?.toFixed(1)}; ${FILES} files, ${Math.round(bytes / 1e6)} MB\n`);
  process.stdout.write(`list and seal: ${Math.round(FILES / ((at.running - at.start) / 1000))} objects/s\n`);
  report("copy", FILES / ((at.verifying - at.running) / 1000), "objects/s", BUDGET_COPY_PER_SECOND, "least");
  process.stdout.write(`verify: ${Math.round(FILES / ((at.verified - at.verifying) / 1000))} objects/s\n`);
  report("memory, peak", peak() / 1e6, "MB", BUDGET_RSS_MB, "most");
} finally {
  server.disconnect();
  await closeDatabase();
  await postgres.stop();
  fs.rmSync(dir, { recursive: true, force: true });
}
process.exit(isMissed ? 1 : 0);

function makeFiles(root: string, count: number): number {
  let bytes = 0;
  for (let at = 0; at < count; at += 1) {
    const folder = path.join(root, `d${at % 200}`);
    if (at < 200) fs.mkdirSync(folder, { recursive: true });
    const size = 5000 + ((at * 7919) % 15_000);
    fs.writeFileSync(path.join(folder, `preview_${at}.png`), Buffer.alloc(size, at));
    bytes += size;
  }
  return bytes;
}

async function createBucket(url: string): Promise<void> {
  const own = ENDPOINT === undefined ? { credentials: LOCAL_S3_CREDENTIALS } : {};
  const client = new S3Client({ endpoint: url, region: "us-east-1", forcePathStyle: true, ...own });
  await client.send(new CreateBucketCommand({ Bucket: "bench" }));
  client.destroy();
}

/** When the only migration entered each state; ends at verified, or throws with why not. */
async function timeOfStates(): Promise<Record<"start" | "running" | "verifying" | "verified", number>> {
  const at = { start: performance.now(), running: 0, verifying: 0, verified: 0 };
  let cpuUs = cpuNowUs();
  for (;;) {
    const [snapshot] = await listS3Migrations();
    const state = snapshot?.state;
    if (state === "failed" || state === "auto_stopped") throw new Error(JSON.stringify(snapshot));
    if ((state === "running" || state === "verifying" || state === "verified") && at[state] === 0) {
      at[state] = performance.now();
      // Steadier than the clock on a busy machine.
      const nowUs = cpuNowUs();
      process.stdout.write(`worker CPU until ${state}: ${((nowUs - cpuUs) / 1000 / FILES).toFixed(3)} ms per object\n`);
      cpuUs = nowUs;
      if (state === "verified") return at;
    }
    await sleep(50);
  }
}

function cpuNowUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

function watchMemory(): () => number {
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 100);
  return () => {
    clearInterval(timer);
    return peak;
  };
}

function report(name: string, value: number, unit: string, budget: number, bound: "least" | "most"): void {
  const isMet = bound === "least" ? value >= budget : value <= budget;
  if (!isMet) isMissed = true;
  process.stdout.write(`${isMet ? "ok  " : "MISS"} ${name}: ${Math.round(value)} ${unit} (at ${bound} ${budget})\n`);
}
