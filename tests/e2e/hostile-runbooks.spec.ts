import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Page } from "@playwright/test";
import { startConsole, type TestConsole } from "../support/console";
import { expect, test } from "../support/e2e";
import { HOSTILE_CONTEXTS, HOSTILE_PAYLOADS, hostileRunbook } from "../support/hostile-runbooks";

let root: string;
let ops: TestConsole;

test.beforeAll(async () => {
  test.setTimeout(180_000);
  root = mkdtempSync(path.join(tmpdir(), "e2e-hostile-runbooks-"));
  chmodSync(root, 0o755);
  for (const context of HOSTILE_CONTEXTS) writeFileSync(path.join(root, `${context}.md`), hostileRunbook(context));
  writeFileSync(path.join(root, "values.md"), "# Values\n\n- [ ] Do `it <value>`\n\n  ```sh\n  it <value>\n  ```\n");
  ops = await startConsole({ env: { RUNBOOKS: `bad=${root}` } });
});

test.afterAll(async () => {
  await ops?.stop();
  rmSync(root, { recursive: true, force: true });
});

/** Every address a page asks for that is not the console's own. */
function watchLeaks(page: Page): string[] {
  const leaks: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(ops.url) && !request.url().startsWith("data:")) leaks.push(request.url());
  });
  page.on("dialog", (dialog) => {
    leaks.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return leaks;
}

/** Opens what can be opened, moves over and into what can be reached: some payloads wait for that. */
async function provoke(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const details of document.querySelectorAll("details")) details.open = true;
    for (const element of document.querySelectorAll<HTMLElement>("main *")) {
      for (const type of ["mouseover", "focus", "click", "toggle", "animationstart", "error", "load"]) {
        if (type !== "click" || element.closest("a, button, summary, label") === null)
          element.dispatchEvent(new Event(type));
      }
    }
  });
}

const wasHurt = (page: Page) => page.evaluate(() => "hurt" in globalThis);
const linkSchemes = (page: Page) =>
  page.evaluate(() => [
    ...new Set([...document.querySelectorAll<HTMLAnchorElement>("main a[href]")].map(({ protocol }) => protocol)),
  ]);

for (const context of HOSTILE_CONTEXTS) {
  test(`${HOSTILE_PAYLOADS.length} payloads as ${context}: nothing runs, nothing leaves`, async ({ page }) => {
    const leaks = watchLeaks(page);
    const id = `bad/${context}`;
    await expect
      .poll(async () => (await page.request.get(`${ops.url}/api/runbooks/${id}`)).status(), { timeout: 15_000 })
      .toBe(200);
    await page.goto(`${ops.url}/runbooks/${id}`);
    await expect(page.getByText("The end of the payloads.")).toBeVisible();
    await provoke(page);
    expect(await wasHurt(page)).toBe(false);
    expect(leaks).toEqual([]);
    expect((await linkSchemes(page)).filter((scheme) => !/^(?:https?|mailto):$/.test(scheme))).toEqual([]);
    expect(
      await page.evaluate(() =>
        [...document.querySelectorAll("main *")].flatMap((element) =>
          [...element.attributes].filter(({ name }) => name.startsWith("on")).map(({ name }) => name),
        ),
      ),
    ).toEqual([]);
  });
}

test("payloads as values and notes of a run, and in the library: nothing runs, nothing leaves", async ({ page }) => {
  const leaks = watchLeaks(page);
  const value = HOSTILE_PAYLOADS.join(" ").replace(/\s/g, " ").slice(0, 900).trim();
  const started = await page.request.post(`${ops.url}/api/runs`, {
    data: { runbookId: "bad/values", params: { value }, title: HOSTILE_PAYLOADS[0] },
  });
  expect(started.status()).toBe(201);
  const { run } = await started.json();
  const notes = [HOSTILE_PAYLOADS.slice(0, 30), HOSTILE_PAYLOADS.slice(30)].map((some) => some.join("\n\n"));
  for (const [sequence, text] of notes.entries()) {
    const data = { type: "note", text, idempotencyKey: `hostile-${sequence}`, expectedSequence: sequence + 1 };
    expect((await page.request.post(`${ops.url}/api/runs/${run.id}/events`, { data })).ok()).toBe(true);
  }
  for (const where of [`/runs/${run.id}`, "/runs", "/runbooks"]) {
    await page.goto(`${ops.url}${where}`);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await provoke(page);
    expect(await wasHurt(page)).toBe(false);
  }
  expect(leaks).toEqual([]);
});
