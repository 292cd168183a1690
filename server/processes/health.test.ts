import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { LastSign } from "./console-process-repository";
import { checkHealth, toHealthResponse } from "./health";
import { clearTrouble, noteTrouble } from "./trouble";

type Signs = Map<string, LastSign>;

const database = vi.hoisted(() => ({
  ask: (): Promise<unknown> => Promise.reject(new Error("not set")),
  silentMs: Number.POSITIVE_INFINITY,
  owesMs: 0,
}));
vi.mock("./console-process-repository", () => ({
  findLastSigns: () => database.ask(),
  listProcesses: async () => [],
  msDatabaseOwes: () => database.owesMs,
  msSinceDatabaseAnswer: () => database.silentMs,
  SILENT_AFTER_MS: 13_000,
}));

const alive = { seenAt: new Date(0), ageMs: 100, trouble: null };
const signs: Signs = new Map([
  ["worker", alive],
  ["collector", alive],
]);

/** A database that answers only when the test says so. */
function hang(): (answer: Signs) => void {
  let answer: (answer: Signs) => void = () => {};
  database.ask = () => new Promise<Signs>((resolve) => (answer = resolve));
  return (value) => answer(value);
}

/** The answer after the 200 ms a probe has; fails when there is none yet. */
async function probe() {
  const checking = checkHealth();
  await vi.advanceTimersByTimeAsync(200);
  const health = await Promise.race([checking, Promise.reject(new Error("no answer within 200 ms"))]);
  return { health, status: toHealthResponse(health).status };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe("checkHealth", () => {
  it("is ok while the database and both processes answer", async () => {
    database.ask = async () => signs;
    expect(await probe()).toMatchObject({ status: 200, health: { status: "ok" } });
  });

  it("is degraded, not down, within 200 ms while a database that answered lately is slow", async () => {
    const answer = hang();
    database.silentMs = 9_900;
    const { health, status } = await probe();
    expect({ status, health }).toMatchObject({ status: 200, health: { status: "degraded" } });
    expect(health.components).toContainEqual({ name: "database", status: "degraded", detail: "is slow", lateMs: 0 });
    answer(signs);
  });

  it("tells from the first second for how long a database owes an answer, before that is called trouble", async () => {
    database.ask = async () => signs;
    await probe();
    const answer = hang();
    database.silentMs = 1_300;
    database.owesMs = 1_250.4;
    const { health } = await probe();
    expect(health.components).toContainEqual({ name: "database", status: "ok", lateMs: 1250 });
    answer(signs);
  });

  // A busy machine once had it written into the top bar that the database is not well.
  it("stays ok while a database that answered a moment ago takes longer than a probe has", async () => {
    database.ask = async () => signs;
    await probe();
    const answer = hang();
    database.silentMs = 4_000;
    expect(await probe()).toMatchObject({ status: 200, health: { status: "ok" } });
    answer(signs);
  });

  it("is down within 200 ms once the database has been silent for more than ten seconds", async () => {
    const answer = hang();
    database.silentMs = 10_001;
    vi.setSystemTime("2026-11-23T12:00:10Z");
    const { health, status } = await probe();
    expect({ status, health }).toMatchObject({ status: 503, health: { status: "down" } });
    const silent = health.components.find(({ name }) => name === "database");
    expect(Math.round(Date.parse(silent?.since ?? "") / 1000)).toBe(Date.parse("2026-11-23T12:00:00Z") / 1000);
    answer(signs);
  });

  it("is down at once when the database refuses, however lately it answered", async () => {
    database.ask = () => Promise.reject(Object.assign(new Error("refused"), { code: "ECONNREFUSED" }));
    database.silentMs = 10;
    expect(await probe()).toMatchObject({ status: 503, health: { status: "down" } });
  });

  it("takes a connection that did not come about in time for slow, not for refused", async () => {
    database.ask = () => Promise.reject(new Error("timeout exceeded when trying to connect"));
    database.silentMs = 5_000;
    expect(await probe()).toMatchObject({ status: 200, health: { status: "degraded" } });
  });

  it("is degraded while a process that lives cannot do its work", async () => {
    const trouble = "cannot store spans, the disk of the database is full";
    database.ask = async () => new Map([...signs, ["collector", { ...alive, trouble }]]);
    const { health, status } = await probe();
    expect({ status, health }).toMatchObject({ status: 200, health: { status: "degraded" } });
    expect(health.components).toContainEqual(expect.objectContaining({ name: "collector", detail: trouble }));
  });

  it("says of the database what its own process reports, or what our own writes met", async () => {
    const trouble = "has little room left on its disk (12 MB free)";
    database.ask = async () => new Map([...signs, ["postgres", { ...alive, trouble }]]);
    const full = { name: "database", status: "degraded" };
    expect((await probe()).health.components).toContainEqual({ ...full, detail: trouble });
    database.ask = async () => signs;
    noteTrouble("cannot save anything, its disk is full");
    expect((await probe()).health.components).toContainEqual({
      ...full,
      detail: "cannot save anything, its disk is full",
    });
    clearTrouble();
    expect((await probe()).health).toMatchObject({ status: "ok" });
  });

  it("forgets a trouble that nobody repeats", async () => {
    database.ask = async () => signs;
    noteTrouble("cannot save anything, its disk is full");
    await vi.advanceTimersByTimeAsync(30_000);
    expect((await probe()).health).toMatchObject({ status: "ok" });
  });
});
