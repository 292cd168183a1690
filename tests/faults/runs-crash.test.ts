import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startConsole, type TestConsole, until } from "../support/console";

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

/** Adds notes one after the other, each until it is acknowledged, as the page's outbox does. */
async function work(runId: string, person: string, acknowledged: Acknowledged[], signal: AbortSignal): Promise<void> {
  for (let number = 0; !signal.aborted; number += 1) {
    const key = `${person}-note-${number}`;
    const event = { type: "note", text: key, idempotencyKey: key, expectedSequence: 0 };
    for (let sequence: number | undefined; sequence === undefined; ) {
      sequence = await post(`/api/runs/${runId}/events`, event, person)
        .then(async (reply) => (reply.ok ? (await reply.json()).event.sequence : undefined))
        .catch(() => undefined);
      if (sequence === undefined) await delay(20);
      else acknowledged.push({ key, sequence });
    }
  }
}

it("keeps every acknowledged change, once and in order, when the web process is killed again and again under two people", async () => {
  const runId = await startRun();
  const acknowledged: Acknowledged[] = [];
  const stop = new AbortController();
  const working = Promise.all(PEOPLE.map((person) => work(runId, person, acknowledged, stop.signal)));
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
  const notes = events.filter(({ type }) => type === "note");
  expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
  expect(new Set(notes.map(({ text }) => text)).size).toBe(notes.length);
  for (const { key, sequence } of acknowledged) {
    expect(notes.find(({ text }) => text === key)?.sequence, key).toBe(sequence);
  }
}, 180_000);
