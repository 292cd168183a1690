import fs from "node:fs";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isAllowed, type Role } from "@/server/auth/permissions";
import { statementOf } from "@/server/http/route";
import { startConsole, type TestConsole } from "../support/console";
import { makePeople, type SignedIn } from "../support/people";

const ROOT = path.join(import.meta.dirname, "../..");
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
const METADATA = /^\/(?:icon|favicon|apple-icon)\b/;
const ROLES = ["anonymous", "viewer", "operator", "admin"] as const;
/** Without a body to refuse; it would end the session the others are asked with, or load the sample data. */
const NOT_TO_BE_DONE = ["DELETE /api/session/route", "POST /api/sample/route", "DELETE /api/sample/route"];
type Asker = (typeof ROLES)[number];

let console_: TestConsole;
let people: Record<Exclude<Asker, "anonymous">, SignedIn>;
let database: pg.Client;

beforeAll(async () => {
  console_ = await startConsole({ env: { OPS_AUTH: "password" } });
  database = new pg.Client({ connectionString: fs.readFileSync(`${console_.dataDir}/database-url`, "utf8").trim() });
  await database.connect();
  people = await makePeople(console_);
}, 600_000);
afterAll(async () => {
  await database?.end();
  await console_?.stop();
});

const cookieOf = (role: Asker): Record<string, string> => (role === "anonymous" ? {} : { cookie: people[role].cookie });

/** An address of the route: ids of nothing that is there. */
const addressOf = (key: string): string =>
  key
    .replace(/\/route$/, "")
    .replace(/\[\[?\.\.\.\w+\]?\]/g, "nothing")
    .replace(/\[\w+\]/g, "00000000-0000-4000-8000-000000000000");

async function ask(address: string, method: string, role: Asker): Promise<number> {
  const isWrite = method !== "GET" && method !== "HEAD";
  const response = await fetch(console_.url + address, {
    method,
    redirect: "manual",
    headers: { ...cookieOf(role), ...(isWrite && { origin: console_.url, "content-type": "application/json" }) },
    // What no schema takes: who is let through changes nothing.
    ...(isWrite && { body: '{"nobody":"knows this"}' }),
    signal: AbortSignal.timeout(30_000),
  });
  await response.body?.cancel();
  return response.status;
}

/** Every method of every route of the build, with what it allows. */
async function statements(): Promise<{ name: string; address: string; method: string; allow: string }[]> {
  const manifest = path.join(ROOT, ".next-test/server/app-paths-manifest.json");
  const keys = Object.keys(JSON.parse(fs.readFileSync(manifest, "utf8")))
    .filter((key) => key.endsWith("/route") && !METADATA.test(key))
    .sort();
  const found = [];
  for (const key of keys) {
    const module: Record<string, unknown> = await import(path.join(ROOT, "app", `${key}.ts`));
    for (const method of METHODS.filter((name) => name in module)) {
      const allow = statementOf(module[method])?.allow ?? "nothing: it has no guard";
      found.push({ name: `${method} ${key}`, address: addressOf(key), method, allow });
    }
  }
  return found;
}

/** What a route answers to a role: `in` past the guard, whatever it says then. */
const toOutcome = (status: number): string => ({ 401: "sign in", 403: "forbidden" })[status] ?? "in";

function expected(role: Role, allow: string): string {
  const viewer = { id: role, name: role, role };
  // @ts-expect-error: a permission that the matrix does not have is allowed to nobody.
  if (isAllowed(viewer, allow)) return "in";
  return role === "anonymous" ? "sign in" : "forbidden";
}

