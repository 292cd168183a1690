import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TestDatabase } from "@/tests/support/database";
import { createTestDatabase } from "@/tests/support/database";

type Door = typeof import("@/features/runbooks/server");
const viewer = (name: string) => ({ id: "local", name, role: "local" as const });
const RUNBOOK = `# Deploy

- [ ] Take the lock
- [ ] Ship it
  - [ ] Watch the errors
- [ ] Release the lock
`;

const ASKING = `---
params:
  env: { options: [staging, production] }
  release: { pattern: "v[0-9.]+", required: false }
---

# Ask

- [ ] \`ship <ENV> <release> <note>\`
`;

const CAREFUL = "---\nid: careful\nrisk: high\n---\n\n# Cut over\n\n- [ ] Switch\n";
const UNREAD = "---\nrisk: [\n---\n\n# Unread\n\n- [ ] Switch\n";

let database: TestDatabase;
let door: Door;
let db: typeof import("@/server/db/client");
let directory: string;
const never = new AbortController().signal;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "runbooks-"));
  process.env.RUNBOOKS = `ops=${directory}`;
  process.env.OPS_DATA_DIR = path.join(directory, ".data");
  await mkdir(directory, { recursive: true });
  await writeFile(path.join(directory, "deploy.md"), RUNBOOK);
  await writeFile(path.join(directory, "ask.md"), ASKING);
  await writeFile(path.join(directory, "a-careful.md"), CAREFUL);
  await writeFile(path.join(directory, "b-careful.md"), CAREFUL);
  await writeFile(path.join(directory, "unread.md"), UNREAD);
  database = await createTestDatabase();
  door = await import("@/features/runbooks/server");
  db = await import("@/server/db/client");
  await door.syncRunbooks(never);
});

afterAll(async () => {
  await db.closeDatabase();
  await database.drop();
});

const start = () => door.startRun({ runbookId: "ops/deploy", params: {} }, viewer("Asha"));
const tick = (runId: string, stepId: string, key: string, expectedSequence = 1, name = "Asha") =>
  door.appendRunEvent(
    runId,
    { type: "tick", stepId, text: "", idempotencyKey: key.padEnd(8, "-"), expectedSequence },
    viewer(name),
  );
const auditOf = async (runId: string) =>
  (
    await db
      .pool()
      .query("select actor, action, detail->>'title' as title from audit_event where subject = $1 order by id", [
        `run:${runId}`,
      ])
  ).rows;

describe("a start that needs care", () => {
  it.each([
    ["ops/careful", "Cut over", "high risk"],
    ["ops/unread", "Unread", "could not be read"],
  ])("of %s is refused until its title is typed", async (runbookId, title, reason) => {
    expect((await door.getRunbook(runbookId)).caution).toContain(reason);
    for (const confirmation of [undefined, "", "cut"]) {
      await expect(door.startRun({ runbookId, params: {}, confirmation }, viewer("Asha"))).rejects.toThrow(reason);
    }
    const run = await door.startRun({ runbookId, params: {}, confirmation: ` ${title} ` }, viewer("Asha"));
    expect(run.status).toBe("active");
  });

  it("gives an id its author asked for to the first file that does, and tells the second", async () => {
    expect((await door.getRunbook("ops/careful")).path).toBe("a-careful.md");
    expect((await door.getRunbook("ops/b-careful")).problems.map(({ code }) => code)).toContain("E102");
  });
});

describe("usualDuration", () => {
  it("tells what at least three finished runs of the same runbook took, the run itself and unfinished ones left out", async () => {
    const run = await door.startRun({ runbookId: "ops/ask", params: { ENV: "staging", note: "x" } }, viewer("Asha"));
    expect((await door.getRun(run.id)).usualDuration).toBeNull();
    const took = (minutes: number, status: string) =>
      db.pool().query(
        `insert into run (runbook_id, source_name, path, blob, commit, parser_version, text, tree, params, title, step_count,
           started_by, status, started_at, ended_at)
         select runbook_id, source_name, path, blob, commit, parser_version, text, tree, params, title, step_count, started_by,
           $3, now() - make_interval(mins => $2), now() from run where id = $1`,
        [run.id, minutes, status],
      );
    for (const minutes of [40, 50, 70]) await took(minutes, "finished");
    await took(900, "abandoned");
    const { usualDuration } = await door.getRun(run.id);
    expect(usualDuration).toMatchObject({ count: 3, medianMs: expect.closeTo(50 * 60_000, -2) });
  });
});

