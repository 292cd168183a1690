import http from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createS3Migration } from "@/features/s3-migrations/server";
import { pool } from "@/server/db/client";
import { waitFor } from "@/tests/support/s3-engine";
import { setS3Stage } from "@/tests/support/s3-stage";
import { hashFiles, makeManyFiles } from "@/tests/support/s3-world";

const stage = setS3Stage();
const ada = { name: "ada" };

/** Times in s and what was used then: the most that any stretch of time used above the limit. */
function worstExcess(uses: readonly { at: number; cost: number }[], perSecond: number): number {
  let worst = 0;
  for (let from = 0; from < uses.length; from += 1) {
    let used = 0;
    for (const { at, cost } of uses.slice(from)) {
      used += cost;
      worst = Math.max(worst, used - perSecond * (at - (uses[from]?.at ?? 0)));
    }
  }
  return worst;
}

/** What may be above it: what lay ready, what was leased and used late, and one that cannot be divided. */
const oneLease = (perSecond: number, unit: number) => 0.8 * perSecond + unit;

async function makeRow(limits: Record<string, number>): Promise<number> {
  const { rows } = await pool().query<{ no: number }>(
    `insert into s3_migration (id, name, source, destination, options, created_by)
     values (gen_random_uuid(), 'limits', '{}', '{}', $1, 'ada') returning no`,
    [{ limits }],
  );
  await pool().query("update s3_migration set state = 'cancelled' where no = $1", [rows[0]?.no]);
  return rows[0]?.no ?? 0;
}

async function take(no: number, ask: { kind: string; needed: number; wished: number; atS: number }) {
  const { rows } = await pool().query<{ granted: number; waitMs: number }>(
    `select granted, wait_ms as "waitMs" from s3.take_allowance($1, $2, $3, $4, 0.4, to_timestamp($5::double precision))`,
    [no, ask.kind, ask.needed, ask.wished, ask.atS],
  );
  return rows[0] ?? { granted: 0, waitMs: 0 };
}

describe("a limit shared by all workers", () => {
  it("is exceeded in no stretch of time by more than one lease, whoever asks and however late it is used", async () => {
    const asks = fc.array(
      fc.record({
        pauseMs: fc.integer({ min: 0, max: 400 }),
        wished: fc.integer({ min: 1, max: 200 }),
        usedAfterMs: fc.integer({ min: 0, max: 399 }),
      }),
      { minLength: 5, maxLength: 60 },
    );
    const unit = fc.constantFrom(1, 16);
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 0.5, max: 500, noNaN: true }), unit, asks, async (perSecond, needed, list) => {
        const no = await makeRow({ bytesPerSecond: perSecond });
        const uses: { at: number; cost: number }[] = [];
        let atS = 1_800_000_000;
        for (const { pauseMs, wished, usedAfterMs } of list) {
          atS += pauseMs / 1000;
          const { granted } = await take(no, { kind: "bytesPerSecond", needed, wished: wished * needed, atS });
          if (granted > 0) uses.push({ at: atS + usedAfterMs / 1000, cost: granted });
        }
        uses.sort((a, b) => a.at - b.at);
        expect(worstExcess(uses, perSecond)).toBeLessThanOrEqual(oneLease(perSecond, needed) + 0.01);
      }),
      { numRuns: 40, seed: 20 },
    );
  });

  it("gives its whole rate to those who wait as long as they are told", async () => {
    for (const perSecond of [0.5, 3, 40, 1000]) {
      const no = await makeRow({ requestsPerSecond: perSecond });
      let atS = 1_800_000_000;
      let granted = 0;
      const endS = atS + 60;
      while (atS < endS) {
        const grant = await take(no, { kind: "requestsPerSecond", needed: 1, wished: 500, atS });
        granted += grant.granted;
        atS += Math.max(0.025, grant.waitMs / 1000);
      }
      expect(granted).toBeGreaterThan(perSecond * 60 * 0.98 - 1);
    }
  });

  it("follows a change at once, a clock that is set back costs nothing, and without a limit all is granted", async () => {
    const no = await makeRow({ requestsPerSecond: 1 });
    const ask = { kind: "requestsPerSecond", needed: 1, wished: 50 };
    expect(await take(no, { ...ask, atS: 1000 })).toMatchObject({ granted: 1 });
    expect(await take(no, { ...ask, atS: 1000.5 })).toMatchObject({ granted: 0 });
    await pool().query(`update s3_migration set options = '{"limits": {"requestsPerSecond": 100}}' where no = $1`, [
      no,
    ]);
    expect(await take(no, { ...ask, atS: 1000.6 })).toMatchObject({ granted: 10 });
    expect(await take(no, { ...ask, atS: 400 })).toMatchObject({ granted: 0 });
    expect(await take(no, { ...ask, atS: 400.1 })).toMatchObject({ granted: 10 });
    await pool().query(`update s3_migration set options = '{"limits": {}}' where no = $1`, [no]);
    expect(await take(no, { ...ask, atS: 400.1 })).toMatchObject({ granted: 50 });
  });
});

