import type http from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeCollectorPool, startCollector } from "@/features/collector/server";
import { closeDatabase } from "@/server/db/client";
import { deleteProcess, saveSignOfLife } from "@/server/processes/console-process-repository";
import { COLLECTOR_HEADER, isOurCollector } from "@/server/processes/embedded-collector";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { listenOnLoopback } from "@/tests/support/replay-jaeger";

let database: TestDatabase;
let collector: Awaited<ReturnType<typeof startCollector>>;
const at = (port: number) => ({ url: `http://127.0.0.1:${port}` });

beforeAll(async () => {
  database = await createTestDatabase();
  collector = await startCollector({ host: "127.0.0.1", otlpPort: 0, jaegerApiPort: 0 });
});
afterAll(async () => {
  await collector.stop();
  await closeCollectorPool();
  await closeDatabase();
  await database.drop();
});

const sign = { id: "beat", name: "collector", host: "here", address: undefined, rssBytes: 1, restarts: 0 };
const saySign = (pid: number) => saveSignOfLife({ ...sign, pid, startedAt: new Date() });

describe("isOurCollector", () => {
  it("knows the collector that gives its signs of life to our database, whatever its address", async () => {
    await saySign(process.pid);
    expect(await isOurCollector(at(collector.jaegerApiPort))).toBe(true);
    expect(await isOurCollector({ url: `${at(collector.jaegerApiPort).url}/` })).toBe(true);
  });

  it("does not take the collector of another console for ours", async () => {
    await deleteProcess(sign.id);
    expect(await isOurCollector(at(collector.jaegerApiPort))).toBe(false);
    await saySign(process.pid + 1);
    expect(await isOurCollector(at(collector.jaegerApiPort))).toBe(false);
  });

  it("does not take a Jaeger for ours, nor an address where nobody answers in time", async () => {
    await saySign(process.pid);
    const answers = [
      (response: http.ServerResponse) => response.end('{"data":[]}'),
      (response: http.ServerResponse) => response.setHeader(COLLECTOR_HEADER, "soon").end(),
      () => {},
    ];
    for (const answer of answers) {
      const jaeger = await listenOnLoopback((_, response) => void answer(response));
      expect(await isOurCollector({ url: jaeger.url })).toBe(false);
      await jaeger.close();
    }
    expect(await isOurCollector(at(1))).toBe(false);
  });
});