describe("startRun", () => {
  it("pins text, steps and content id, so that editing or deleting the file changes nothing in the run", async () => {
    const run = await start();
    await writeFile(path.join(directory, "deploy.md"), "# Deploy\n\n- [ ] Something else\n");
    await door.syncRunbooks(never);
    const changed = await door.getRun(run.id);
    expect(changed).toMatchObject({ text: RUNBOOK, stepCount: 4, runbookNow: "changed", blob: run.blob });
    await writeFile(path.join(directory, "deploy.md"), RUNBOOK);
    await door.syncRunbooks(never);
    expect((await door.getRun(run.id)).runbookNow).toBe("same");
  });

  it("gives the same run for the same key, with one audit row", async () => {
    const input = { runbookId: "ops/deploy", params: {}, idempotencyKey: "start-twice" };
    const [first, second] = await Promise.all([
      door.startRun(input, viewer("Asha")),
      door.startRun(input, viewer("Asha")),
    ]);
    expect(second.id).toBe(first.id);
    expect(await auditOf(first.id)).toEqual([{ actor: "Asha", action: "run.start", title: first.title }]);
  });

  it("refuses a runbook that does not exist", async () => {
    await expect(door.startRun({ runbookId: "ops/none", params: {} }, viewer("Asha"))).rejects.toMatchObject({
      code: "not_found",
    });
  });
});

describe("startRun, with values", () => {
  const startAsking = (params: Record<string, string>) =>
    door.startRun({ runbookId: "ops/ask", params }, viewer("Asha"));

  it("keeps what its author asked for, spelt as the text spells it", async () => {
    const params = { ENV: "staging", release: "v1.2", note: "GET /users; it's $(fine) here" };
    const run = await startAsking(params);
    expect((await door.getRun(run.id)).params).toEqual(params);
    expect(
      (await door.getRunbook("ops/ask")).asked.map(({ name, type, isRequired }) => [name, type, isRequired]),
    ).toEqual([
      ["ENV", "enum", true],
      ["release", "string", false],
      ["note", "string", false],
    ]);
  });

  it.each<[string, Record<string, string>, string[]]>([
    ["a value that is needed", {}, ["params.ENV"]],
    ["an option that is none", { ENV: "prod" }, ["params.ENV"]],
    [
      "a value beside its pattern, and all at once",
      { ENV: "x", release: "v1; reboot" },
      ["params.ENV", "params.release"],
    ],
    ["a value of two lines", { ENV: "staging", note: "a\nb" }, ["params.note"]],
    ["a value that turns the text around it", { ENV: "staging", note: "a\u202eb" }, ["params.note"]],
  ])("refuses %s and names it", async (_what, params, fields) => {
    await expect(startAsking(params)).rejects.toMatchObject({
      code: "invalid_input",
      problems: fields.map((field) => ({ field })),
    });
  });
});

