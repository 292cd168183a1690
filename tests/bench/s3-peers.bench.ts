import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { goTool } from "@/scripts/go-tool.mjs";
import { closeDatabase } from "@/server/db/client";
import { applySchemaMigrations } from "@/server/db/migrate";
import { startEmbeddedPostgres } from "@/server/postgres/embedded";
import {
  type Cost,
  commandPeer,
  type Gateway,
  type Job,
  makeFiles,
  type Peer,
  runOnce,
  startGateway,
  startOurs,
} from "./s3-copy-peers";

// Copies beside rclone, s5cmd and (with --aws) the AWS CLI: one real server, the same files, runs that take turns.
// npm run bench -- s3-peers [disk|memory] [rounds] [--aws] [--only=small|bucket|large]
const [place = "disk", rounds = "2"] = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const hasAws = process.argv.includes("--aws");
const only = process.argv.find((word) => word.startsWith("--only="))?.slice("--only=".length);
const SMALL = Number(process.env.OPS_BENCH_FILES ?? 20_000);
const LARGE = 50;

const base = place === "memory" ? "/dev/shm" : os.tmpdir();
const dir = fs.mkdtempSync(path.join(base, "ops-bench-peers-"));
fs.chmodSync(dir, 0o755);
const postgres = await startEmbeddedPostgres({ dataDir: path.join(dir, "pg") });
process.env.DATABASE_URL = postgres.url;
process.env.OPS_LOG_LEVEL = "error";
await applySchemaMigrations(postgres.url);
const gateway = await startGateway(
  goTool("tests/s3", "github.com/versity/versitygw/cmd/versitygw"),
  path.join(dir, "s3"),
);
const ours = await startOurs(gateway);
let isMissed = false;
try {
  const peers = [ours, ...findPeers(gateway)];
  for (const job of await makeJobs()) if (only === undefined || job.kind === only) await compete(job, peers);
} finally {
  await ours.stop();
  gateway.stop();
  await closeDatabase();
  await postgres.stop();
  fs.rmSync(dir, { recursive: true, force: true });
}
process.exit(isMissed ? 1 : 0);

async function makeJobs(): Promise<Job[]> {
  const [small, large] = [path.join(dir, "small"), path.join(dir, "large")];
  makeFiles(small, SMALL, (at) => 5000 + ((at * 7919) % 15_000));
  const local = place === "memory" ? 1.4 : 1.2;
  const bucket = "source-small";
  await gateway.client.send(new CreateBucketCommand({ Bucket: bucket }));
  const jobs: Job[] = [
    { kind: "small", name: `${SMALL} small files to a bucket`, objects: SMALL, from: { dir: small }, budget: local },
    {
      kind: "bucket",
      name: `${SMALL} small objects from bucket to bucket`,
      objects: SMALL,
      from: { bucket },
      budget: 1,
    },
  ];
  const up = spawnSync(
    goTool("tests/s3-peers/s5cmd", "github.com/peak/s5cmd/v2"),
    [...["--endpoint-url", gateway.endpoint, "--log", "error", "cp", `${small}/*`, `s3://${bucket}/`]],
    {
      env: {
        ...process.env,
        AWS_ACCESS_KEY_ID: "bench",
        AWS_SECRET_ACCESS_KEY: "bench-secret",
        AWS_REGION: "us-east-1",
      },
    },
  );
  if (up.status !== 0) throw new Error("the source bucket could not be filled");
  if (place !== "memory") return jobs;
  makeFiles(large, LARGE, () => 20_000_000);
  return [
    ...jobs,
    { kind: "large", name: `${LARGE} files of 20 MB`, objects: LARGE, from: { dir: large }, budget: 1.1 },
  ];
}

