import { type ChildProcess, fork, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CreateBucketCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { build } from "esbuild";
import { createS3Migration } from "@/features/s3-migrations/server";
import { pool } from "@/server/db/client";
import { freePort } from "@/server/postgres/free-port";
import { peakRssMb, spentCpuS, treeCpuS } from "./process-cost";

/** One copy by one program: seconds by the clock and of its own CPU, and its memory at most. */
type OwnCost = { wallS: number; cpuS: number; rssMb: number; listS?: number };
/** With the CPU seconds that the S3 server and the database spent on it. */
export type Cost = OwnCost & { serverCpuS: number; databaseCpuS: number };
/** What is copied: a directory, or a bucket on the same server. */
export type Job = {
  kind: string;
  name: string;
  objects: number;
  from: { dir: string } | { bucket: string };
  budget: number;
};
export type Peer = { name: string; run: (job: Job, to: string, onCopied: () => void) => Promise<OwnCost> };
export type Gateway = { endpoint: string; pid: number | undefined; client: S3Client; stop: () => void };

const KEYS = { accessKeyId: "bench", secretAccessKey: "bench-secret" };

/** A real versitygw with its data in `dir`. */
export async function startGateway(binary: string, dir: string): Promise<Gateway> {
  fs.mkdirSync(dir, { recursive: true });
  const address = `127.0.0.1:${await freePort()}`;
  const login = ["--access", KEYS.accessKeyId, "--secret", KEYS.secretAccessKey];
  // Real servers keep connections; this one does when told.
  const child = spawn(binary, ["--port", address, ...login, "--quiet", "--keep-alive", "posix", dir], {
    stdio: "ignore",
  });
  const endpoint = `http://${address}`;
  const client = new S3Client({ endpoint, region: "us-east-1", credentials: KEYS, forcePathStyle: true });
  for (let tries = 0; ; tries += 1) {
    const isUp = await fetch(endpoint).then(
      () => true,
      () => false,
    );
    if (isUp) break;
    if (tries > 200) throw new Error("versitygw does not answer");
    await sleep(50);
  }
  return { endpoint, pid: child.pid, client, stop: () => void child.kill("SIGKILL") };
}

/** `count` files of random bytes in 200 directories, as large as `sizeOf` says. */
export function makeFiles(dir: string, count: number, sizeOf: (at: number) => number): void {
  for (let at = 0; at < count; at += 1) {
    const folder = path.join(dir, `d${at % 200}`);
    if (at < 200) fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(folder, `preview_${at}.bin`), randomBytes(sizeOf(at)));
  }
}

/** The worker of the console, running already as it does in a deployment; its time ends with the last object copied. */
export async function startOurs(gateway: Gateway): Promise<Peer & { stop: () => Promise<void> }> {
  const worker = fork(await bundledWorker(), ["{}"], {
    execArgv: profiling(),
    env: { ...process.env, AWS_ACCESS_KEY_ID: KEYS.accessKeyId, AWS_SECRET_ACCESS_KEY: KEYS.secretAccessKey },
  });
  await once(worker, "message");
  const store = (bucket: string) => ({ kind: "s3", bucket, endpoint: gateway.endpoint }) as const;
  return {
    name: "ops-console",
    run: async ({ from, objects, name }, to, onCopied) => {
      const cpuS = spentCpuS(worker.pid);
      const startedMs = performance.now();
      const source = "dir" in from ? ({ kind: "local", path: from.dir } as const) : store(from.bucket);
      const { id } = await createS3Migration(
        { name, source, destination: store(to), options: { maxDeltaPasses: 0 }, start: true },
        { name: "bench" },
      );
      const listS = await untilCopied(id, objects, startedMs);
      const cost = { wallS: (performance.now() - startedMs) / 1000, cpuS: spentCpuS(worker.pid) - cpuS, listS };
      onCopied();
      await untilVerified(id);
      return { ...cost, rssMb: peakRssMb(worker.pid) };
    },
    stop: async () => {
      worker.kill("SIGTERM");
      await once(worker, "exit");
    },
  };
}

/** Bundled as a deployment has it: under a TypeScript loader each closure costs a call more, and the heap twice as much. */
async function bundledWorker(): Promise<string> {
  const root = path.join(import.meta.dirname, "../..");
  const outfile = path.join(root, "tests/.cache/s3-worker.mjs");
  await build({
    entryPoints: [path.join(root, "tests/support/s3-worker-child.ts")],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    packages: "external",
    alias: { "server-only": path.join(root, "node_modules/server-only/empty.js") },
    logLevel: "error",
  });
  return outfile;
}

