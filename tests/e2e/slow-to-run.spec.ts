import { rmSync } from "node:fs";
import { startConsole, type TestConsole } from "../support/console";
import { expect, expectAccessible, test } from "../support/e2e";
import { OPERATION, REPOSITORY_URL, SERVICE, SLOW_ID, sendSlowShop, writeShopRunbooks } from "../support/slow-shop";

let root: string;
let ops: TestConsole;

test.beforeAll(async () => {
  test.setTimeout(180_000);
  root = writeShopRunbooks();
  ops = await startConsole({ env: { RUNBOOKS: `shop=${root}`, GITHUB_REPOSITORY_URL: REPOSITORY_URL } });
  await sendSlowShop(ops.otlpUrl);
});

test.afterAll(async () => {
  await ops?.stop();
  rmSync(root, { recursive: true, force: true });
});

/** A page's first answer on a machine that has more to do. */
const SLOWLY = { timeout: 20_000 };

test.beforeEach(() => test.setTimeout(90_000));

test("the site is slow: from the overview to the cause, the runbook and a run that is filled in", async ({ page }) => {
  await test.step("the overview leads to the slowest request", async () => {
    await page.goto(ops.url);
    await page.getByRole("link", { name: `slowest trace of ${OPERATION}` }).click(SLOWLY);
    await expect(page).toHaveURL(new RegExp(`/traces/${SLOW_ID}`), SLOWLY);
    await expect(page.getByRole("heading", { level: 1 })).toContainText(OPERATION);
  });
  const why = page.getByRole("region", { name: "Why it took so long" });
  await test.step("a sentence names the cause, as a sum", async () => {
    await expect(why).toContainText(/1\.3\d\ss = /, SLOWLY);
    await expect(why.getByRole("button", { name: /120 × .*SELECT items/ }).first()).toBeVisible();
    await expect(why.getByRole("list", { name: "Findings" })).toContainText("N+1");
  });
  await test.step("the runbook for this finding stands below it, and no other", async () => {
    const todo = page.getByRole("region", { name: "What to do" });
    await expect(todo).toContainText("Put out an N+1");
    await expect(todo).toContainText("Matches this finding");
    await expect(todo).not.toContainText("Calm a queue");
    await expectAccessible(page);
    await todo.getByRole("link", { name: "Start run, 4 filled in" }).click();
  });
  const dialog = page.getByRole("dialog", { name: "Start a run" });
  await test.step("the form has what the trace knows and asks for the rest", async () => {
    await expect(dialog.getByLabel("<trace-id>")).toHaveValue(SLOW_ID);
    await expect(dialog.getByLabel("<service>")).toHaveValue(SERVICE);
    await expect(dialog.getByLabel("<finding>")).toHaveValue("n-plus-one");
    await expect(dialog.getByLabel("<operation>")).toHaveValue("SELECT items");
    await expect(dialog.getByLabel("<branch>")).toHaveValue("");
    await expectAccessible(page);
    await dialog.getByLabel("Your name").fill("Asha");
    await dialog.getByLabel("<branch>").fill("fix; reboot");
    await dialog.getByRole("button", { name: "Start", exact: true }).click();
    await expect(dialog.getByRole("alert")).toHaveText("This value must match [a-z/-]+.");
    await expect(dialog.getByLabel("<branch>")).toBeFocused();
    await dialog.getByLabel("<branch>").fill("fix/basket");
    await dialog.getByRole("button", { name: "Start", exact: true }).click();
  });
  await test.step("the run shows the values, and its commands hold them", async () => {
    await expect(page).toHaveURL(/\/runs\/\d+$/, SLOWLY);
    await expect(page.getByRole("heading", { level: 1 })).toContainText(`SELECT items in ${SERVICE}`);
    const values = page.getByRole("term").filter({ hasText: "trace-id" }).locator("xpath=..");
    await expect(values).toContainText(SLOW_ID);
    await expect(page.getByRole("main")).toContainText("fix/basket");
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page
      .getByRole("article", { name: /^Step 1: / })
      .getByRole("button", { name: "Copy the code" })
      .click();
    const copied = () => page.evaluate(() => navigator.clipboard.readText());
    await expect.poll(copied).toBe(`curl -s http://127.0.0.1:3000/api/traces/${SLOW_ID}/findings`);
    await expectAccessible(page);
  });
  await test.step("a value with a space is shown, quoted, before it is copied", async () => {
    const step = page.getByRole("article", { name: /^Step 2: / });
    await step.getByRole("button", { name: "more of step 2" }).click();
    await expect(step).toContainText("grep -c 'SELECT items' log/shop-web.log");
    await step.getByRole("button", { name: "Check and copy" }).click();
    const check = page.getByRole("dialog", { name: "Check the values of this command" });
    await expect(check).toContainText("SELECT items");
    await expectAccessible(page);
    await check.getByRole("button", { name: "Copy this" }).click();
    await expect(check).toBeHidden();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toBe("grep -c 'SELECT items' log/shop-web.log");
  });
});

