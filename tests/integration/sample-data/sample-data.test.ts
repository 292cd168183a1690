import fs from "node:fs";
import http from "node:http";
import os from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import {
  getSampleStatus,
  loadSample,
  removeSample,
  type SamplePorts,
  sampleDataTask,
} from "@/features/sample-data/server";
import { closeDatabase, pool } from "@/server/db/client";
import { stopListening } from "@/server/realtime/listen";
import { createTestDatabase, type TestDatabase } from "../../support/database";

const viewer = { id: "local", name: "Asha", role: "local" } as const;

let database: TestDatabase;
let dataDir: string;
let stop: AbortController;
let calls: string[];
let spans: number;
/** Id of the newest audit row before the test. */
let actions: number;
let collector: http.Server;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  stopListening();
  await closeDatabase();
  await database.drop();
});
beforeEach(async () => {
  await pool().query("truncate sample_data");
  actions = (await pool().query("select max(id) as id from audit_event")).rows[0].id ?? 0;
  dataDir = fs.mkdtempSync(path.join(os.tmpdir(), "ops-sample-"));
  stop = new AbortController();
  calls = [];
  spans = 0;
  collector = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      spans += Buffer.concat(chunks).toString().split('"spanId"').length - 1;
      response.setHeader("content-type", "application/json");
      response.end("{}");
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
  stop.abort();
  collector.closeAllConnections();
  await new Promise((resolve) => collector.close(resolve));
  fs.rmSync(dataDir, { recursive: true, force: true });
});

function startTask(overrides: Partial<SamplePorts> = {}): Promise<void> {
  const { port } = collector.address() as { port: number };
  const record = (name: string) => async () => void calls.push(name);
  const ports = {
    dataDir,
    otlpEndpoint: `http://127.0.0.1:${port}`,
    removeTraces: record("removeTraces"),
    serveBucket: async () => ({ endpoint: "http://127.0.0.1:1" }),
    startS3Migration: record("startS3Migration"),
    removeS3Migrations: record("removeS3Migrations"),
    ...overrides,
  };
  const task = sampleDataTask(ports, { traceCount: 200, imageCount: 150 });
  return task.run(stop.signal);
}

const untilState = (state: string) =>
  vi.waitFor(async () => expect((await getSampleStatus()).state).toBe(state), { timeout: 20_000, interval: 50 });

describe("sample data", () => {
  it("loads traces, images and a migration when asked, and removes all of it when asked", async () => {
    const done = startTask();
    expect((await loadSample(viewer)).state).toBe("loading");
    await untilState("present");
    expect(spans).toBeGreaterThan(2000);
    expect(calls).toContain("startS3Migration");
    expect(fs.readdirSync(path.join(dataDir, "sample/uploads/project/image_preview"))).toHaveLength(150);

    calls = [];
    await removeSample(viewer);
    await untilState("absent");
    expect(calls).toEqual(["removeS3Migrations", "removeTraces"]);
    expect(fs.existsSync(path.join(dataDir, "sample"))).toBe(false);
    stop.abort();
    await done;
  });

  it("counts two clicks as one, and names in the audit who asked", async () => {
    await Promise.all([loadSample(viewer), loadSample(viewer), loadSample(viewer)]);
    const { rows } = await pool().query("select actor, action from audit_event where id > $1", [actions]);
    expect(rows).toEqual([{ actor: "Asha", action: "sample.loading" }]);
    expect((await getSampleStatus()).state).toBe("loading");
  });

  it("says what failed, keeps the button working, and removes the half that was loaded", async () => {
    const done = startTask({
      startS3Migration: async () => {
        throw new Error("the sample bucket is gone");
      },
    });
    await loadSample(viewer);
    await untilState("failed");
    expect((await getSampleStatus()).detail).toBe("the sample bucket is gone");
    await removeSample(viewer);
    await untilState("absent");
    stop.abort();
    await done;
  });
});
