import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { closeDatabase, pool } from "@/server/db/client";
import { notify, stopListening, subscribe } from "@/server/realtime/listen";
import { liveSnapshots } from "@/server/realtime/live-snapshots";
import { createTestDatabase, type TestDatabase } from "../../support/database";

let database: TestDatabase;
let version: number;

beforeAll(async () => {
  database = await createTestDatabase();
});
beforeEach(() => {
  version = 1;
});
afterAll(async () => {
  stopListening();
  await closeDatabase();
  await database.drop();
});

const open = (signal: AbortSignal, lastEventId?: string) =>
  liveSnapshots({
    topic: "run:1",
    load: async () => ({ version, isDone: version >= 3 }),
    versionOf: (snapshot) => snapshot.version,
    isFinal: (snapshot) => snapshot.isDone,
    lastEventId,
    signal,
  });

/** Resolves when this process hears its own hint: LISTEN is up. */
async function untilListening(): Promise<void> {
  let heard = false;
  const unsubscribe = subscribe("probe", () => {
    heard = true;
  });
  await vi.waitFor(async () => {
    await notify("probe");
    expect(heard).toBe(true);
  });
  unsubscribe();
}

describe("liveSnapshots", () => {
  it("sends the present state at once, each newer one on its hint, and ends after the final one", async () => {
    await untilListening();
    const frames = open(new AbortController().signal);
    expect((await frames.next()).value).toMatchObject({ event: "snapshot", id: "1" });
    const second = frames.next();
    version = 2;
    await notify("run:1");
    expect((await second).value).toMatchObject({ id: "2" });
    const third = frames.next();
    version = 3;
    await notify("run:1");
    expect((await third).value).toMatchObject({ id: "3" });
    expect((await frames.next()).done).toBe(true);
  });

  it("does not send again what the browser says it has", async () => {
    await untilListening();
    const frames = open(new AbortController().signal, "1");
    expect((await frames.next()).value).toEqual({ event: "beat", data: {} });
    const next = frames.next();
    version = 2;
    await vi.waitFor(async () => {
      await notify("run:1");
      expect((await next).value).toMatchObject({ id: "2" });
    });
  });

  it("hears again after the database ended its connection, and refreshes what it may have missed", async () => {
    await untilListening();
    let refreshed = false;
    const unsubscribe = subscribe("run:1", () => {
      refreshed = true;
    });
    await pool().query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'ops-console listen'",
    );
    await vi.waitFor(() => expect(refreshed).toBe(true), { timeout: 10_000 });
    unsubscribe();
  });

  it("ends when its reader leaves", async () => {
    const stop = new AbortController();
    const frames = open(stop.signal);
    await frames.next();
    const next = frames.next();
    stop.abort();
    expect((await next).done).toBe(true);
  });
});
