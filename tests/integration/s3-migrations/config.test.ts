import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { S3MigrationSnapshot } from "@/features/s3-migrations/contract";
import { WEEKDAYS } from "@/features/s3-migrations/domain/time-windows";
import { createS3Migration, getS3Migration, sendCommand } from "@/features/s3-migrations/server";
import { pool } from "@/server/db/client";

import { waitFor } from "@/tests/support/s3-engine";
import { startS3FaultProxy } from "@/tests/support/s3-fault-proxy";
import { setS3Stage } from "@/tests/support/s3-stage";
import { makeManyFiles } from "@/tests/support/s3-world";
import { until } from "@/tests/support/until";

const stage = setS3Stage();
const ada = { name: "ada" };
const bob = { name: "bob" };

async function plan(files: number, options: object, start = false) {
  const root = await stage.world.makeFiles({});
  makeManyFiles(root, files);
  stage.runEngine();
  const { id } = await createS3Migration(
    {
      name: "configured",
      source: { kind: "local", path: root },
      destination: stage.world.destination(await stage.world.makeBucket()),
      options: { chunkObjects: 20, concurrency: 8, ...options },
      start,
    },
    ada,
  );
  return id;
}

/** A window of one minute, half a day away from now by the clock of UTC. */
function farAway() {
  const from = new Date(Date.now() + 12 * 3_600_000).toISOString().slice(11, 16);
  const to = new Date(Date.now() + 12 * 3_600_000 + 60_000).toISOString().slice(11, 16);
  return { days: [...WEEKDAYS], from, to, timeZone: "UTC" };
}

describe("configure", () => {
  it("changes a limit while it runs, and keeps the version, who, why and what was before", async () => {
    const id = await plan(200, { limits: { objectsPerSecond: 2, bytesPerSecond: 5_000_000 } }, true);
    await waitFor(id, ({ counts }) => counts.copied > 1);
    const before = performance.now();
    const changed = await sendCommand(
      id,
      { verb: "configure", configure: { limits: { objectsPerSecond: null }, priority: "high" }, reason: "night" },
      bob,
    );
    expect(changed).toMatchObject({
      configVersion: 2,
      options: { limits: { bytesPerSecond: 5_000_000 }, priority: "high" },
    });
    await waitFor(id, ({ state }) => state === "verified");
    expect(performance.now() - before).toBeLessThan(25_000);
    const { configs, commands } = await getS3Migration(id);
    expect(configs).toMatchObject([
      {
        version: 2,
        actor: "bob",
        reason: "night",
        changes: [
          { field: "priority", from: "normal", to: "high" },
          { field: "limits.objectsPerSecond", from: "2", to: null },
        ],
      },
    ]);
    expect(commands[0]).toMatchObject({ verb: "configure", actor: "bob" });
    const chunks = await pool().query<{ config_version: number }>(
      "select distinct config_version from s3.chunk where migration_no = (select no from s3_migration where id = $1)",
      [id],
    );
    expect(chunks.rows.map((row) => row.config_version)).toContain(2);
    const audit = await pool().query<{ detail: object }>(
      "select detail from audit_event where subject = $1 and action = 's3-migration.configure'",
      [`s3-migration:${id}`],
    );
    expect(audit.rows).toMatchObject([{ detail: { configure: { priority: "high" }, reason: "night" } }]);
  });

  it("does a repeated command once, and refuses one made on an older look", async () => {
    const id = await plan(3, {});
    const seen = await waitFor(id, ({ state }) => state === "planned");
    const command = { verb: "configure" as const, configure: { concurrency: 4 }, idempotencyKey: randomUUID() };
    await sendCommand(id, { ...command, expectedVersion: seen.commandVersion }, ada);
    const again = await sendCommand(id, { ...command, expectedVersion: seen.commandVersion }, ada);
    expect(again.configVersion).toBe(2);
    const late = { verb: "configure" as const, configure: { concurrency: 5 }, expectedVersion: seen.commandVersion };
    await expect(sendCommand(id, late, bob)).rejects.toMatchObject({ code: "conflict" });
    expect(again.desiredState).toBe("idle");
  });

  it.each([
    ["nothing to change", { verb: "configure" }, "configure"],
    ["no field", { verb: "configure", configure: {} }, "configure"],
    ["what is so already", { verb: "configure", configure: { concurrency: 8 } }, "configure.concurrency"],
    ["settings with another command", { verb: "pause", configure: { concurrency: 3 } }, "configure"],
  ] as const)("refuses %s by the name of its field", async (_name, command, field) => {
    const id = await plan(3, {});
    await waitFor(id, ({ state }) => state === "planned");
    await expect(sendCommand(id, command, ada)).rejects.toMatchObject({ code: "invalid_input", problems: [{ field }] });
    expect((await getS3Migration(id)).configs).toEqual([]);
  });

  it("means nothing once it is cancelled", async () => {
    const id = await plan(3, {});
    await waitFor(id, ({ state }) => state === "planned");
    await sendCommand(id, { verb: "cancel" }, ada);
    await waitFor(id, ({ state }) => state === "cancelled");
    await expect(sendCommand(id, { verb: "configure", configure: { concurrency: 3 } }, ada)).rejects.toMatchObject({
      code: "conflict",
    });
  });
});

