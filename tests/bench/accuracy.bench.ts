import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { closeCollectorPool, startCollector } from "@/features/collector/server";
import { getFindings } from "@/features/traces/server";
import { closeDatabase } from "@/server/db/client";
import { applySchemaMigrations } from "@/server/db/migrate";
import { startEmbeddedPostgres } from "@/server/postgres/embedded";
import { type TraceRecorder, toOtlpRequest } from "@/tests/support/trace-recorder";
import { Tally } from "@/tests/support/worlds/judge";
import { worldsOf } from "@/tests/support/worlds/judge-purely";
import { recordTrouble, TROUBLES, type Troubled } from "@/tests/support/worlds/record-world";
import { recordRequest } from "@/tests/support/worlds/world";
import { exitCode, report } from "./bench-report";

// Every kind of trouble in every world of each seed, sent over OTLP beside 600 healthy requests, and judged by what the
// API says first. Seeds by argument: npm run bench -- accuracy 11,12,13 [--rounds=3] [--wrong]
const [seedsText = "101", ...flags] = process.argv.slice(2);
const SEEDS = seedsText.split(",").map(Number);
const WORLDS = 6;
/** Requests with each trouble in each world: with more, history is mostly trouble. */
const ROUNDS = Number(flags.find((flag) => flag.startsWith("--rounds="))?.slice(9) ?? 1);
const BASELINE_TRACES = 100;
const HEALTHY_JUDGED = 25;
const TRACES_PER_REQUEST = 50;

const dir = fs.mkdtempSync(path.join(os.tmpdir(), "ops-bench-"));
fs.chmodSync(dir, 0o755);
const postgres = await startEmbeddedPostgres({ dataDir: path.join(dir, "data") });
process.env.DATABASE_URL = postgres.url;
process.env.OPS_LOG_LEVEL = "error";
await applySchemaMigrations(postgres.url);
const collector = await startCollector({ host: "127.0.0.1", otlpPort: 0, jaegerApiPort: 0 });
process.env.JAEGER_URL = `http://127.0.0.1:${collector.jaegerApiPort}`;
const tally = new Tally();
try {
  for (const seed of SEEDS) await judgeSeed(seed);
} finally {
  await collector.stop();
  await closeCollectorPool();
  await closeDatabase();
  await postgres.stop();
  fs.rmSync(dir, { recursive: true, force: true });
}
process.stdout.write(`seeds ${SEEDS.join(", ")}, ${SEEDS.length * WORLDS * BASELINE_TRACES} healthy traces sent\n`);
process.stdout.write(`${tally.table().join("\n")}\n`);
if (flags.includes("--wrong")) process.stdout.write(`${[...tally.wrong, ...tally.alarms].join("\n")}\n`);
report("wrong of all judged", 100 * (1 - tally.rightShare), "%", 5);
report("healthy ones with a finding above info", 100 * (1 - tally.quietShare), "%", 2);
process.exit(exitCode());

async function judgeSeed(seed: number): Promise<void> {
  const worlds = worldsOf(seed, WORLDS);
  const healthy = worlds.map((world, place) =>
    Array.from({ length: BASELINE_TRACES }, (_, at) =>
      recordRequest(world, world.root, seed * 100_000 + place * 1000 + at),
    ),
  );
  const troubled = worlds.flatMap((world, place) =>
    Array.from({ length: TROUBLES.length * ROUNDS }, (_, at): Troubled[] => {
      const trouble = TROUBLES[at % TROUBLES.length] as (typeof TROUBLES)[number];
      const found = recordTrouble(world, trouble, seed * 100_000 + 20_000 + place * 1000 + at);
      return found === undefined ? [] : [found];
    }).flat(),
  );
  const startMs = Date.now() - 3_600_000;
  await send([...healthy.flat(), ...troubled.map(({ rec }) => rec)], startMs);
  for (const one of troubled) {
    const { findings } = await getFindings(one.rec.traceId);
    tally.add({ ...one, findings, how: "over OTLP" });
  }
  for (const [place, world] of worlds.entries()) {
    for (const { traceId } of healthy[place]?.slice(0, HEALTHY_JUDGED) ?? []) {
      const { findings } = await getFindings(traceId);
      tally.addHealthy({ world, findings, how: "over OTLP" });
    }
  }
}

async function send(recordings: readonly TraceRecorder[], startMs: number): Promise<void> {
  for (let from = 0; from < recordings.length; from += TRACES_PER_REQUEST) {
    const requests = recordings
      .slice(from, from + TRACES_PER_REQUEST)
      .map((rec, at) => toOtlpRequest(rec, startMs + (from + at) * 500)) as { resourceSpans: object[] }[];
    const response = await fetch(`http://127.0.0.1:${collector.otlpPort}/v1/traces`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ resourceSpans: requests.flatMap(({ resourceSpans }) => resourceSpans) }),
    });
    if (response.status !== 200) throw new Error(`the collector answered ${response.status}`);
  }
}
