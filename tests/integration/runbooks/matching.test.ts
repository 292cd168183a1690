import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type MatchingRunbook, matchingRunbooksSchema } from "@/features/runbooks/contract";
import type { TestDatabase } from "@/tests/support/database";
import { createTestDatabase } from "@/tests/support/database";

const never = new AbortController().signal;

/** Front matter of each runbook by its id; all have one step that asks for a service. */
const RUNBOOKS = {
  "any-n-plus-one": "findings: [n-plus-one, slow-query]",
  "users-n-plus-one": 'findings: [n-plus-one]\nservices: [web]\noperations: ["GET /users*"]',
  "sidekiq-n-plus-one": "findings: [n-plus-one]\nservices: [sidekiq]",
  "users-page": 'operations: ["GET /users/:id"]',
  "about-web": "services: [Web]",
  "tagged-web": "tags: [web]",
  "old-web": "services: [web]\nstatus: archived",
  "draft-queue": "services: [queue]\nstatus: draft",
  "read-queue": "services: [queue]\nsteps: none",
  "for-nothing": "title: For nothing",
} as const;

let database: TestDatabase;
let folder: string;
let door: typeof import("@/features/runbooks/server");
let route: typeof import("@/app/api/runbooks/matching/route");
let db: typeof import("@/server/db/client");

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "matching-"));
  for (const [name, fields] of Object.entries(RUNBOOKS)) {
    await writeFile(path.join(folder, `${name}.md`), `---\n${fields}\n---\n\n# ${name}\n\n- [ ] Ask \`<service>\`\n`);
  }
  await writeFile(path.join(folder, "_form.md"), "---\nservices: [web]\n---\n\n- [ ] Fill in\n");
  process.env.RUNBOOKS = `ops=${folder}`;
  process.env.OPS_DATA_DIR = path.join(folder, ".data");
  database = await createTestDatabase();
  door = await import("@/features/runbooks/server");
  route = await import("@/app/api/runbooks/matching/route");
  db = await import("@/server/db/client");
  await door.syncRunbooks(never);
});

afterAll(async () => {
  await db.closeDatabase();
  await database.drop();
  await rm(folder, { recursive: true });
});

async function get(query: string): Promise<Response> {
  const request = new Request(`http://127.0.0.1:3000/api/runbooks/matching${query}`, {
    headers: { host: "127.0.0.1:3000" },
  });
  return route.GET(request, { params: Promise.resolve({}) });
}

async function match(aim: Record<string, string>): Promise<MatchingRunbook[]> {
  const response = await get(`?${new URLSearchParams(aim)}`);
  expect(response.status).toBe(200);
  return matchingRunbooksSchema.parse(await response.json()).runbooks;
}

const namesOf = (runbooks: readonly MatchingRunbook[]) => runbooks.map(({ id }) => id.replace("ops/", ""));

describe("GET /api/runbooks/matching", () => {
  it("offers the runbooks that name the finding, the one that names most first", async () => {
    const found = await match({ service: "web", operation: "GET /users/:id", finding: "n-plus-one" });
    expect(namesOf(found)).toEqual(["users-n-plus-one", "any-n-plus-one", "users-page"]);
    expect(found.map(({ matches }) => matches)).toEqual([
      ["finding", "operation", "service"],
      ["finding"],
      ["operation"],
    ]);
  });

  it("offers none that is for another service, operation or finding", async () => {
    expect(namesOf(await match({ service: "web", operation: "POST /pay", finding: "n-plus-one" }))).toEqual([
      "any-n-plus-one",
      "about-web",
      "tagged-web",
    ]);
    expect(namesOf(await match({ finding: "retries" }))).toEqual([]);
    expect(namesOf(await match({ operation: "GET /users" }))).toEqual([]);
  });

  it("finds by service alone, however it is spelt, and by operation alone", async () => {
    expect(namesOf(await match({ service: "WEB" }))).toEqual(["about-web", "tagged-web"]);
    expect(namesOf(await match({ operation: "get /users/:ID" }))).toEqual(["users-page"]);
  });

  it("offers nothing where nothing is named, and never a form or an archived runbook", async () => {
    expect(await match({})).toEqual([]);
    const ids = namesOf(await match({ service: "web" }));
    expect(ids).not.toContain("old-web");
    expect(ids).not.toContain("_form");
  });

  it("says which can be started and what they ask for", async () => {
    expect((await match({ service: "queue" })).map(({ id, canStart }) => [id, canStart])).toEqual([
      ["ops/draft-queue", false],
      ["ops/read-queue", false],
    ]);
    expect((await match({ service: "web" }))[0]).toMatchObject({
      canStart: true,
      stepCount: 1,
      placeholders: ["service"],
      lastRun: null,
    });
  });

  it("tells of the newest run, under way or ended", async () => {
    const run = await door.startRun(
      { runbookId: "ops/about-web", params: {} },
      { id: "local", name: "Asha", role: "local" },
    );
    const [first] = await match({ service: "web" });
    expect(first?.lastRun).toMatchObject({ id: run.id, status: "active" });
  });

  it("takes what a trace may hold as words, whatever they look like", async () => {
    for (const service of ["' or 1=1 --", "$(reboot)", "web\u202e", "*", "%", "\\", "web\nweb"]) {
      expect(await match({ service, operation: service, finding: service.slice(0, 100) }), service).toEqual([]);
    }
  });

  it.each([
    ["a misspelt name", "?servce=web", "servce"],
    ["a service too long to be one", `?service=${"a".repeat(4097)}`, "service"],
    ["an operation too long to be one", `?operation=${"a".repeat(4097)}`, "operation"],
    ["a finding too long to be one", `?finding=${"a".repeat(101)}`, "finding"],
    ["a name given twice", "?service=web&service=sidekiq", "service"],
    ["text no database can hold", "?service=a%00b", "service"],
  ])("refuses %s and names it", async (_what, query, field) => {
    const response = await get(query);
    expect(response.status).toBe(400);
    expect(response.headers.get("content-type")).toContain("application/problem+json");
    const problem = await response.json();
    expect(problem).toMatchObject({ code: "invalid_input", problems: [{ field }] });
    expect(problem.detail).toContain(field);
  });
});
