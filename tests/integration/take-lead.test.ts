import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { closeDatabase } from "@/server/db/client";
import { type Lead, takeLead } from "@/server/db/take-lead";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";
import { until } from "@/tests/support/until";

const LOCK = 42;
let db: TestDatabase;
const leads = new Set<Lead>();

beforeAll(async () => {
  db = await createTestDatabase();
});
afterEach(async () => {
  await Promise.all([...leads].map((lead) => lead.end()));
  leads.clear();
});
afterAll(async () => {
  await closeDatabase();
  await db.drop();
});

async function lead(leaseMs: number, renewMs: number): Promise<Lead | undefined> {
  const taken = await takeLead(LOCK, { leaseMs, renewMs });
  if (taken !== undefined) leads.add(taken);
  return taken;
}

it("is one's until it is given back", async () => {
  const first = await lead(5000, 1000);
  expect(first?.isLost()).toBe(false);
  expect(await lead(5000, 1000)).toBeUndefined();
  await first?.end();
  expect(await lead(5000, 1000)).toBeDefined();
});

it("is another's once its holder was silent for the lease, and the holder knows", async () => {
  const silent = await lead(200, 3_600_000);
  await until("another leads", async () => (await lead(5000, 1000)) !== undefined, 10_000);
  await until("it knows", () => silent?.isLost() === true);
});

it("stays with a holder that says that it lives", async () => {
  const alive = await lead(1000, 100);
  // The lease's own time is what has to pass.
  await sleep(1500);
  expect(alive?.isLost()).toBe(false);
  expect(await lead(1000, 100)).toBeUndefined();
});