test("a finding pressed shows its spans in the waterfall, and its address shows them again", async ({ page }) => {
  await page.goto(`${ops.url}/traces/${SLOW_ID}`);
  const finding = page.getByRole("list", { name: "Findings" }).getByRole("button", { name: /^Critical.*N\+1/ });
  await expect(page.getByRole("treegrid")).toBeVisible(SLOWLY);
  await finding.click();
  await expect(finding).toHaveAttribute("aria-pressed", "true");
  await expect(page).toHaveURL(/finding=n-plus-one/);
  const selected = page.getByRole("treegrid").getByRole("row", { selected: true });
  await expect(selected).toContainText("SELECT items");
  await expect(selected).toBeInViewport();
  await test.step("the clause of the sentence is pressed with it", async () => {
    const clause = page
      .getByRole("region", { name: "Why it took so long" })
      .getByRole("button", { name: /SELECT items/ })
      .first();
    await expect(clause).toHaveAttribute("aria-pressed", "true");
  });
  await page.goto(page.url().replace(/&?(?:span|row|as)=[^&]*/g, ""));
  await expect(finding).toHaveAttribute("aria-pressed", "true", SLOWLY);
  await expect(
    page
      .getByRole("treegrid")
      .getByRole("row", { name: /SELECT items/ })
      .first(),
  ).toHaveClass(/wf-lit/, SLOWLY);
  await finding.click();
  await expect(finding).toHaveAttribute("aria-pressed", "false");
  await expect(page).not.toHaveURL(/finding=/);
});

test("the report goes out as Markdown, and as the draft of an issue", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto(`${ops.url}/traces/${SLOW_ID}`);
  await expect(page.getByRole("list", { name: "Findings" })).toContainText("N+1", SLOWLY);
  await test.step("copied, the report has verdict, sum, findings and a link back", async () => {
    await page.getByRole("button", { name: "Copy report" }).click();
    await expect(page.getByRole("button", { name: "Copied" })).toBeVisible();
    const report = await page.evaluate(() => navigator.clipboard.readText());
    const lines = report.split("\n");
    expect(lines[0]).toMatch(/^## GET \/baskets\/:id took 1\.3\d\ss$/);
    expect(report).toContain(`[Open the trace](${ops.url}/traces/${SLOW_ID})`);
    expect(report).toContain("| Where the time went | This request | N+1 fixed |");
    expect(report).toMatch(/\| critical \| \*\*N\+1\*\* `SELECT items` of `shop-web`: /);
    expect(report).toContain(`- Trace \`${SLOW_ID}\` of \`${SERVICE}\``);
    expect(report).toContain("- release: v7");
  });
  await test.step("the draft opens GitHub's own form with title and report, in a tab that cannot reach back", async () => {
    await context.route("https://github.com/**", (route) => route.fulfill({ body: "GitHub" }));
    const [draft] = await Promise.all([
      context.waitForEvent("page"),
      page.getByRole("button", { name: "Draft issue" }).click(),
    ]);
    const url = new URL(draft.url());
    expect(`${url.origin}${url.pathname}`).toBe(`${REPOSITORY_URL}/issues/new`);
    expect(url.searchParams.get("title")).toMatch(/^GET \/baskets\/:id took 1\.3\d\ss$/);
    expect(url.searchParams.get("body")).toContain(`/traces/${SLOW_ID}`);
    expect(await draft.evaluate(() => window.opener)).toBeNull();
  });
});

