import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startConsole, type TestConsole } from "../support/console";
import { until } from "../support/until";

const PEOPLE = ["Asha", "Ben"];
const KILLS = 3;

type RunEvent = { sequence: number; type: string; stepId: string | null; actor: string };
type Acknowledged = { key: string; sequence: number };

let running: TestConsole;
beforeAll(async () => {
  running = await startConsole();
}, 150_000);
afterAll(async () => {
  await running.stop();
});

const post = (path: string, body: unknown, name: string) =>
  fetch(running.url + path, {
    method: "POST",
    headers: { "content-type": "application/json", cookie: `ops-name=${name}` },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(5000),
  });

async function startRun(): Promise<string> {
  let runbookId = "";
  await until("the runbooks are read", async () => {
    const { runbooks } = await (await fetch(`${running.url}/api/runbooks`)).json();
    runbookId = runbooks.find((runbook: { id: string }) => runbook.id.endsWith("deploy"))?.id ?? "";
    return runbookId !== "";
  });
  const reply = await post("/api/runs", { runbookId, params: {} }, "Asha");
  expect(reply.status, await reply.clone().text()).toBe(201);
  return (await reply.json()).run.id;
}

/** Ticks and unticks a step of one's own, each until it is acknowledged, as the page's outbox does. */
async function work(runId: string, person: number, acknowledged: Acknowledged[], signal: AbortSignal): Promise<void> {
  const name = PEOPLE[person] ?? "";
  let expectedSequence = 0;
  for (let number = 0; !signal.aborted; number += 1) {
    const key = `${name}-change-${number}`;
    const type = number % 2 === 0 ? "tick" : "untick";
    const event = { type, stepId: String(person + 1), text: key, idempotencyKey: key, expectedSequence };
    for (let sequence: number | undefined; sequence === undefined; ) {
      const reply = await post(`/api/runs/${runId}/events`, event, name).catch(() => undefined);
      // A refusal would mean that a change counted twice: the step would no longer be as this person left it.
      expect(reply?.status).not.toBe(409);
      sequence = reply?.ok ? await sequenceIn(reply) : undefined;
      if (sequence === undefined) await delay(20);
      else acknowledged.push({ key, sequence });
    }
    expectedSequence = acknowledged.findLast((done) => done.key === key)?.sequence ?? 0;
  }
}

/** An answer cut off midway is no acknowledgement. */
const sequenceIn = (reply: Response): Promise<number | undefined> =>
  reply.json().then(
    ({ event }) => event.sequence,
    () => undefined,
  );

it("keeps every acknowledged tick, once and in order, when the web process is killed again and again under two people", async () => {
  const runId = await startRun();
  const acknowledged: Acknowledged[] = [];
  const stop = new AbortController();
  const working = Promise.all(PEOPLE.map((_, person) => work(runId, person, acknowledged, stop.signal)));
  const webPid = async () => (await running.processes()).find(({ name }) => name === "web")?.pid ?? 0;
  for (let kill = 0; kill < KILLS; kill += 1) {
    const before = acknowledged.length;
    await until("work goes on", () => acknowledged.length >= before + 20, 40_000);
    const pid = await webPid();
    process.kill(pid, "SIGKILL");
    await until("a new web process answers", async () => (await webPid()) !== pid, 40_000);
  }
  const before = acknowledged.length;
  await until("work goes on after the last kill", () => acknowledged.length >= before + 10, 40_000);
  stop.abort();
  await working;
  const { events }: { events: (RunEvent & { text: string })[] } = await (
    await fetch(`${running.url}/api/runs/${runId}`)
  ).json();
  const changes = events.filter(({ type }) => type === "tick" || type === "untick");
  expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
  expect(new Set(changes.map(({ text }) => text)).size).toBe(changes.length);
  for (const { key, sequence } of acknowledged) {
    expect(changes.find(({ text }) => text === key)?.sequence, key).toBe(sequence);
  }
}, 600_000);
