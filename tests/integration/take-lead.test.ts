import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { closeDatabase, pool } from "@/server/db/client";
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
  await until("it has spoken when the lease would have been over", async () => {
    const { rows } = await pool().query<{ spoke: boolean }>(
      `select state_change - backend_start > interval '1500 ms' as spoke from pg_stat_activity
       where application_name = 'ops-console leader' and datname = current_database()`,
    );
    return rows[0]?.spoke === true;
  });
  expect(alive?.isLost()).toBe(false);
  expect(await lead(1000, 100)).toBeUndefined();
});