describe("appendRunEvent", () => {
  it("lets exactly one of fifty parallel ticks of one step win, with one log entry and one audit row", async () => {
    const run = await start();
    const attempts = Array.from({ length: 50 }, (_, index) => tick(run.id, "1", `parallel-${index}`, 1, `P${index}`));
    const results = await Promise.allSettled(attempts);
    const won = results.filter(({ status }) => status === "fulfilled");
    const lost = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
    expect(won).toHaveLength(1);
    expect(lost.every(({ code }) => code === "conflict")).toBe(true);
    const detail = await door.getRun(run.id);
    expect(detail.events.map(({ type }) => type)).toEqual(["start", "tick"]);
    expect(lost[0].message).toContain(`by ${detail.steps["1"]?.by} at `);
    expect((await auditOf(run.id)).map(({ action }) => action)).toEqual(["run.start", "run.tick"]);
  });

  it("takes ticks of different steps from readers who saw the same version", async () => {
    const run = await start();
    await Promise.all(["1", "2", "2.1", "3"].map((stepId) => tick(run.id, stepId, `other-${stepId}`)));
    const detail = await door.getRun(run.id);
    expect(detail).toMatchObject({ doneCount: 4, sequence: 5 });
  });

  it("answers a repeated key with the first answer and adds nothing", async () => {
    const run = await start();
    const [first, second] = await Promise.all([tick(run.id, "1", "again-1"), tick(run.id, "1", "again-1")]);
    expect(second).toEqual(first);
    expect((await door.getRun(run.id)).sequence).toBe(2);
    await expect(tick(run.id, "2", "again-1")).rejects.toMatchObject({ code: "invalid_input" });
  });

  it("finishes only when every step is settled, and takes nothing afterwards", async () => {
    const run = await start();
    const finish = (key: string) =>
      door.appendRunEvent(
        run.id,
        { type: "finish", text: "", idempotencyKey: key, expectedSequence: 9 },
        viewer("Asha"),
      );
    await expect(finish("finish-1")).rejects.toMatchObject({ code: "conflict", message: "4 steps are still open." });
    for (const stepId of ["1", "2", "2.1", "3"]) await tick(run.id, stepId, `before-${stepId}`);
    await finish("finish-2");
    expect(await door.getRun(run.id)).toMatchObject({ status: "finished", endedBy: "Asha" });
    await expect(tick(run.id, "1", "too-late")).rejects.toMatchObject({ code: "conflict" });
  });

  it("refuses a step the run does not have and a run that does not exist", async () => {
    const run = await start();
    await expect(tick(run.id, "9", "no-step-")).rejects.toMatchObject({ code: "not_found" });
    await expect(tick("999999", "1", "no-run--")).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("run_event", () => {
  it("cannot be rewritten or shortened, and goes only with its run", async () => {
    const run = await start();
    const query = (sql: string) => db.pool().query(sql, [run.id]);
    await expect(query("update run_event set actor = 'Mallory' where run_id = $1")).rejects.toThrow("append-only");
    await expect(query("delete from run_event where run_id = $1")).rejects.toThrow("append-only");
    await query("delete from run where id = $1");
    expect((await query("select 1 from run_event where run_id = $1")).rows).toEqual([]);
  });
});

describe("watchRun", () => {
  it("sends the state now and within a second after somebody ticks", async () => {
    const run = await start();
    const stop = new AbortController();
    const frames = await door.watchRun(run.id, { lastEventId: undefined, signal: stop.signal });
    const iterator = frames[Symbol.asyncIterator]();
    expect((await iterator.next()).value).toMatchObject({ id: "1", data: { doneCount: 0 } });
    const next = iterator.next();
    await tick(run.id, "1", "watched-");
    const tickedAt = performance.now();
    expect((await next).value).toMatchObject({ id: "2", data: { steps: { "1": { status: "done", by: "Asha" } } } });
    expect(performance.now() - tickedAt).toBeLessThan(1000);
    stop.abort();
    await iterator.return?.();
  });
});

describe("listRuns", () => {
  it("pages through runs, newest first, and filters by status", async () => {
    const first = await door.listRuns({ limit: 2 });
    expect(first.runs.map(({ id }) => Number(id))).toEqual(
      [...first.runs.map(({ id }) => Number(id))].sort((a, b) => b - a),
    );
    const second = await door.listRuns({ limit: 2, before: first.nextBefore ?? 0 });
    expect(Number(second.runs[0]?.id)).toBeLessThan(Number(first.runs[1]?.id));
    const finished = await door.listRuns({ limit: 50, status: "finished" });
    expect(finished.runs.length).toBeGreaterThan(0);
    expect(new Set(finished.runs.map(({ status }) => status))).toEqual(new Set(["finished"]));
  });
});