function findPeers(server: Gateway): Peer[] {
  const s3 = (bucket: string) => `s3://${bucket}/`;
  const rclone = commandPeer(
    "rclone",
    goTool("tests/s3-peers/rclone", "github.com/rclone/rclone"),
    server,
    ({ from }, to) => [
      "copy",
      "dir" in from ? from.dir : `t:${from.bucket}`,
      `t:${to}`,
      ...["--transfers", "32", "--checkers", "32", "--fast-list", "--stats", "0"],
    ],
  );
  const s5cmd = commandPeer(
    "s5cmd",
    goTool("tests/s3-peers/s5cmd", "github.com/peak/s5cmd/v2"),
    server,
    ({ from }, to, at) => [
      ...["--endpoint-url", at, "--numworkers", "32", "--log", "error", "cp"],
      "dir" in from ? `${from.dir}/*` : `s3://${from.bucket}/*`,
      s3(to),
    ],
  );
  const aws = commandPeer("aws", "aws", server, ({ from }, to, at) => [
    ...["--endpoint-url", at, "s3", "sync", "--only-show-errors"],
    "dir" in from ? from.dir : s3(from.bucket),
    s3(to),
  ]);
  return hasAws ? [rclone, s5cmd, aws] : [rclone, s5cmd];
}

async function compete(job: Job, peers: readonly Peer[]): Promise<void> {
  const costs = new Map<string, Cost[]>(peers.map(({ name }) => [name, []]));
  for (let round = 0; round < Number(rounds); round += 1) {
    for (const peer of peers)
      costs.get(peer.name)?.push(await runOnce(peer, job, { gateway, databasePid: postgres.pid }));
  }
  process.stdout.write(`\n${job.name}, ${place}, load average ${os.loadavg()[0]?.toFixed(1)}\n`);
  const best = new Map([...costs].map(([name, runs]): [string, Cost] => [name, bestOf(runs)]));
  for (const [name, cost] of best) process.stdout.write(`  ${name.padEnd(12)} ${inWords(cost, job.objects)}\n`);
  const own = best.get("ops-console");
  const others = [...best].filter(([name]) => name !== "ops-console").map(([, cost]) => cost);
  const ratio = Math.min(...others.map(({ wallS }) => wallS)) / (own?.wallS ?? 1);
  const cpuRatio = Math.min(...others.map(({ cpuS }) => cpuS)) / (own?.cpuS ?? 1);
  const isMet = ratio >= job.budget;
  if (!isMet) isMissed = true;
  process.stdout.write(
    `${isMet ? "ok  " : "MISS"} ${ratio.toFixed(2)} × the quickest other (at least ${job.budget}), CPU ${cpuRatio.toFixed(2)} × the leanest\n`,
  );
}

/** The least of each figure over all runs, since others may use the machine; the most memory. */
function bestOf(runs: readonly Cost[]): Cost {
  const least = (figure: (cost: Cost) => number) => Math.min(...runs.map(figure));
  return {
    wallS: least(({ wallS }) => wallS),
    listS: least(({ listS = 0 }) => listS),
    cpuS: least(({ cpuS }) => cpuS),
    serverCpuS: least(({ serverCpuS }) => serverCpuS),
    databaseCpuS: least(({ databaseCpuS }) => databaseCpuS),
    rssMb: Math.max(...runs.map(({ rssMb }) => rssMb)),
  };
}

function inWords({ wallS, listS = 0, cpuS, serverCpuS, databaseCpuS, rssMb }: Cost, objects: number): string {
  const each = (seconds: number) => Math.round((seconds / objects) * 1e6);
  const cpu = `CPU per object ${each(cpuS)} µs, server ${each(serverCpuS)}, database ${each(databaseCpuS)}`;
  const listed = listS > 0 ? `, listed and sealed after ${listS.toFixed(2)} s` : "";
  const rate = String(Math.round(objects / wallS)).padStart(6);
  return `${rate} objects/s  ${wallS.toFixed(2)} s  ${cpu}  ${Math.round(rssMb)} MB${listed}`;
}
