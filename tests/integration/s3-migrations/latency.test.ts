import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addLatency, emptyLatencies, latencyQuantile } from "@/features/s3-migrations/domain/latency-histogram";
import { createS3Migration, getS3Migration } from "@/features/s3-migrations/server";
import { addPutLatencies, readPutLatencies } from "@/features/s3-migrations/server/engine/latency-repository";
import { waitFor } from "@/tests/support/s3-engine";
import { setS3Stage } from "@/tests/support/s3-stage";
import { makeManyFiles } from "@/tests/support/s3-world";

const stage = setS3Stage();
const ada = { name: "ada" };
const SLOW_MS = 60;

describe("latencies of writes", () => {
  let slow: http.Server;
  let endpoint: string;

  beforeAll(async () => {
    const { hostname, port } = new URL(stage.world.endpoint);
    // A destination that takes its time to answer.
    slow = http.createServer((request, response) => {
      const { method, url, headers } = request;
      const onward = http.request({ host: hostname, port, method, path: url, headers }, (reply) => {
        setTimeout(() => {
          response.writeHead(reply.statusCode ?? 502, reply.rawHeaders);
          reply.pipe(response);
        }, SLOW_MS);
      });
      onward.on("error", () => request.destroy());
      request.pipe(onward);
    });
    await new Promise<void>((resolve) => slow.listen(0, "127.0.0.1", resolve));
    endpoint = `http://127.0.0.1:${(slow.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    slow.closeAllConnections();
    slow.close();
  });

  it("add up over all workers that tell of theirs, at once or not", async () => {
    const fast = emptyLatencies();
    const slow = emptyLatencies();
    for (let request = 0; request < 90; request += 1) addLatency(fast, 2);
    for (let request = 0; request < 10; request += 1) addLatency(slow, 500);
    const no = 4_000_001;
    expect(await readPutLatencies(no)).toEqual([]);
    await Promise.all([addPutLatencies(no, fast), addPutLatencies(no, slow), addPutLatencies(no, fast)]);
    const counts = await readPutLatencies(no);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(190);
    expect(latencyQuantile(counts, 0.5)).toBeLessThan(3);
    expect(latencyQuantile(counts, 0.99)).toBeGreaterThan(400);
  });

  it("come with the points of the chart, as the destination answered", { timeout: 60_000 }, async () => {
    const root = await stage.world.makeFiles({});
    makeManyFiles(root, 400, 300);
    stage.runEngine();
    const { id } = await createS3Migration(
      {
        name: "latencies",
        source: { kind: "local", path: root },
        destination: stage.world.destination(await stage.world.makeBucket(), { endpoint }),
        options: { limits: { objectsPerSecond: 50 } },
        start: true,
      },
      ada,
    );
    await waitFor(id, ({ state }) => state === "verified", 50_000);
    const told = (await getS3Migration(id)).samples.flatMap(({ putMs }) => putMs ?? []);
    expect(told.length).toBeGreaterThan(0);
    for (const { p50, p95 } of told) {
      expect(p50).toBeGreaterThan(SLOW_MS / 2);
      expect(p95).toBeGreaterThanOrEqual(p50);
    }
  });
});
