import { mkdtemp, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "@/tests/support/database";

type Door = typeof import("@/features/runbooks/server");
const viewer = { id: "local", name: "Asha", role: "local" as const };
const never = new AbortController().signal;

let database: TestDatabase;
let door: Door;
let db: typeof import("@/server/db/client");
let site: Server;
let origin: string;
let asked: string[] = [];
let status = 200;
let body = '{"ready":true}';

const FILES: Record<string, (origin: string) => string> = {
  // Answers at once, so that a turn of the worker is all a test waits for.
  auto: (at) =>
    `- [ ] first\n- [ ] up\n\n  \`\`\`yaml check\n  http: ${at}/up\n  expect: status == 200 && json.ready == true\n  every: 5s\n  mode: auto\n  \`\`\`\n`,
  suggest: (at) => `- [ ] up\n\n  \`\`\`yaml check\n  http: ${at}/up\n  expect: status == 200\n  \`\`\`\n`,
  guarded: (at) =>
    `- [ ] up <!-- step evidence=link -->\n\n  \`\`\`yaml check\n  http: ${at}/up\n  expect: status == 200\n  mode: auto\n  \`\`\`\n`,
  held: (at) =>
    `- [ ] up\n\n  \`\`\`yaml check\n  http: ${at}/up\n  expect: status == 200\n  every: 5s\n  for: 10m\n  mode: auto\n  \`\`\`\n`,
  metric: () => "- [ ] few\n\n  ```yaml check\n  prometheus: errors\n  expect: value < 0.5\n  mode: auto\n  ```\n",
  moved: () =>
    "- [ ] copied\n\n  ```yaml check\n  migration: <name>\n  expect: state == 'done' && failed == 0\n  mode: auto\n  ```\n",
  elsewhere: () =>
    "- [ ] x\n\n  ```yaml check\n  http: http://169.254.169.254/latest\n  expect: status == 200\n  mode: auto\n  ```\n",
};

beforeAll(async () => {
  site = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (request.url?.startsWith("/api/v1/query")) {
      const result = [{ metric: { job: "web" }, value: [1, "0.25"] }];
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ status: "success", data: { resultType: "vector", result } }));
      return;
    }
    response.writeHead(status, { "content-type": "application/json" });
    response.end(body);
  });
  await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  const directory = await mkdtemp(path.join(tmpdir(), "checks-"));
  process.env.RUNBOOKS = `ops=${directory}`;
  process.env.OPS_DATA_DIR = path.join(directory, ".data");
  process.env.OPS_CHECK_HOSTS = `${new URL(origin).host},169.254.169.254`;
  process.env.OPS_CHECK_PRIVATE = "true";
  process.env.PROMETHEUS_URL = origin;
  for (const [name, text] of Object.entries(FILES)) await writeFile(path.join(directory, `${name}.md`), text(origin));
  database = await createTestDatabase();
  door = await import("@/features/runbooks/server");
  db = await import("@/server/db/client");
  await door.syncRunbooks(never);
});

afterAll(async () => {
  await db.closeDatabase();
  await database.drop();
  await new Promise((resolve) => site.close(resolve));
});

beforeEach(async () => {
  asked = [];
  status = 200;
  body = '{"ready":true}';
  await db.pool().query("delete from run");
});

let migration: Record<string, unknown> | undefined = { state: "running", progress: 0.5, failed: 0, count: 10 };
const ports = { migration: async () => migration, traces: async () => ({ count: 0 }) };
const turn = () => door.askRunChecks(ports, never);
/** Makes every check due again, as if its interval had passed. */
const later = () => db.pool().query("update run_check set next_at = now() - interval '1 second'");
const start = (name: string, params: Record<string, string> = {}) =>
  door.startRun({ runbookId: `ops/${name}`, params }, viewer);
let keys = 0;
const act = async (runId: string, type: "tick" | "untick", stepId: string) => {
  keys += 1;
  const { sequence } = await door.getRun(runId);
  await door.appendRunEvent(
    runId,
    { type, stepId, text: "", idempotencyKey: `checks-${keys}-key`, expectedSequence: sequence },
    viewer,
  );
};