describe("authorisation bypass", () => {
  it("finds no route that lets a role do what the matrix does not give it, nor one that keeps out who may", async () => {
    const routes = await statements();
    expect(routes.length).toBeGreaterThan(60);
    const wrong: string[] = [];
    // Programs with a token of their own have no role; they are asked below.
    for (const { name, address, method, allow } of routes.filter((one) => !one.address.startsWith("/api/v1/"))) {
      for (const role of ROLES) {
        const wanted = expected(role, allow);
        if (wanted === "in" && role !== "anonymous" && NOT_TO_BE_DONE.includes(name)) continue;
        const outcome = toOutcome(await ask(address, method, role));
        if (outcome !== wanted) wrong.push(`${name} as ${role}: ${outcome}, not ${wanted}`);
      }
    }
    expect(wrong).toEqual([]);
  }, 300_000);

  it("finds no program's route that takes a session for a token", async () => {
    for (const { address, method } of (await statements()).filter((one) => one.address.startsWith("/api/v1/"))) {
      expect(await ask(address, method, "admin"), `${method} ${address}`).not.toBeLessThan(400);
    }
  }, 60_000);

  it("finds no page that opens without a session, by whatever name a page can be asked for", async () => {
    const pages = Object.keys(
      JSON.parse(fs.readFileSync(path.join(ROOT, ".next-test/server/app-paths-manifest.json"), "utf8")),
    ).filter((key) => key.endsWith("/page") && !/not-found|sign-in/.test(key));
    expect(pages.length).toBeGreaterThan(15);
    for (const key of pages) {
      const address = addressOf(key.replace(/\/\([^)]*\)/g, "").replace(/\/page$/, "")) || "/";
      const plain = await fetch(console_.url + address, { redirect: "manual" });
      expect(plain.status, address).toBe(303);
      expect(plain.headers.get("location"), address).toMatch(/^\/sign-in\?to=/);
      for (const headers of [
        { rsc: "1" },
        { rsc: "1", "next-router-prefetch": "1" },
        { "x-middleware-subrequest": "proxy:proxy:proxy:proxy:proxy" },
        { cookie: "ops-session=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.b" },
      ]) {
        const response = await fetch(console_.url + address, { redirect: "manual", headers: headers as HeadersInit });
        const body = await response.text();
        const isSent = response.status === 303 || response.status === 307 || body.includes("NEXT_REDIRECT;");
        expect(isSent, `${address} with ${JSON.stringify(headers)}: ${response.status}`).toBe(true);
      }
    }
  }, 120_000);
});

describe("a live stream", () => {
  it("ends within 30 seconds when its reader is kept out", async () => {
    const { cookie, id } = people.viewer;
    const response = await fetch(`${console_.url}/api/s3-migrations/${await anyMigration()}/events`, {
      headers: { cookie },
    });
    expect(response.status).toBe(200);
    const reader = response.body?.getReader();
    await reader?.read();
    const changed = await fetch(`${console_.url}/api/people/${id}`, {
      method: "PATCH",
      headers: { ...cookieOf("admin"), origin: console_.url, "content-type": "application/json" },
      body: JSON.stringify({ isDisabled: true }),
    });
    expect(changed.status).toBe(200);
    const start = performance.now();
    for (let isOpen = true; isOpen; ) isOpen = !((await reader?.read())?.done ?? true);
    expect(performance.now() - start).toBeLessThan(30_000);
  }, 60_000);
});

/** A migration that nobody works on, for its stream. */
async function anyMigration(): Promise<string> {
  const { rows } = await database.query<{ id: string }>("select id from s3_migration limit 1");
  if (rows[0] !== undefined) return rows[0].id;
  const response = await fetch(`${console_.url}/api/s3-migrations`, {
    method: "POST",
    headers: { ...cookieOf("admin"), origin: console_.url, "content-type": "application/json" },
    body: JSON.stringify({
      name: "watched",
      source: { kind: "local", path: ROOT },
      destination: { kind: "s3", bucket: "nowhere" },
      start: false,
    }),
  });
  const made = (await response.json()) as { id?: string };
  expect(response.status, JSON.stringify(made)).toBeLessThan(300);
  return made.id ?? "";
}
