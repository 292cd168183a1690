import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import http from "node:http";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { applySchemaMigrations } from "@/server/db/migrate";
import { startEmbeddedPostgres } from "@/server/postgres/embedded";
import { SPANS_PER_REQUEST, spanLoad } from "./span-load";

// Spans per second that are durable before their answer; three times that as a flood; then searches over what is stored.
const TOTAL_SPANS = Number(process.argv[2] ?? 2_000_000);
const SUSTAINED_MS = 15_000;
const FLOOD_MS = 8000;
const BUDGET_SPANS_PER_SECOND = 20_000;
const BUDGET_SEARCH_P95_MS = 1000;

const dir = fs.mkdtempSync(path.join(os.tmpdir(), "ops-bench-"));
fs.chmodSync(dir, 0o755);
const postgres = await startEmbeddedPostgres({ dataDir: path.join(dir, "data") });
await applySchemaMigrations(postgres.url);
const child = fork(path.join(import.meta.dirname, "collector-process.ts"), {
  env: { ...process.env, DATABASE_URL: postgres.url, OPS_TRACE_RETENTION_BYTES: "50000000000", OPS_LOG_LEVEL: "error" },
});
const [ports] = (await once(child, "message")) as [{ otlpPort: number; jaegerApiPort: number }];
const whole = spanLoad(32);
// Each service of a request exports its own few spans of a trace: many small fragments, the costlier case.
const scattered = spanLoad(4);
const tally = new Map<number, number>();
let isMissed = false;
try {
  // The TypeScript loader takes about 40 MB of it; bundled, the collector alone idles at 68 MB.
  report("memory, idle, TypeScript loader included", (await rssOf(child)) / 1e6, "MB", 130, "most");
  const sustained = await send({ load: whole, connections: 8, forMs: SUSTAINED_MS });
  report(
    "sustained, durable, 32 spans of a trace at once",
    sustained.perSecond,
    "spans/s",
    BUDGET_SPANS_PER_SECOND,
    "least",
  );
  const pieces = await send({ load: scattered, connections: 8, forMs: SUSTAINED_MS });
  report(
    "sustained, durable, 4 spans of a trace at once",
    pieces.perSecond,
    "spans/s",
    BUDGET_SPANS_PER_SECOND,
    "least",
  );
  tally.clear();
  const flood = await send({ load: whole, connections: 192, forMs: FLOOD_MS });
  process.stdout.write(
    `flood, 192 connections: ${Math.round(flood.perSecond)} spans/s; answers ${JSON.stringify([...tally])}\n`,
  );
  report("flood, answers other than 200, 429, 503", othersIn(tally), "", 0, "most");
  let accepted = sustained.spans + pieces.spans + flood.spans;
  while (accepted < TOTAL_SPANS && sustained.spans > 0)
    accepted += (await send({ load: scattered, connections: 8, spans: TOTAL_SPANS - accepted })).spans;
  const stored = await countStored(postgres.url);
  report("spans lost", accepted - stored, "", 0, "most");
  report("memory, after", (await rssOf(child)) / 1e6, "MB", 300, "most");
  await searches(stored);
} finally {
  child.disconnect();
  await once(child, "exit");
  await postgres.stop();
  fs.rmSync(dir, { recursive: true, force: true });
}
process.exit(isMissed ? 1 : 0);

async function send(limit: {
  load: { next: () => Buffer };
  connections: number;
  forMs?: number;
  spans?: number;
}): Promise<{ spans: number; perSecond: number }> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: limit.connections });
  const start = performance.now();
  let requests = 0;
  let accepted = 0;
  const isDone = () =>
    limit.spans !== undefined
      ? requests * SPANS_PER_REQUEST >= limit.spans
      : performance.now() - start > (limit.forMs ?? 0);
  const client = async () => {
    while (!isDone()) {
      requests += 1;
      const status = await post(agent, limit.load.next());
      tally.set(status, (tally.get(status) ?? 0) + 1);
      if (status === 200) accepted += SPANS_PER_REQUEST;
    }
  };
  await Promise.all(Array.from({ length: limit.connections }, client));
  agent.destroy();
  return { spans: accepted, perSecond: accepted / ((performance.now() - start) / 1000) };
}

function post(agent: http.Agent, body: Buffer): Promise<number> {
  return new Promise((resolve) => {
    const headers = { "content-type": "application/x-protobuf", "content-length": body.length };
    const request = http.request(
      { agent, port: ports.otlpPort, method: "POST", path: "/v1/traces", headers },
      (response) => {
        response.resume();
        response.once("end", () => resolve(response.statusCode ?? 0));
      },
    );
    // A flood is refused before its body is read; the connection may end under the writer.
    request.once("error", () => resolve(-1));
    request.end(body);
  });
}

async function searches(stored: number): Promise<void> {
  const shapes: Record<string, string> = {
    "by service": "query.serviceName=circuitverse-web",
    "any service": "",
    "by operation": "query.serviceName=circuitverse-web&query.operationName=SimulatorController%23update",
    "by common attribute": `query.serviceName=redis&query.attributes=${encodeURIComponent('{"http.response.status_code":"500"}')}`,
    "by error": `query.attributes=${encodeURIComponent('{"error":"true"}')}`,
    "by duration": "query.durationMin=200ms",
    "by rare attribute": `query.attributes=${encodeURIComponent('{"rare.key":"needle"}')}`,
    "nothing found": `query.attributes=${encodeURIComponent('{"user.id":"no such"}')}`,
  };
  for (const [name, query] of Object.entries(shapes)) {
    const times: number[] = [];
    let count = 0;
    for (let round = 0; round < 20; round += 1) {
      const start = performance.now();
      const url = `http://127.0.0.1:${ports.jaegerApiPort}/api/v3/trace-summaries?query.startTimeMin=2020-01-01T00:00:00Z&query.startTimeMax=2030-01-01T00:00:00Z&query.searchDepth=100&${query}`;
      const response = await fetch(url);
      count = ((await response.json()) as { summaries: unknown[] }).summaries.length;
      times.push(performance.now() - start);
    }
    times.sort((a, b) => a - b);
    report(
      `search ${name}, p95 over ${stored} spans (${count} found)`,
      times[18] ?? 0,
      "ms",
      BUDGET_SEARCH_P95_MS,
      "most",
    );
  }
}

function othersIn(answers: Map<number, number>): number {
  return [...answers].reduce((sum, [status, count]) => sum + ([200, 429, 503].includes(status) ? 0 : count), 0);
}

async function countStored(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(
    "select sum(span_count)::float8 as spans, count(*)::float8 as fragments, (select sum(pg_total_relation_size(format('collector.fragment_%s', number)::regclass))::float8 from collector.segment) as bytes from collector.fragment",
  );
  await client.end();
  process.stdout.write(
    `stored: ${JSON.stringify(rows[0])}, ${Math.round(rows[0].bytes / rows[0].spans)} bytes per span\n`,
  );
  return rows[0].spans;
}

async function rssOf(process: ChildProcess): Promise<number> {
  process.send("memory");
  const [{ rssBytes }] = (await once(process, "message")) as [{ rssBytes: number }];
  return rssBytes;
}

function report(what: string, figure: number, unit: string, budget: number, side: "least" | "most"): void {
  const isMet = side === "least" ? figure >= budget : figure <= budget;
  isMissed ||= !isMet;
  const ratio = budget === 0 ? "" : `, ratio ${(figure / budget).toFixed(2)}`;
  process.stdout.write(
    `${isMet ? "ok  " : "MISS"} ${what}: ${Math.round(figure)} ${unit} (budget at ${side} ${budget}${ratio})\n`,
  );
}
