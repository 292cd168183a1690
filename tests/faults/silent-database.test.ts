import { afterAll, beforeAll, expect, it } from "vitest";
import { closeCollectorPool, startCollector } from "@/features/collector/server";
import { collectorPool } from "@/features/collector/server/collector-pool-repository";
import { closeDatabase, limitQueries, pool, transaction } from "@/server/db/client";
import { isDatabaseAway } from "@/server/http/is-database-away";
import { findLastSigns, msSinceDatabaseAnswer } from "@/server/processes/console-process-repository";
import { type CuttingProxy, startCuttingProxy } from "../support/cutting-proxy";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { until } from "../support/until";

const LIMIT_MS = 500;

let database: TestDatabase;
let proxy: CuttingProxy;
beforeAll(async () => {
  database = await createTestDatabase();
  proxy = await startCuttingProxy(() => database.url);
  const url = new URL(database.url);
  url.port = new URL(proxy.url).port;
  process.env.DATABASE_URL = url.href;
  limitQueries(LIMIT_MS);
});
afterAll(async () => {
  await proxy.stop();
  await closeDatabase();
  await closeCollectorPool();
  await database.drop();
});

const inTime = (query: Promise<unknown>) =>
  Promise.race([
    query.then(
      () => "answered",
      (error: unknown) => isDatabaseAway(error),
    ),
    new Promise((resolve) => setTimeout(resolve, LIMIT_MS * 3, "still waiting")),
  ]);

it("gives up a statement that takes too long, and says so as of a database that is away", async () => {
  expect(await inTime(pool().query("select pg_sleep(30)"))).toBe(true);
});

it("gives up on connections that fell silent, inside a transaction too, and opens new ones", async () => {
  await Promise.all([pool().query("select 1"), pool().query("select 1")]);
  proxy.set("hush");
  const change = transaction((client) => client.query("select 2"));
  expect(await Promise.all([inTime(pool().query("select 1")), inTime(change)])).toEqual([true, true]);
  proxy.set("pass");
  expect((await pool().query("select 3 as n")).rows).toEqual([{ n: 3 }]);
});

it("asks a database that has been silent for long no more, but for signs of life, and is back with the first of them", async () => {
  await pool().query("select 1");
  limitQueries(LIMIT_MS, LIMIT_MS / 2);
  proxy.set("hush");
  expect(await inTime(pool().query("select 1"))).toBe(true);
  const refused = await Promise.resolve()
    .then(() => pool().query("select 1"))
    .catch((error: unknown) => error);
  expect(String(refused)).toContain("has answered nothing for");
  expect(isDatabaseAway(refused)).toBe(true);
  proxy.set("cut");
  proxy.set("pass");
  await findLastSigns();
  expect((await pool().query("select 5 as n")).rows).toEqual([{ n: 5 }]);
  limitQueries(LIMIT_MS);
});

it("asks a database that nobody asked for long: a process that slept heard nothing, and knows nothing of it", async () => {
  await pool().query("select 1");
  limitQueries(LIMIT_MS, 20);
  await until("nothing was asked for a while", () => msSinceDatabaseAnswer() > 100);
  expect((await pool().query("select 6 as n")).rows).toEqual([{ n: 6 }]);
  limitQueries(LIMIT_MS);
});

// A healthy console must not answer 503 to its own page only because all ten connections are in use for 5 s.
it("waits for a free connection as long as for an answer: a pool in use is no database that is away", async () => {
  await closeDatabase();
  limitQueries(10_000);
  const slow = Array.from({ length: 10 }, () => pool().query("select pg_sleep(5.5)"));
  const { rows } = await pool().query("select 7 as n");
  expect(rows).toEqual([{ n: 7 }]);
  await Promise.all(slow);
  await closeDatabase();
  limitQueries(LIMIT_MS);
}, 30_000);

// The overview blamed the collector for what the database did: whoever asked gave up on it after ten seconds.
it("makes the collector say whose fault it is before who asked gives up on it", async () => {
  const collector = await startCollector({ host: "127.0.0.1", otlpPort: 0, jaegerApiPort: 0 });
  const ask = () => fetch(`http://127.0.0.1:${collector.jaegerApiPort}/api/v3/services`);
  expect((await ask()).status).toBe(200);
  proxy.set("hush");
  const askedAt = performance.now();
  const refused = await ask();
  expect([refused.status, await refused.text()]).toEqual([
    503,
    expect.stringContaining("its database does not answer"),
  ]);
  expect(performance.now() - askedAt).toBeLessThan(9000);
  proxy.set("cut");
  proxy.set("pass");
  await until("the collector answers again", async () => (await ask()).status === 200);
  await collector.stop();
}, 30_000);

it.each([
  ["the process's", () => pool()],
  ["the collector's", () => collectorPool()],
])("outlives a connection of %s pool that ends while it is lent out and idle", async (_whose, poolOf) => {
  const client = await poolOf().connect();
  const ended = new Promise((resolve) => client.once("end", resolve));
  const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
  await pool().query("select pg_terminate_backend($1)", [rows[0]?.pid]);
  await ended;
  expect(await inTime(client.query("select 1"))).toBe(true);
  client.release(true);
  expect((await poolOf().query("select 4 as n")).rows).toEqual([{ n: 4 }]);
});
