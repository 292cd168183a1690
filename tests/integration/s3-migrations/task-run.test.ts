import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sendCommand, watchTask } from "@/features/s3-migrations/server";
import { getSnapshot } from "@/features/s3-migrations/server/migration-repository";
import { ReportedLeader } from "@/features/s3-migrations/server/reporter/reported-leader";
import { listWatchedRuns, lookAtRun } from "@/features/s3-migrations/server/reporter/task-run-repository";
import { addSettings } from "@/server/config/env";
import { closeDatabase, pool } from "@/server/db/client";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";

const TASK = "Maintenance::MoveAvatarsTask";
const ada = { name: "ada" };
const leader = new ReportedLeader(1000);
let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  addSettings({ OPS_DATABASES: `rails=${process.env.DATABASE_URL}` });
  await pool().query(`create table maintenance_tasks_runs (id bigserial primary key, task_name text not null,
    status text not null default 'enqueued', tick_count bigint not null default 0, tick_total bigint, cursor text,
    error_class text, error_message text)`);
});
afterAll(async () => {
  await closeDatabase();
  await db.drop();
});

async function look() {
  for (const watch of await listWatchedRuns()) await lookAtRun(watch);
  await leader.beat();
}

describe("a watched task of maintenance_tasks", () => {
  it("is shown with its steps as another program's word, until it ends, and never as objects", async () => {
    const input = { name: "Avatars", database: "rails", task: TASK };
    const { id } = await watchTask(input, ada);
    expect((await watchTask(input, ada)).id).toBe(id);
    await look();
    expect(await getSnapshot(id)).toMatchObject({
      state: "draft",
      reported: { grade: "ticks", run: { status: null } },
    });
    await pool().query(
      `insert into maintenance_tasks_runs (task_name, status, tick_count, tick_total, cursor)
       values ($1, 'succeeded', 9, 9, '9'), ($1, 'running', 12, 40, '1234'), ('Other', 'errored', 1, 1, '1')`,
      [TASK],
    );
    await look();
    const seen = await getSnapshot(id);
    expect(seen).toMatchObject({
      state: "running",
      inventory: { objects: 0 },
      tiers: [],
      reported: { run: { status: "running", tickCount: 12, tickTotal: 40, cursor: "1234", error: null } },
    });
    // Nobody there would hear of it.
    expect(seen.allowedVerbs).toEqual(["cancel"]);
    await expect(sendCommand(id, { verb: "pause" }, ada)).rejects.toThrow("where it runs");
    await pool().query(
      "update maintenance_tasks_runs set status = 'errored', error_class = 'Aws::Error', error_message = 'no'",
    );
    await look();
    expect(await getSnapshot(id)).toMatchObject({ state: "failed", reported: { run: { error: "Aws::Error: no" } } });
    await pool().query("update maintenance_tasks_runs set status = 'succeeded', tick_count = 40");
    await look();
    expect((await getSnapshot(id)).state).toBe("reported");
  });

  it("of a database nobody named says so, and can be let go", async () => {
    const { id } = await watchTask({ name: "None", database: "nowhere", task: TASK }, ada);
    await look();
    expect((await getSnapshot(id)).reported?.run?.problem).toContain('"nowhere" could not be read');
    await sendCommand(id, { verb: "cancel" }, ada);
    await look();
    expect((await getSnapshot(id)).state).toBe("cancelled");
  });
});