/** `OPS_BENCH_PROFILE=DIR` keeps a CPU profile of the worker there. */
function profiling(): string[] {
  const into = process.env.OPS_BENCH_PROFILE;
  return into === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${into}`];
}

/** By the chunks' own sums, since the screen follows them up to a second later. Gives when they were there, in seconds. */
async function untilCopied(id: string, objects: number, startedMs: number): Promise<number> {
  let listS: number | undefined;
  for (;;) {
    const { rows } = await pool().query<{ listed: number; done: number; failed: number }>(
      `select coalesce(sum(n), 0)::int as listed, coalesce(sum(copied + verified), 0)::int as done,
              coalesce(sum(failed + conflict), 0)::int as failed
         from s3.chunk where migration_no = (select no from s3_migration where id = $1)`,
      [id],
    );
    if ((rows[0]?.failed ?? 0) > 0) throw new Error("an object was not copied");
    if ((rows[0]?.listed ?? 0) > 0) listS ??= (performance.now() - startedMs) / 1000;
    if ((rows[0]?.done ?? 0) >= objects) return listS ?? 0;
    await sleep(20);
  }
}

async function untilVerified(id: string): Promise<void> {
  for (;;) {
    const { rows } = await pool().query<{ state: string }>("select state from s3_migration where id = $1", [id]);
    if (rows[0]?.state === "verified") return;
    if (rows[0]?.state === "failed") throw new Error("the migration failed");
    await sleep(100);
  }
}

/** A command line program that copies all of a job; `args` in its own words. */
export function commandPeer(name: string, binary: string, { endpoint }: Gateway, args: Command): Peer {
  return {
    name,
    run: async (job, to) => {
      const env = {
        NODE_ENV: "production" as const,
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        AWS_ACCESS_KEY_ID: KEYS.accessKeyId,
        AWS_SECRET_ACCESS_KEY: KEYS.secretAccessKey,
        AWS_REGION: "us-east-1",
        RCLONE_CONFIG: "/dev/null",
        RCLONE_CONFIG_T_TYPE: "s3",
        RCLONE_CONFIG_T_PROVIDER: "Other",
        RCLONE_CONFIG_T_ENDPOINT: endpoint,
        RCLONE_CONFIG_T_ACCESS_KEY_ID: KEYS.accessKeyId,
        RCLONE_CONFIG_T_SECRET_ACCESS_KEY: KEYS.secretAccessKey,
        RCLONE_CONFIG_T_REGION: "us-east-1",
      };
      const startedMs = performance.now();
      const child = spawn(binary, args(job, to, endpoint), { env, stdio: ["ignore", "ignore", "inherit"] });
      const cost = watch(child);
      const [code] = (await once(child, "exit")) as [number | null];
      if (code !== 0) throw new Error(`${name} ended with ${code}`);
      return { wallS: (performance.now() - startedMs) / 1000, ...cost() };
    },
  };
}
type Command = (job: Job, to: string, endpoint: string) => string[];

/** Looked at every 20 ms: what a program spends in its last moments is not seen. */
function watch(child: ChildProcess): () => Pick<OwnCost, "cpuS" | "rssMb"> {
  let seen = { cpuS: 0, rssMb: 0 };
  const timer = setInterval(() => {
    const cpuS = spentCpuS(child.pid);
    if (cpuS > 0) seen = { cpuS, rssMb: Math.max(seen.rssMb, peakRssMb(child.pid)) };
  }, 20);
  return () => {
    clearInterval(timer);
    return seen;
  };
}

/** A fresh bucket for every run, and proof that everything came. */
export async function runOnce(
  peer: Peer,
  job: Job,
  { gateway: { client, pid }, databasePid }: { gateway: Gateway; databasePid: number },
): Promise<Cost> {
  const to = `to-${randomBytes(6).toString("hex")}`;
  await client.send(new CreateBucketCommand({ Bucket: to }));
  const before = { server: spentCpuS(pid), database: treeCpuS(databasePid) };
  const spent = () => ({
    serverCpuS: spentCpuS(pid) - before.server,
    databaseCpuS: treeCpuS(databasePid) - before.database,
  });
  // What ours proves afterwards is no part of a copy.
  let others: ReturnType<typeof spent> | undefined;
  const own = await peer.run(job, to, () => {
    others = spent();
  });
  const cost = { ...own, ...(others ?? spent()) };
  let there = 0;
  for (let token: string | undefined; ; ) {
    const page = await client.send(new ListObjectsV2Command({ Bucket: to, ContinuationToken: token }));
    there += page.KeyCount ?? 0;
    token = page.NextContinuationToken;
    if (token === undefined) break;
  }
  if (there !== job.objects) throw new Error(`${peer.name} copied ${there} of ${job.objects} objects`);
  return cost;
}