describe("checks of a run", () => {
  it("are not asked before the turn of their step, then tick it, and say that the check did", async () => {
    const run = await start("auto");
    await turn();
    expect(asked).toEqual([]);
    await act(run.id, "tick", "1");
    await turn();
    expect(asked).toEqual(["GET /up"]);
    const { steps, events } = await door.getRun(run.id);
    expect(steps["2"]).toMatchObject({ status: "sensed", by: "check" });
    expect(events.at(-1)).toMatchObject({ type: "sense", text: expect.stringContaining("status 200") });
  });

  it("flag a sensed step that is no longer true, never untick it, and take the flag back", async () => {
    const run = await start("auto");
    await act(run.id, "tick", "1");
    await turn();
    status = 503;
    await later();
    await turn();
    expect((await door.getRun(run.id)).steps["2"]).toMatchObject({ status: "sensed", lapsedAt: expect.any(String) });
    status = 200;
    await later();
    await turn();
    expect((await door.getRun(run.id)).steps["2"]?.lapsedAt).toBeUndefined();
    expect((await door.getRun(run.id)).events.map(({ type }) => type)).toEqual([
      "start",
      "tick",
      "sense",
      "lapse",
      "regain",
    ]);
  });

  it("never take unknown for true: a body that is none, no answer, an address that is not allowed", async () => {
    const run = await start("auto");
    await act(run.id, "tick", "1");
    body = "not json";
    await turn();
    expect(await door.readRunChecks(run.id)).toMatchObject({ checks: [{ verdict: "unknown", trueSince: null }] });
    const other = await start("elsewhere");
    await turn();
    const [found] = (await door.readRunChecks(other.id)).checks;
    expect(found).toMatchObject({ verdict: "unknown", reading: expect.stringContaining("never asked") });
    expect((await door.getRun(other.id)).steps["1"]).toBeUndefined();
  });

  it("suggest without ticking, and leave a step that wants evidence to a person", async () => {
    const [suggested, guarded] = [await start("suggest"), await start("guarded")];
    await turn();
    for (const run of [suggested, guarded]) {
      expect(await door.readRunChecks(run.id)).toMatchObject({ checks: [{ verdict: "true" }] });
      expect((await door.getRun(run.id)).steps["1"]).toBeUndefined();
    }
  });

  it("wait until it held as long as asked", async () => {
    const run = await start("held");
    await turn();
    await later();
    await turn();
    expect((await door.getRun(run.id)).steps["1"]).toBeUndefined();
    await db.pool().query("update run set started_at = started_at - interval '1 hour'");
    await db
      .pool()
      .query(
        "update run_check set true_since = now() - interval '11 minutes', first_at = now() - interval '11 minutes'",
      );
    await later();
    await turn();
    expect((await door.getRun(run.id)).steps["1"]?.status).toBe("sensed");
  });

  it("begin anew when a person unticked the step", async () => {
    const run = await start("auto");
    await act(run.id, "tick", "1");
    await turn();
    await act(run.id, "untick", "2");
    status = 503;
    await turn();
    expect((await door.getRun(run.id)).steps["2"]?.status).toBe("todo");
    status = 200;
    await later();
    await turn();
    expect((await door.getRun(run.id)).steps["2"]?.status).toBe("sensed");
  });

  it("ask Prometheus, and S3 migrations by the value of a run", async () => {
    const metric = await start("metric");
    const moved = await start("moved", { name: "previews" });
    await turn();
    expect((await door.getRun(metric.id)).steps["1"]).toMatchObject({
      status: "sensed",
      text: expect.stringContaining("value 0.25"),
    });
    expect((await door.getRun(moved.id)).steps["1"]).toBeUndefined();
    migration = { state: "done", progress: 1, failed: 0, count: 10 };
    await later();
    await turn();
    expect((await door.getRun(moved.id)).steps["1"]?.status).toBe("sensed");
    const wrong = await start("moved", { name: "a b" });
    await turn();
    expect((await door.readRunChecks(wrong.id)).checks[0]?.reading).toContain("not plain enough");
  });
});
