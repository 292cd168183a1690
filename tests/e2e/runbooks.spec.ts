import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Browser, Page } from "@playwright/test";
import { startConsole, type TestConsole } from "../support/console";
import { expect, expectAccessible, test } from "../support/e2e";

const DEPLOY = `# Deploy it

Read this first.

- [ ] Take the lock

  \`\`\`console
  $ kamal lock acquire -m <reason>
  locked
  \`\`\`

- [ ] Ship it
  - [ ] Watch the errors
- [ ] Release the lock
`;

const PAYLOADS = `# Payloads

<script>window.hurt = 1</script>
<img src=x onerror="window.hurt = 1">
<svg onload="window.hurt = 1"><a xlink:href="javascript:window.hurt=1">x</a></svg>
<iframe srcdoc="<script>parent.hurt = 1</script>"></iframe>
<details open ontoggle="window.hurt = 1">x</details>
[run](javascript:window.hurt=1) [data](data:text/html,<script>hurt</script>) <javascript:alert(1)>
[ref][r] ![pic](https://tracker.example/pixel.png) ![pic](javascript:window.hurt=1)

[r]: JaVaScRiPt:window.hurt=1 "t"

\`\`\`"><script>window.hurt=1</script>
code
\`\`\`

| <b onmouseover="window.hurt=1">a</b> | b |
|---|---|
| \`<img onerror=1>\` | x |

- [ ] Step <img src=x onerror="window.hurt=1"> [link](javascript:window.hurt=1)

<style>* { display: none }</style>
<form action="https://evil.example"><input name=x autofocus onfocus="window.hurt=1"></form>
`;

let root: string;
let ops: TestConsole;

test.beforeAll(async () => {
  test.setTimeout(180_000);
  root = mkdtempSync(path.join(tmpdir(), "e2e-runbooks-"));
  chmodSync(root, 0o755);
  mkdirSync(path.join(root, "local"));
  writeFileSync(path.join(root, "local/deploy.md"), DEPLOY);
  writeFileSync(path.join(root, "local/payloads.md"), PAYLOADS);
  const repository = path.join(root, "work");
  mkdirSync(path.join(repository, "runbooks"), { recursive: true });
  writeFileSync(path.join(repository, "runbooks/rotate.md"), "# Rotate keys\n\n1. Make a key\n2. Use it\n");
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", repository, "-c", "user.name=Priya", "-c", "user.email=p@x", ...args]);
  git("init", "-q", "-b", "main");
  git("add", "-A");
  git("commit", "-qm", "one");
  execFileSync("git", ["clone", "-q", "--bare", repository, path.join(root, "infra.git")]);
  ops = await startConsole({
    env: { RUNBOOKS: `local=${root}/local,infra=git+file://${root}/infra.git#main,gone=${root}/nowhere` },
  });
});

test.afterAll(async () => {
  await ops?.stop();
  rmSync(root, { recursive: true, force: true });
});

/** A person with a browser of their own. */
async function openAs(browser: Browser, name: string, where: string): Promise<Page> {
  const context = await browser.newContext();
  await context.addCookies([{ name: "ops-name", value: encodeURIComponent(name), url: ops.url }]);
  const page = await context.newPage();
  await page.goto(`${ops.url}${where}`);
  return page;
}

async function startRun(page: Page): Promise<string> {
  const reply = await page.request.post(`${ops.url}/api/runs`, { data: { runbookId: "local/deploy" } });
  expect(reply.status()).toBe(201);
  return (await reply.json()).run.id;
}

const tickOf = (page: Page, id: string) =>
  page.getByRole("checkbox", { name: new RegExp(`^Step ${id.replace(".", "\\.")}: `) });

test("runbooks of a folder and of git are listed, found and read; a broken source says so", async ({ page }) => {
  await page.goto(`${ops.url}/runbooks`);
  await expect(page.getByRole("link", { name: "Rotate keys" })).toBeVisible({ timeout: 15_000 });
  await expect(page.getByText("gone cannot be read.")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("searchbox", { name: "Search runbooks" }).fill("kamal lock");
  await expect(page.getByRole("link", { name: "Rotate keys" })).toBeHidden();
  await page.getByRole("link", { name: "Deploy it" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Deploy it" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Copy the code" })).toBeVisible();
  await expectAccessible(page);
});

