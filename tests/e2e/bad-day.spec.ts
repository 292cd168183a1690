import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { startConsole, type TestConsole } from "../support/console";
import { expect, expectAccessible, test } from "../support/e2e";
import { shoot } from "../support/shoot";
import { until } from "../support/until";

test.use({
  expectedErrors: /status of (500|502|503|504)|ERR_|Failed to load resource|database-away|Server Components/,
});

let ops: TestConsole;
let stopped: number[] = [];

test.beforeAll(async () => {
  test.setTimeout(180_000);
  ops = await startConsole();
  const startMs = Date.now() - 30_000;
  const spans = [0, 1, 2].map((no) => ({
    traceId: `bad${no}`.padEnd(32, "0"),
    spanId: `00000000000000a${no}`,
    name: "GET /basket",
    kind: 2,
    startTimeUnixNano: `${startMs + no}000000`,
    endTimeUnixNano: `${startMs + no + 40}000000`,
  }));
  const resource = { attributes: [{ key: "service.name", value: { stringValue: "basket-shop" } }] };
  const sent = await fetch(`${ops.otlpUrl}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans }] }] }),
  });
  expect(sent.status).toBe(200);
});

/** Stops them as a machine that hangs would: nothing is refused, nothing answers. */
function freeze(pids: number[]): void {
  for (const pid of pids) process.kill(pid, "SIGSTOP");
  stopped = pids;
}

function thaw(): void {
  for (const pid of stopped) process.kill(pid, "SIGCONT");
  stopped = [];
}

test.afterEach(thaw);
test.afterAll(async () => {
  thaw();
  await ops?.stop();
});

/** The database's own processes, its first and all that serve a connection. */
function postgresPids(): number[] {
  const files = readdirSync(ops.dataDir, { recursive: true }).map(String);
  const file = files.find((name) => path.basename(name) === "postmaster.pid") ?? "";
  const first = Number(readFileSync(path.join(ops.dataDir, file), "utf8").split("\n")[0]);
  const children = execFileSync("ps", ["-o", "pid=", "--ppid", String(first)], { encoding: "utf8" });
  return [first, ...children.split("\n").map(Number).filter(Boolean)];
}

test("the collector hangs: figures stay with their age, and nobody is told of a Jaeger", async ({ page, context }) => {
  test.setTimeout(150_000);
  const main = page.getByRole("main");
  await page.goto(`${ops.url}/traces`);
  await expect(main.getByRole("grid").getByText("GET /basket").first()).toBeVisible();
  const collector = (await ops.processes()).find(({ name }) => name === "collector");
  freeze([collector?.pid ?? 0]);
  await expect(main.getByRole("status").filter({ hasText: "newer traces are not read" })).toBeVisible({
    timeout: 60_000,
  });
  await expect(main.getByText("last heard")).toBeVisible();
  await expectAccessible(page);
  await shoot(page, "collector-traces");

  const services = await context.newPage();
  await services.goto(`${ops.url}/services`);
  await expect(services.getByRole("link", { name: "basket-shop" })).toBeVisible({ timeout: 30_000 });
  await expect(services.getByRole("status").filter({ hasText: "of what was read before" })).toBeVisible();
  await expect(services.getByRole("main")).not.toContainText("Jaeger");
  await expectAccessible(services);
  await shoot(services, "collector-services");

  // Our own answers come from the database and are of now; the source's age is the source's.
  const fresh = await context.newPage();
  await fresh.goto(`${ops.url}/traces`);
  await expect(fresh.getByRole("main").getByText("last heard")).toBeVisible({ timeout: 30_000 });
  const askedAt = Date.now();
  expect((await fetch(`${ops.url}/api/services`)).status).toBe(200);
  expect(Date.now() - askedAt).toBeLessThan(8000);
  await expect(page.getByRole("region", { name: "Database" })).toHaveCount(0);

  await page.goto(`${ops.url}/`);
  const headline = page.getByRole("heading", { level: 1 });
  await expect(headline).toHaveText(/^(Traces cannot be read since \d\d:\d\d: the console's own|The collector says)/, {
    timeout: 60_000,
  });
  await expect(main).not.toContainText(/Jaeger|asked again/);
  await shoot(page, "collector-overview");
});

test("the database hangs: pages opened afresh name it and since when, and come by themselves once it is back", async ({
  page,
  context,
}) => {
  test.setTimeout(180_000);
  const created = await fetch(`${ops.url}/api/runs`, {
    method: "POST",
    headers: { "content-type": "application/json", cookie: "ops-name=Asha" },
    body: JSON.stringify({ runbookId: "runbooks/slow-endpoint" }),
  });
  expect(created.status, await created.clone().text()).toBe(201);
  const { run } = await created.json();
  await until("the trace source is known again", async () => {
    const reply = await fetch(`${ops.url}/api/trace-source`);
    return (await reply.json()).state === "up";
  });
  freeze(postgresPids());
  const pages = await Promise.all(
    [`/runs/${run.id}`, "/", "/runbooks", "/services", "/traces"].map(async (at) => {
      const opened = at === "/" ? page : await context.newPage();
      await opened.goto(`${ops.url}${at}`);
      return { at, opened };
    }),
  );
  for (const { at, opened } of pages) {
    const says =
      at === "/" ? opened.getByRole("heading", { level: 1 }) : opened.getByRole("region", { name: "Database" });
    await expect(says, at).toContainText("The database does not answer", { timeout: 60_000 });
    await expect(says, at).toContainText(at === "/" ? /since \d\d:\d\d/ : /last answer \d+\ss ago/);
    await expect(opened.getByRole("banner").getByText("Live", { exact: true }), at).toBeHidden();
    await expect(opened.locator("body"), at).not.toContainText(/trace source does not answer|Something unexpected/);
    await expect(opened.locator("body"), at).not.toContainText("still work");
    await shoot(opened, `database-${at.split("/")[1] || "overview"}`);
  }
  const runPage = pages[0]?.opened ?? page;
  await expect(runPage.getByRole("main").getByRole("alert")).toContainText("The database does not answer");
  thaw();
  await expect(runPage.getByRole("checkbox").first()).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole("heading", { level: 1 })).not.toContainText("database", { timeout: 30_000 });
  for (const { at, opened } of pages) {
    await expect(opened.getByRole("main").getByRole("alert"), at).toHaveCount(0, { timeout: 30_000 });
  }
});
