import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../support/database";

type Handler = (request: Request, context: { params: Promise<Record<string, string>> }) => Promise<Response>;
const ORIGIN = "https://ops.example.com";
const PASSWORD = "correct horse battery";

let database: TestDatabase;
let db: typeof import("@/server/db/client");
let people: typeof import("@/server/auth/person-repository");
let routes: Record<"session" | "code" | "sessions" | "one" | "password" | "people" | "person", Record<string, Handler>>;

beforeAll(async () => {
  database = await createTestDatabase();
  // The settings are read once, at the first import that asks.
  Object.assign(process.env, { OPS_AUTH: "password", OPS_PUBLIC_ORIGIN: ORIGIN, OPS_AUTH_SECRET: "s".repeat(40) });
  db = await import("@/server/db/client");
  people = await import("@/server/auth/person-repository");
  routes = {
    session: (await import("@/app/api/session/route")) as Record<string, Handler>,
    code: (await import("@/app/api/session/code/route")) as Record<string, Handler>,
    sessions: (await import("@/app/api/account/sessions/route")) as Record<string, Handler>,
    one: (await import("@/app/api/account/sessions/[id]/route")) as Record<string, Handler>,
    password: (await import("@/app/api/account/password/route")) as Record<string, Handler>,
    people: (await import("@/app/api/people/route")) as Record<string, Handler>,
    person: (await import("@/app/api/people/[id]/route")) as Record<string, Handler>,
  };
});
afterAll(async () => {
  await db.closeDatabase();
  await database.drop();
});

type Asked = { json?: unknown; cookie?: string; address?: string; params?: Record<string, string>; headers?: object };