test("a person starts a run from a runbook, follows it to the end and finds it in the history", async ({ page }) => {
  await page.goto(`${ops.url}/runbooks/local/deploy`);
  await page.getByRole("button", { name: "Start a run" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Your name").fill("Asha");
  await dialog.getByLabel("What this run is for").fill("Deploy 1.2");
  await dialog.getByLabel("<reason>").fill("release");
  await dialog.getByRole("button", { name: "Start", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Deploy 1.2" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Finish", exact: true })).toBeDisabled();
  await expectAccessible(page);
  await test.step("by keyboard: j finds the step, space ticks it", async () => {
    await page.keyboard.press("j");
    await expect(tickOf(page, "1")).toBeFocused();
    await page.keyboard.press("Space");
    await expect(tickOf(page, "1")).toHaveAttribute("aria-checked", "true");
  });
  await tickOf(page, "2").click();
  // What may be done stands at the present step: the ones below move once this one is settled.
  await expect(page.getByText("2 of 4 settled", { exact: true }).first()).toBeVisible();
  await tickOf(page, "2.1").click();
  await expect(page.getByText("3 of 4 settled", { exact: true }).first()).toBeVisible();
  await test.step("skipping asks why", async () => {
    await page.getByRole("button", { name: "Skip…" }).click();
    await page.getByLabel("Why is this step skipped?").fill("No lock was taken");
    await page.getByRole("button", { name: "Skip the step" }).click();
    await expect(page.getByText("“No lock was taken”").first()).toBeVisible();
  });
  await page.getByRole("button", { name: "Finish the run" }).click();
  await expect(page.getByText("Finished", { exact: true })).toBeVisible();
  await page.goto(`${ops.url}/runs?status=finished`);
  await expect(page.getByRole("link", { name: "Deploy 1.2" })).toBeVisible();
  await expectAccessible(page);
});

test("two people on one run see each other's ticks within a second, and a reload keeps them", async ({
  browser,
  page,
}) => {
  const id = await startRun(page);
  const asha = await openAs(browser, "Asha", `/runs/${id}`);
  const priya = await openAs(browser, "Priya", `/runs/${id}`);
  await expect(priya.getByRole("main").getByText("Connecting", { exact: true })).toBeHidden();
  await tickOf(asha, "1").click();
  await expect(tickOf(asha, "1")).toHaveAttribute("aria-checked", "true");
  await expect(tickOf(priya, "1")).toHaveAttribute("aria-checked", "true", { timeout: 1000 });
  await expect(priya.getByRole("article", { name: /^Step 1: / }).getByText("Asha")).toBeVisible();
  await tickOf(priya, "2").click();
  await expect(tickOf(asha, "2")).toHaveAttribute("aria-checked", "true", { timeout: 1000 });
  await priya.reload();
  await expect(tickOf(priya, "1")).toHaveAttribute("aria-checked", "true");
  await asha.context().close();
  await priya.context().close();
});

test("a tick made offline is shown as waiting, never as done, and loses to who was faster", async ({
  browser,
  page,
}) => {
  const id = await startRun(page);
  const asha = await openAs(browser, "Asha", `/runs/${id}`);
  const priya = await openAs(browser, "Priya", `/runs/${id}`);
  await expect(asha.getByRole("main").getByText("Connecting", { exact: true })).toBeHidden();
  await asha.context().setOffline(true);
  await tickOf(asha, "1").click();
  await expect(asha.getByText("waiting to be sent", { exact: true })).toBeVisible();
  await expect(tickOf(asha, "1")).toHaveAttribute("aria-checked", "mixed");
  await expect(asha.getByText("0 of 4 settled", { exact: true }).first()).toBeVisible();
  await tickOf(priya, "1").click();
  await expect(tickOf(priya, "1")).toHaveAttribute("aria-checked", "true");
  await asha.context().setOffline(false);
  await expect(asha.getByText(/Not taken: Step 1 was ticked by Priya/)).toBeVisible({ timeout: 15_000 });
  await expect(tickOf(asha, "1")).toHaveAttribute("aria-checked", "true", { timeout: 15_000 });
  const run = await (await page.request.get(`${ops.url}/api/runs/${id}`)).json();
  expect(run.events.map((event: { type: string; actor: string }) => `${event.type} ${event.actor}`)).toEqual([
    "start local",
    "tick Priya",
  ]);
  await asha.context().close();
  await priya.context().close();
});

test("a file that tries to run code shows its words and nothing else", async ({ page }) => {
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).host));
  const reply = await page.request.post(`${ops.url}/api/runs`, { data: { runbookId: "local/payloads" } });
  for (const where of ["/runbooks/local/payloads", `/runs/${(await reply.json()).run.id}`]) {
    await page.goto(`${ops.url}${where}`);
    await expect(page.getByRole("heading", { level: 1, name: "Payloads" })).toBeVisible();
    expect(await page.evaluate(() => "hurt" in globalThis)).toBe(false);
    const main = page.getByRole("main");
    for (const tag of [
      "script",
      "iframe",
      "img",
      "form",
      "style",
      "svg[onload]",
      "[onerror]",
      "[onload]",
      "[onfocus]",
    ]) {
      await expect(main.locator(tag)).toHaveCount(0);
    }
    const links = await main
      .locator("a")
      .evaluateAll((found) => found.map((link) => (link as HTMLAnchorElement).protocol));
    expect(links.filter((protocol) => protocol !== "http:" && protocol !== "https:")).toEqual([]);
  }
  expect(new Set(asked)).toEqual(new Set([new URL(ops.url).host]));
});

test("runbooks and runs fit a phone", async ({ browser }) => {
  const context = await browser.newContext({ viewport: { width: 360, height: 780 }, hasTouch: true, isMobile: true });
  const page = await context.newPage();
  const id = await startRun(page);
  for (const where of ["/runbooks", "/runbooks/local/deploy", "/runs", `/runs/${id}`]) {
    await page.goto(`${ops.url}${where}`);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  }
  await context.close();
});
