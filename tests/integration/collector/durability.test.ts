import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Collector,
  closeCollectorPool,
  countSpans,
  ingestStatus,
  startCollector,
} from "@/features/collector/server";
import { maintainSegments } from "@/features/collector/server/segment-repository";
import { currentTrouble } from "@/server/processes/trouble";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { oneSpanRequest, randomTraceId } from "./one-span-request";

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(async () => {
  await closeCollectorPool();
  await database.drop();
});

async function send(port: number, traceId: string): Promise<Response> {
  const body = JSON.stringify(oneSpanRequest({ traceId }));
  return fetch(`http://127.0.0.1:${port}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
}

async function sendUntilGone(port: number, note: (traceId: string) => void): Promise<void> {
  for (;;) {
    const traceId = randomTraceId();
    const response = await send(port, traceId).catch(() => undefined);
    if (response === undefined) return;
    if (response.status === 200) note(traceId);
  }
}

async function missing(traceIds: string[]): Promise<string[]> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const { rows } = await client.query<{ id: string }>(
    "select replace(trace_id::text, '-', '') as id from collector.fragment",
  );
  await client.end();
  const stored = new Set(rows.map(({ id }) => id));
  return traceIds.filter((traceId) => !stored.has(traceId));
}

describe("durability", () => {
  it("has every acknowledged span after the collector was killed in the middle of a stream", async () => {
    const acknowledged: string[] = [];
    for (const total of [60, 120, 180]) {
      const { child, otlpPort } = await startProcess();
      // Killed after a number of answers, not after a time; the senders end when nobody answers any more.
      const note = (traceId: string) => {
        if (acknowledged.push(traceId) === total) child.kill("SIGKILL");
      };
      await Promise.all(Array.from({ length: 4 }, () => sendUntilGone(otlpPort, note)));
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual(180);
    expect(await missing(acknowledged)).toEqual([]);
  });

  it("answers 503 with Retry-After while the database is away, and goes on by itself when it is back", async () => {
    const collector = await startCollector({ host: "127.0.0.1", otlpPort: 0, jaegerApiPort: 0 });
    expect((await send(collector.otlpPort, randomTraceId())).status).toBe(200);
    await asAdmin(database.url, "allow_connections false");
    const refused = await send(collector.otlpPort, randomTraceId());
    expect({ status: refused.status, retryAfter: refused.headers.get("retry-after") }).toEqual({
      status: 503,
      retryAfter: "5",
    });
    const query = await fetch(`http://127.0.0.1:${collector.jaegerApiPort}/api/v3/services`);
    expect(query.status).toBe(503);
    await asAdmin(database.url, "allow_connections true");
    const traceId = randomTraceId();
    await expect.poll(async () => (await send(collector.otlpPort, traceId)).status, { timeout: 10_000 }).toBe(200);
    expect(await missing([traceId])).toEqual([]);
    await stop(collector);
  });

  it("says that the disk is full to senders and in its signs of life, until spans can be stored again", async () => {
    const collector = await startCollector({ host: "127.0.0.1", otlpPort: 0, jaegerApiPort: 0 });
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query(`create function no_room() returns trigger language plpgsql as
      $$ begin raise exception using errcode = 'disk_full'; end $$`);
    await client.query(
      "create trigger no_room before insert on collector.fragment for each row execute function no_room()",
    );
    const refused = await send(collector.otlpPort, randomTraceId());
    expect([refused.status, await refused.text()]).toEqual([
      503,
      expect.stringContaining("disk of the database is full"),
    ]);
    expect(currentTrouble()).toBe("cannot store spans, the disk of the database is full");
    await client.query("drop function no_room cascade");
    const spans = await countSpans();
    // Nobody sends anything: it stayed said until somebody did.
    await expect.poll(currentTrouble, { timeout: 10_000 }).toBeUndefined();
    expect(await countSpans()).toBe(spans);
    await client.end();
    expect((await send(collector.otlpPort, randomTraceId())).status).toBe(200);
    await collector.stop();
  });

  it("drops the oldest segments beyond the bytes and the age kept, and goes on writing", async () => {
    const everything = { maxAgeMs: 1e12, maxBytes: 1e12, rollAgeMs: 1e12 };
    for (let round = 0; round < 3; round += 1) {
      // A collector learns of a new segment within seconds; a new one starts with it.
      const writer = await startCollector({ host: "127.0.0.1", otlpPort: 0, jaegerApiPort: 0 });
      await Promise.all(Array.from({ length: 300 }, () => send(writer.otlpPort, randomTraceId())));
      await writer.stop();
      expect((await maintainSegments({ ...everything, rollBytes: 50_000 })).dropped).toEqual([]);
    }
    const collector = await startCollector({ host: "127.0.0.1", otlpPort: 0, jaegerApiPort: 0 });
    const before = await countSpans();
    const tight = { ...everything, rollBytes: 1e12 };
    const { storedBytes } = await ingestStatus();
    expect((await maintainSegments({ ...tight, maxBytes: storedBytes - 1 })).dropped).toEqual([1]);
    expect(await countSpans()).toBeLessThan(before);
    expect((await maintainSegments({ ...tight, maxAgeMs: -1 })).dropped).toEqual([2, 3]);
    expect(await countSpans()).toBe(0);
    const traceId = randomTraceId();
    expect((await send(collector.otlpPort, traceId)).status).toBe(200);
    expect(await missing([traceId])).toEqual([]);
    await stop(collector);
  });
});

async function stop(collector: Collector): Promise<void> {
  await collector.stop();
}

async function startProcess(): Promise<{ child: ChildProcess; otlpPort: number }> {
  const child = fork(path.join(import.meta.dirname, "../../bench/collector-process.ts"), {
    execArgv: ["--conditions=react-server", "--import", "tsx"],
    env: { ...process.env, DATABASE_URL: database.url, OPS_LOG_LEVEL: "error" },
  });
  const [{ otlpPort }] = (await once(child, "message")) as [{ otlpPort: number }];
  return { child, otlpPort };
}

/** Closes or opens the database and ends every session on it, as a failing server does. */
async function asAdmin(url: string, setting: string): Promise<void> {
  const admin = new URL(url);
  const name = admin.pathname.slice(1);
  admin.pathname = "/postgres";
  const client = new pg.Client({ connectionString: admin.href });
  await client.connect();
  await client.query(`alter database ${name} with ${setting}`);
  await client.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", [name]);
  await client.end();
}