test("a name that somebody chose to run as a command is shown for what it is and runs nothing", async ({
  page,
  context,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const hostile = "x'; touch /tmp/hurt; $(reboot) `id`";
  const params = { operation: hostile, service: "../../etc/passwd", branch: "main", "trace-id": "-rf" };
  const started = await page.request.post(`${ops.url}/api/runs`, { data: { runbookId: "shop/n-plus-one", params } });
  await page.goto(`${ops.url}/runs/${(await started.json()).run.id}`);
  const step = page.getByRole("article", { name: /^Step 2: / });
  await step.getByRole("button", { name: "more of step 2" }).click();
  await step.getByRole("button", { name: "Check and copy" }).click();
  const check = page.getByRole("dialog", { name: "Check the values of this command" });
  await expect(check).toContainText("has characters that a program may act on, and is quoted here");
  await expect(check).toContainText("leads out of a folder");
  await check.getByRole("button", { name: "Copy this" }).click();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toBe("grep -c 'x'\\''; touch /tmp/hurt; $(reboot) `id`' log/../../etc/passwd.log");
  await test.step("an address cannot bring what cannot be seen, and the console refuses to keep it", async () => {
    await page.goto(`${ops.url}/runbooks/shop/n-plus-one?start&service=web%E2%80%AEhs.exe&operation=a%0Ab`);
    await expect(page.getByRole("dialog").getByLabel("<service>")).toHaveValue("", SLOWLY);
    await expect(page.getByRole("dialog").getByLabel("<operation>")).toHaveValue("");
    const data = { runbookId: "shop/n-plus-one", params: { branch: "main", service: "web\u202ehs.exe" } };
    const refused = await page.request.post(`${ops.url}/api/runs`, { data });
    expect(refused.status()).toBe(400);
    expect((await refused.json()).field).toBe("params.service");
  });
});

test("two releases beside each other lead to the commits between them and to the draft of an issue", async ({
  page,
}) => {
  const side = (version: string) =>
    encodeURIComponent(
      JSON.stringify({ service: SERVICE, operation: OPERATION, attributes: { "service.version": version } }),
    );
  await page.goto(`${ops.url}/traces/compare?a=${side("v6")}&b=${side("v7")}`);
  const commits = page.getByRole("link", { name: "Commits between" });
  await expect(commits).toHaveAttribute("href", `${REPOSITORY_URL}/compare/v6...v7`, SLOWLY);
  await expect(commits).toHaveAttribute("rel", /noopener/);
  await page.getByRole("button", { name: "Draft issue" }).click(SLOWLY);
  const draft = page.getByRole("dialog", { name: "Draft issue" }).getByRole("link", { name: "Open on GitHub" });
  const url = new URL((await draft.getAttribute("href")) ?? "");
  expect(`${url.origin}${url.pathname}`).toBe(`${REPOSITORY_URL}/issues/new`);
  expect(url.searchParams.get("title")).toBe(`${OPERATION}: v6 and v7`);
  expect(url.searchParams.get("body")).toContain("SELECT items");
  await expectAccessible(page);
  await page.goto(`${ops.url}/services/${SERVICE}`);
  await expect(page.getByRole("link", { name: "commits since v6" })).toHaveAttribute(
    "href",
    `${REPOSITORY_URL}/compare/v6...v7`,
    { timeout: 40_000 },
  );
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 360, height: 740 }, hasTouch: true });

  test("the way from the cause to a run has nothing to scroll sideways", async ({ page }) => {
    await page.goto(`${ops.url}/traces/${SLOW_ID}`);
    const todo = page.getByRole("region", { name: "What to do" });
    await expect(todo.getByRole("link", { name: /^Start run/ })).toBeVisible(SLOWLY);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await todo.getByRole("link", { name: /^Start run/ }).click();
    await expect(page.getByRole("dialog").getByLabel("<service>")).toHaveValue(SERVICE, SLOWLY);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  });
});