describe("two workers under one limit", () => {
  const seen: { at: number; bytes: number }[] = [];
  let server: http.Server;
  let endpoint: string;

  beforeAll(async () => {
    const { hostname, port } = new URL(stage.world.endpoint);
    // Passes everything on and notes when each piece of an object came.
    server = http.createServer((request, response) => {
      const { method, url, headers } = request;
      seen.push({ at: performance.now() / 1000, bytes: 0 });
      request.on("data", (piece: Buffer) => seen.push({ at: performance.now() / 1000, bytes: piece.length }));
      const onward = http.request({ host: hostname, port, method, path: url, headers }, (reply) => {
        response.writeHead(reply.statusCode ?? 502, reply.rawHeaders);
        reply.pipe(response);
      });
      onward.on("error", () => request.destroy());
      request.pipe(onward);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  async function run(files: number, sizeBytes: number, limits: Record<string, number>) {
    const root = await stage.world.makeFiles({});
    makeManyFiles(root, files, sizeBytes);
    const bucket = await stage.world.makeBucket();
    await Promise.all([stage.addWorker(), stage.addWorker()]);
    seen.length = 0;
    const { id } = await createS3Migration(
      {
        name: "two workers",
        source: { kind: "local", path: root },
        destination: stage.world.destination(bucket, { endpoint }),
        options: { limits, chunkObjects: 25, concurrency: 16 },
        start: true,
      },
      ada,
    );
    await waitFor(id, ({ state }) => state === "verified", 80_000);
    expect([...(await stage.world.hashBucket(bucket))].sort()).toEqual([...(await hashFiles(root))].sort());
  }

  it("together make no more requests than it allows", { timeout: 120_000 }, async () => {
    await run(200, 200, { requestsPerSecond: 60 });
    // The probe of the destination's abilities is not part of the work.
    const uses = seen.filter(({ bytes }) => bytes === 0).map(({ at }) => ({ at, cost: 1 }));
    const work = uses.slice(-380);
    const lengthS = (work.at(-1)?.at ?? 0) - (work[0]?.at ?? 0);
    expect(worstExcess(work, 60)).toBeLessThanOrEqual(oneLease(60, 1) + 5);
    // How near to the limit it comes is shown above, without the load of other tests.
    expect(work.length / lengthS).toBeGreaterThan(10);
  });

  it("asks for what a manifest names no faster than it allows while the source is listed", {
    timeout: 60_000,
  }, async () => {
    const bucket = await stage.world.makeBucket();
    const keys = Array.from({ length: 60 }, (_, at) => `k${at}`);
    for (const key of keys) await stage.world.put(bucket, key, "x");
    const root = await stage.world.makeFiles({ "rows.csv": `key\n${keys.join("\n")}\n` });
    await stage.addWorker();
    seen.length = 0;
    const { id } = await createS3Migration(
      {
        name: "listed slowly",
        source: {
          kind: "manifest",
          store: stage.world.destination(bucket, { endpoint }),
          rows: { from: "file", format: "csv", path: `${root}/rows.csv` },
        },
        destination: stage.world.destination(await stage.world.makeBucket()),
        options: { limits: { requestsPerSecond: 25 } },
      },
      ada,
    );
    const planned = await waitFor(id, ({ state }) => state === "planned", 40_000);
    expect(planned.inventory.objects).toBe(60);
    const uses = seen.map(({ at }) => ({ at, cost: 1 }));
    expect(uses).toHaveLength(60);
    expect(worstExcess(uses, 25)).toBeLessThanOrEqual(oneLease(25, 1) + 5);
  });

  it("together send no more bytes than it allows, also within one large object", { timeout: 120_000 }, async () => {
    await run(40, 50_000, { bytesPerSecond: 500_000 });
    const uses = seen.filter(({ bytes }) => bytes > 0).map(({ at, bytes }) => ({ at, cost: bytes }));
    expect(worstExcess(uses, 500_000)).toBeLessThanOrEqual(oneLease(500_000, 65_536) + 65_536);
  });
});