describe("outside its windows", () => {
  it("a migration waits, says until when, and goes on when people open them", { timeout: 60_000 }, async () => {
    const id = await plan(60, { limits: { windows: [farAway()] } }, true);
    const waiting = await waitFor(id, (snapshot) => snapshot.waiting !== null);
    expect(waiting).toMatchObject({
      state: "draft",
      desiredState: "running",
      // Nor is the source listed.
      inventory: { sealedAt: null, objects: 0 },
      waiting: { reason: "window", timeZone: "UTC" },
    });
    const opensInMs = Date.parse(waiting.waiting?.opensAt ?? "") - Date.now();
    expect(opensInMs).toBeGreaterThan(11.9 * 3_600_000);
    expect(opensInMs).toBeLessThan(12.1 * 3_600_000);
    expect(waiting.counts.copied).toBe(0);
    await sendCommand(id, { verb: "configure", configure: { limits: { windows: [] } } }, ada);
    const done = await waitFor(id, ({ state }) => state === "verified");
    expect(done.waiting).toBeNull();
  });

  it("one that a person plans is listed all the same, and copies nothing once it is started", async () => {
    const id = await plan(60, { limits: { windows: [farAway()] } });
    const { planHash } = await waitFor(id, ({ state }) => state === "planned");
    await sendCommand(id, { verb: "start", planHash: planHash ?? "" }, ada);
    const waiting = await waitFor(id, (snapshot) => snapshot.waiting !== null);
    expect(waiting).toMatchObject({ state: "running", counts: { pending: 60 } });
  });

  it("a listing under way stops asking, and goes on when they open", { timeout: 60_000 }, async () => {
    const bucket = await stage.world.makeBucket();
    for (let at = 0; at < 40; at += 1) await stage.world.put(bucket, `k${at}`, "x");
    const proxy = await startS3FaultProxy({ upstream: stage.world.endpoint, seed: 3 });
    stage.runEngine();
    const { id } = await createS3Migration(
      {
        name: "listed by night",
        source: stage.world.destination(bucket, { endpoint: proxy.endpoint }),
        destination: stage.world.destination(await stage.world.makeBucket(), { endpoint: proxy.endpoint }),
        // The first page takes ten seconds to be allowed: the bucket of both sides is asked first.
        options: { mode: "verify_only", limits: { requestsPerSecond: 0.1 } },
        start: true,
      },
      ada,
    );
    const isListing = ({ state }: { state: string }) => state === "listing";
    await waitFor(id, isListing);
    await until("the source is asked", () => proxy.requests() > 0);
    await sendCommand(id, { verb: "configure", configure: { limits: { windows: [farAway()] } } }, ada);
    const waiting = await waitFor(id, (snapshot) => snapshot.waiting !== null);
    expect(waiting.inventory.sealedAt).toBeNull();
    expect(proxy.requests()).toBe(1);
    const open = { limits: { windows: [], requestsPerSecond: null } };
    await sendCommand(id, { verb: "configure", configure: open }, ada);
    const isListed = ({ inventory, waiting: waits }: S3MigrationSnapshot) =>
      inventory.sealedAt !== null && waits === null;
    const done = await waitFor(id, isListed);
    expect(done).toMatchObject({ inventory: { objects: 40 } });
    await proxy.stop();
  });

  it("what is in flight is finished or given back, and nothing is lost", { timeout: 60_000 }, async () => {
    const id = await plan(200, { limits: { objectsPerSecond: 50 } }, true);
    await waitFor(id, ({ counts }) => counts.copied > 20);
    await sendCommand(id, { verb: "configure", configure: { limits: { windows: [farAway()] } } }, ada);
    const waiting = await waitFor(id, (snapshot) => snapshot.waiting !== null && snapshot.engine.leases === 0);
    expect(waiting.counts.pending).toBeGreaterThan(0);
    await sendCommand(id, { verb: "configure", configure: { limits: { windows: [], objectsPerSecond: null } } }, ada);
    const done = await waitFor(id, ({ state }) => state === "verified");
    expect(done.counts).toMatchObject({ verified: 200, failed: 0 });
    expect((await getS3Migration(id)).configs.map(({ version }) => version)).toEqual([3, 2]);
  });
});