async function ask(name: keyof typeof routes, method: string, asked: Asked = {}) {
  const { json, cookie, address = "203.0.113.1", params = {}, headers } = asked;
  const request = new Request(`${ORIGIN}/api/${name}`, {
    method,
    headers: {
      host: "ops.example.com",
      origin: ORIGIN,
      "x-ops-client": address,
      ...(cookie === undefined ? {} : { cookie }),
      ...(json === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
  });
  const handler = routes[name][method];
  if (handler === undefined) throw new Error(`no ${method}`);
  const response = await handler(request, { params: Promise.resolve(params) });
  const set = response.headers.getSetCookie();
  return {
    status: response.status,
    body: await response.json(),
    set,
    cookie: set.map((one) => one.split(";")[0]).join("; "),
    retryAfter: response.headers.get("retry-after"),
  };
}

async function makePerson(role: "viewer" | "operator" | "admin") {
  const name = `${role} ${randomUUID().slice(0, 8)}`;
  const email = `${randomUUID()}@example.com`;
  const { person, code } = await people.invitePerson({ name, email, role }, "test");
  const entered = await ask("code", "POST", { json: { code, email, password: PASSWORD }, address: randomUUID() });
  expect(entered.status, JSON.stringify(entered.body)).toBe(200);
  return { ...person, cookie: entered.cookie };
}

const actionsOf = async (subject: string) =>
  (await db.pool().query("select action from audit_event where subject = $1 order by id", [subject])).rows.map(
    ({ action }) => action,
  );

describe("session theft", () => {
  it("finds no token in the database: only hashes", async () => {
    const { cookie } = await makePerson("viewer");
    const token = decodeURIComponent(cookie.split("=")[1] ?? "").split(".")[0] ?? "";
    expect(token.length).toBeGreaterThanOrEqual(32);
    const { rows } = await db.pool().query("select token from access.session");
    expect(JSON.stringify(rows)).not.toContain(token);
  });

  it("gets a cookie with the host prefix and every guard at sign-in", async () => {
    const { email } = await makePerson("viewer");
    const { set, status } = await ask("session", "POST", { json: { email, password: PASSWORD } });
    expect(status).toBe(200);
    expect(set).toHaveLength(1);
    expect(set[0]).toMatch(/^__Host-ops-session=/);
    for (const guard of [/HttpOnly/i, /Secure/i, /SameSite=Lax/i, /Path=\//i]) expect(set[0]).toMatch(guard);
    expect(set[0]).not.toMatch(/Domain=/i);
  });

  it("ends with the session: revoked, signed out, idle or too old, it opens nothing any more", async () => {
    const { id, cookie, email } = await makePerson("viewer");
    const other = await ask("session", "POST", { json: { email, password: PASSWORD } });
    const { body } = await ask("sessions", "GET", { cookie });
    expect(body.sessions).toHaveLength(2);
    const elsewhere = body.sessions.find((one: { isThis: boolean }) => !one.isThis);
    expect(await ask("one", "DELETE", { cookie, params: { id: elsewhere.id } })).toMatchObject({ status: 200 });
    expect(await ask("sessions", "GET", { cookie: other.cookie })).toMatchObject({ status: 401 });
    await db.pool().query("update access.session set seen_at = now() - interval '8 days' where user_id = $1", [id]);
    expect(await ask("sessions", "GET", { cookie })).toMatchObject({ status: 401 });
    await db.pool().query("update access.session set seen_at = now(), expires_at = now() where user_id = $1", [id]);
    expect(await ask("sessions", "GET", { cookie })).toMatchObject({ status: 401 });
    const again = await ask("session", "POST", { json: { email, password: PASSWORD } });
    expect(await ask("session", "DELETE", { cookie: again.cookie })).toMatchObject({ status: 200 });
    expect(await ask("sessions", "GET", { cookie: again.cookie })).toMatchObject({ status: 401 });
  });

  it("is not helped by a session of somebody else: nobody ends it but its person", async () => {
    const [one, other] = [await makePerson("viewer"), await makePerson("viewer")];
    const { body } = await ask("sessions", "GET", { cookie: one.cookie });
    const refused = await ask("one", "DELETE", { cookie: other.cookie, params: { id: body.sessions[0].id } });
    expect(refused.status).toBe(404);
    expect(await ask("sessions", "GET", { cookie: one.cookie })).toMatchObject({ status: 200 });
  });
});

describe("password guessing", () => {
  it("is refused after five failures in 15 minutes, per account, from wherever they come", async () => {
    const { email } = await makePerson("viewer");
    const guess = (n: number) =>
      ask("session", "POST", { json: { email, password: `wrong guess ${n}` }, address: `198.51.100.${n}` });
    const answers = await Promise.all(Array.from({ length: 12 }, (_, n) => guess(n)));
    expect(answers.filter(({ status }) => status === 401).length).toBeLessThanOrEqual(5);
    expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThanOrEqual(7);
    let last = 401;
    for (let n = 20; last === 401; n += 1) last = (await guess(n)).status;
    expect(last).toBe(429);
    const right = await ask("session", "POST", { json: { email, password: PASSWORD }, address: "192.0.2.99" });
    expect(right.status).toBe(429);
    expect(Number(right.retryAfter)).toBeGreaterThan(0);
  });

  it("is refused after five failures per address, whatever the accounts", async () => {
    const address = "198.51.100.200";
    const guess = () =>
      ask("session", "POST", { json: { email: `${randomUUID()}@example.com`, password: "wrong guess" }, address });
    const statuses = [];
    for (let n = 0; n < 7; n += 1) statuses.push((await guess()).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429]);
  });

  it("learns nothing: one answer for an unknown, a disabled and a wrong one, and each leaves a row", async () => {
    const disabled = await makePerson("viewer");
    await db.pool().query("update access.person set disabled_at = now() where id = $1", [disabled.id]);
    const known = await makePerson("viewer");
    const tries = [
      { email: "nobody@example.com", password: PASSWORD },
      { email: disabled.email, password: PASSWORD },
      { email: known.email, password: "a wrong password" },
    ];
    const before = (await actionsOf("console")).length;
    const answers = [];
    for (const json of tries) answers.push(await ask("session", "POST", { json, address: randomUUID() }));
    for (const { status, body } of answers) {
      expect(status).toBe(401);
      expect(body.detail).toBe("E-mail or password is wrong.");
    }
    expect((await actionsOf("console")).slice(before)).toEqual(["access.refuse", "access.refuse", "access.refuse"]);
  });
});

describe("the first admin", () => {
  it("comes in by a code of the command line, once, and is on record", async () => {
    const code = await people.makeAdminCode("test");
    const email = `${randomUUID()}@example.com`;
    const json = {
      code: code.toLowerCase().replaceAll("-", " "),
      email,
      name: `Ada ${randomUUID()}`,
      password: PASSWORD,
    };
    const weak = await ask("code", "POST", { json: { ...json, password: "password1234" }, address: "192.0.2.1" });
    expect(weak).toMatchObject({ status: 400, body: { field: "password" } });
    const first = await ask("code", "POST", { json, address: "192.0.2.1" });
    expect(first.status, JSON.stringify(first.body)).toBe(200);
    expect(await ask("people", "GET", { cookie: first.cookie })).toMatchObject({ status: 200 });
    const { body } = await ask("session", "GET", { cookie: first.cookie });
    expect(body.person).toMatchObject({ email, role: "admin" });
    const second = await ask("code", "POST", { json: { ...json, name: "Eve", email: "eve@example.com" } });
    expect(second).toMatchObject({ status: 401 });
    expect(await actionsOf("console")).toContain("access.make_admin_code");
  });
});

describe("a role taken away", () => {
  it("holds from the next request on; who is kept out has no session any more", async () => {
    const [admin, other] = [await makePerson("admin"), await makePerson("admin")];
    const change = (json: object) => ask("person", "PATCH", { cookie: admin.cookie, json, params: { id: other.id } });
    expect(await ask("people", "GET", { cookie: other.cookie })).toMatchObject({ status: 200 });
    expect(await change({ role: "viewer" })).toMatchObject({ status: 200, body: { role: "viewer" } });
    const denied = await ask("people", "GET", { cookie: other.cookie });
    expect(denied).toMatchObject({ status: 403, body: { detail: expect.stringContaining("Your role, viewer") } });
    expect(await actionsOf(`person:${other.id}`)).toContain("access.deny");
    expect(await change({ isDisabled: true })).toMatchObject({ status: 200 });
    expect(await ask("sessions", "GET", { cookie: other.cookie })).toMatchObject({ status: 401 });
  });

  it("is never the last admin's", async () => {
    const admin = await makePerson("admin");
    await db.pool().query("update access.person set role = 'viewer' where role = 'admin' and id <> $1", [admin.id]);
    const asked = { cookie: admin.cookie, json: { role: "viewer" }, params: { id: admin.id } };
    expect(await ask("person", "PATCH", asked)).toMatchObject({ status: 409 });
    expect(await ask("people", "GET", { cookie: admin.cookie })).toMatchObject({ status: 200 });
  });

  it("cannot be given to oneself: no body of sign-in names a role", async () => {
    const json = { email: "a@example.com", password: PASSWORD, role: "admin" };
    expect(await ask("session", "POST", { json })).toMatchObject({ status: 400 });
  });
});

describe("login CSRF", () => {
  it("is refused: another origin, the null origin, and a cookie that does not say where it comes from", async () => {
    const { cookie } = await makePerson("viewer");
    const json = { email: "a@example.com", password: PASSWORD };
    for (const origin of ["https://evil.example", "null"]) {
      expect(await ask("session", "POST", { json, headers: { origin } })).toMatchObject({ status: 403 });
    }
    const request = new Request(`${ORIGIN}/api/session`, {
      method: "DELETE",
      headers: { host: "ops.example.com", cookie },
    });
    const response = await routes.session.DELETE?.(request, { params: Promise.resolve({}) });
    expect(response?.status).toBe(403);
  });
});

describe("a stolen password", () => {
  it("is changed by who knows it, and every other session ends", async () => {
    const { cookie, email } = await makePerson("operator");
    const other = await ask("session", "POST", { json: { email, password: PASSWORD } });
    const change = (json: object) => ask("password", "PUT", { cookie, json });
    expect(await change({ current: "not this one", password: "another long secret" })).toMatchObject({ status: 403 });
    expect(await change({ current: PASSWORD, password: "another long secret" })).toMatchObject({ status: 200 });
    expect(await ask("sessions", "GET", { cookie: other.cookie })).toMatchObject({ status: 401 });
    expect(await ask("sessions", "GET", { cookie })).toMatchObject({ status: 200 });
  });
});
