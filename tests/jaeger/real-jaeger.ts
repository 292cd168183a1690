import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "@/server/postgres/free-port";

const START_TIMEOUT_MS = 30_000;

export type RealJaeger = { queryUrl: string; otlpUrl: string; stop: () => Promise<void> };

/** Starts the Jaeger that scripts/test-go.mjs built, memory store, everything on free loopback ports. */
export async function startRealJaeger(): Promise<RealJaeger> {
  const binary = process.env.OPS_TEST_JAEGER_BIN;
  if (binary === undefined) throw new Error("OPS_TEST_JAEGER_BIN is not set: run this by `npm run test:jaeger`.");
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "ops-jaeger-"));
  const ports = { query: await freePort(), grpc: await freePort(), otlp: await freePort(), health: await freePort() };
  const config = path.join(directory, "config.yaml");
  fs.writeFileSync(config, configOf(ports));
  const child = spawn(binary, ["--config", config], { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const queryUrl = `http://127.0.0.1:${ports.query}`;
  await untilAnswers(`${queryUrl}/api/v3/services`, child, () => output);
  return {
    queryUrl,
    otlpUrl: `http://127.0.0.1:${ports.otlp}`,
    stop: async () => {
      const exited = new Promise((resolve) => child.once("exit", resolve));
      // Its store is memory: there is nothing to stop in order, and doing so takes it ten seconds.
      child.kill("SIGKILL");
      await exited;
      fs.rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function untilAnswers(url: string, child: ChildProcess, output: () => string): Promise<void> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (performance.now() < deadline && child.exitCode === null) {
    const isUp = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (isUp) return;
    await delay(100);
  }
  child.kill("SIGKILL");
  throw new Error(`Jaeger did not start.\n${output().slice(-3000)}`);
}

function configOf(ports: { query: number; grpc: number; otlp: number; health: number }): string {
  return `
service:
  extensions: [jaeger_storage, jaeger_query, healthcheckv2]
  pipelines:
    traces: { receivers: [otlp], processors: [], exporters: [jaeger_storage_exporter] }
  telemetry:
    metrics: { level: none }
    logs: { level: warn }
extensions:
  healthcheckv2: { use_v2: true, http: { endpoint: "127.0.0.1:${ports.health}" } }
  jaeger_query:
    storage: { traces: memory }
    http: { endpoint: "127.0.0.1:${ports.query}" }
    grpc: { endpoint: "127.0.0.1:${ports.grpc}" }
  jaeger_storage:
    backends:
      memory: { memory: { max_traces: 100000 } }
receivers:
  otlp: { protocols: { http: { endpoint: "127.0.0.1:${ports.otlp}", max_request_body_size: 134217728 } } }
exporters:
  jaeger_storage_exporter: { trace_storage: memory }
`;
}
